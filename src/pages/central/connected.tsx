import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { PanelDriver, PanelModule } from '../../messages/live-stream.ts';
import { roughAge } from '../shared/format.ts';
import { hasText } from '../shared/i18n.ts';
import { useCollection, useServerNow, useUpstream } from '../shared/live/live-store.ts';
import { Card, Empty } from '../shared/ui/parts.tsx';
import styles from './central.module.css';
import { isModuleUp } from './module-health.ts';
import { PANEL } from './session.ts';
import { type CentralKey, useCentralTexts } from './texts/use-texts.ts';

function Drivers() {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  const drivers = Object.values(useCollection<PanelDriver>(PANEL, 'drivers')).sort((a, b) =>
    a.driverId.localeCompare(b.driverId),
  );
  return (
    <Card testId="drivers" label={t('central.drivers.title')}>
      <h2 className={styles.cardTitle}>
        {t('central.drivers.title')} <span className="muted">{drivers.length}</span>
      </h2>
      {drivers.length === 0 ? <Empty>{t('central.drivers.empty')}</Empty> : null}
      <ul className={styles.connected}>
        {drivers.map((driver) => (
          <li key={driver.driverId} data-testid={`driver-${driver.driverId}`}>
            <strong>{driver.driverId}</strong>
            <span className="muted">
              {t('central.drivers.via', { via: driver.via, t: roughAge(nowMs - driver.sinceMs) })}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Modules() {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  const modules = Object.values(useCollection<PanelModule>(PANEL, 'modules')).sort((a, b) =>
    a.moduleId.localeCompare(b.moduleId),
  );
  const isReachable = useUpstream(PANEL)?.isCentralReachable ?? true;
  const kindOf = (module: PanelModule) =>
    hasText(`central.kind.${module.kind}`) ? t(`central.kind.${module.kind}` as CentralKey) : module.kind;
  return (
    <Card testId="modules" label={t('central.modules.title')}>
      <h2 className={styles.cardTitle} id="modules">
        {t('central.modules.title')}
      </h2>
      {modules.length === 0 ? <Empty>{t('common.loading')}</Empty> : null}
      <ul className={styles.connected}>
        {modules.map((module) => {
          const isUp = isModuleUp(module, isReachable);
          const Icon = isUp ? CircleCheck : TriangleAlert;
          return (
            <li key={module.moduleId} data-up={isUp} data-testid={`module-${module.moduleId}`}>
              <Icon size={16} aria-hidden="true" />
              <strong>{module.moduleId}</strong>
              <span className="muted">
                {kindOf(module)} · {isUp ? t('central.modules.up') : t('central.modules.lost')}
                {module.seenAtMs && !isUp ? ` · ${t('common.ago', { t: roughAge(nowMs - module.seenAtMs) })}` : ''}
                {module.detail ? ` · ${module.detail}` : ''}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

/** Who and what is connected: drivers by id only, and the health of every part. */
export function Connected() {
  return (
    <>
      <Drivers />
      <Modules />
    </>
  );
}
