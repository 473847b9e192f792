import { type ReactNode, useState } from 'react';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { roughAge } from '../../shared/format.ts';
import { useFormats } from '../../shared/i18n.ts';
import { useCollection, useEntity, useServerNow } from '../../shared/live/live-store.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Empty } from '../../shared/ui/parts.tsx';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { PANEL } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { PointActions } from './point-actions.tsx';
import styles from './points.module.css';

function Row({ name, children, testId }: { name: string; children: ReactNode; testId?: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </>
  );
}

function Facts({ point }: { point: PanelPoint }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  const age = (atMs: number) => t('common.ago', { t: roughAge(nowMs - atMs) });
  const lostText = point.lastSeenAtMs ? age(point.lastSeenAtMs) : t('common.never');
  const lastSeen = point.state === 'DISCONNECTED' ? lostText : t('central.facts.connectedNow');
  return (
    <dl className={styles.facts}>
      <Row name={t('central.facts.since')}>
        <span title={formats.dateTime(point.stateSinceMs)}>{age(point.stateSinceMs)}</span>
      </Row>
      {point.reasons.length > 0 ? (
        <Row name={t('central.facts.reasons')} testId="point-reasons">
          {point.reasons.map((reason) => t(`reason.${reason}`)).join(' · ')}
        </Row>
      ) : null}
      {point.pendingReasons.length > 0 ? (
        <Row name={t('central.willStop')}>
          {point.pendingReasons.map((reason) => t(`reason.${reason}`)).join(' · ')}
        </Row>
      ) : null}
      <Row name={t('central.facts.location')}>
        {point.address}, {point.city} ({point.country}) · {point.zone}
      </Row>
      <Row name={t('figure.price')}>{formats.price(point.priceE4PerKwh)}</Row>
      <Row name={t('figure.maxPower')}>{formats.power(point.maxPowerW)}</Row>
      <Row name={t('central.facts.lastSeen')}>{lastSeen}</Row>
      <Row name={t('central.facts.registration')} testId="point-registration">
        {point.isRegistered ? t('central.registered') : t('central.notRegistered')}
      </Row>
      <Row name={t('central.facts.key')} testId="point-key">
        {t(`central.key.${point.keyState}`)} {point.keyFingerprint ? <code>{point.keyFingerprint}</code> : null}
      </Row>
      {point.monitorAddress ? (
        <Row name={t('central.facts.monitor')}>
          <code>{point.monitorAddress}</code>
        </Row>
      ) : null}
      {(point.holdsSetBy ?? []).map((hold) => (
        <Row key={hold.kind} name={t(`reason.${hold.kind}`)}>
          {t('central.facts.setBy', { who: hold.setBy, when: formats.dateTime(hold.setAtMs) })}
        </Row>
      ))}
    </dl>
  );
}

/** All about one point, and the orders for it. */
export function PointDialog({ cpId, onClose }: { cpId: string; onClose(): void }) {
  const { t } = useCentralTexts();
  const [hasGone, setGone] = useState(false);
  const point = useEntity<PanelPoint>(PANEL, 'points', cpId);
  const supply = Object.values(useCollection<PanelSupply>(PANEL, 'supplies')).find((open) => open.cpId === cpId);
  if (hasGone && !point) return null;
  return (
    <Dialog title={cpId} onClose={onClose} testId="point-dialog">
      {point ? (
        <>
          <div>
            <StateBadge state={point.state} audience="panel" />
          </div>
          <PointActions
            point={point}
            supply={supply}
            onDeleted={() => {
              setGone(true);
              onClose();
            }}
          />
          <Facts point={point} />
        </>
      ) : (
        <Empty>{t('central.gone', { id: cpId })}</Empty>
      )}
    </Dialog>
  );
}
