import { useMemo } from 'react';
import { Link } from 'wouter';
import type { PanelDriver } from '../../../messages/live-stream.ts';
import { useCollection } from '../../shared/live/live-store.ts';
import { Card, Empty } from '../../shared/ui/parts.tsx';
import { PANEL } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './side.module.css';

const MAX_NAMED = 24;

/** Who is connected, by id only (D-15); more about them on their own page. */
export function ConnectedDrivers() {
  const { t } = useCentralTexts();
  const drivers = useCollection<PanelDriver>(PANEL, 'drivers');
  const ids = useMemo(() => [...new Set(Object.values(drivers).map((one) => one.driverId))].sort(), [drivers]);
  return (
    <Card testId="drivers" label={t('central.drivers.title')}>
      <div className={styles.cardHead}>
        <h2>
          {t('central.drivers.title')} <span className="muted">{ids.length}</span>
        </h2>
        <Link href="/conductores">{t('common.view')}</Link>
      </div>
      {ids.length === 0 ? <Empty>{t('central.drivers.empty')}</Empty> : null}
      <ul className={styles.connected}>
        {ids.slice(0, MAX_NAMED).map((driverId) => (
          <li key={driverId} data-testid={`driver-${driverId}`}>
            <strong>{driverId}</strong>
          </li>
        ))}
        {ids.length > MAX_NAMED ? <li>{t('system.andMore', { n: ids.length - MAX_NAMED })}</li> : null}
      </ul>
    </Card>
  );
}
