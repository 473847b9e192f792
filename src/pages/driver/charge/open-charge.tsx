import { PlugZap, Square } from 'lucide-react';
import { useState } from 'react';
import type { PointCard, SupplyView } from '../../../messages/entities.ts';
import { duration } from '../../shared/format.ts';
import { useEntity, useServerNow } from '../../shared/live/live-store.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.tsx';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { stopSupply } from '../actions.ts';
import { Notice } from '../notice.tsx';
import { POINTS } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useCall } from '../use-call.ts';
import styles from './charge.module.css';
import type { ViewOf } from './charge-view.ts';
import { LiveFigures } from './live-figures.tsx';

function PlugIn({ supply }: { supply: SupplyView }) {
  const { t } = useDriverTexts();
  const nowMs = useServerNow();
  return (
    <div className={styles.plugIn}>
      <PlugZap size={64} aria-hidden="true" />
      <strong>{t('driver.plugIn')}</strong>
      {supply.plugDeadlineAtMs ? (
        <p data-testid="plug-countdown">
          <span className="muted">{t('driver.left')}</span>{' '}
          <span className={styles.countdown}>{duration(supply.plugDeadlineAtMs - nowMs)}</span>
        </p>
      ) : null}
    </div>
  );
}

function StopButton({ supply }: { supply: SupplyView }) {
  const { t } = useDriverTexts();
  const blockedBy = useBlockedReason(POINTS);
  const call = useCall();
  const [isAsking, setAsking] = useState(false);
  const isPlugged = supply.pluggedAtMs !== undefined;
  const stop = () => void call.run(() => stopSupply(supply.supplyId));
  if (supply.state === 'ENDING')
    return (
      <p className={styles.waiting} role="status" data-testid="closing">
        <span className={styles.spinner} aria-hidden="true" />
        {t('driver.closing')}
      </p>
    );
  return (
    <>
      <ActionButton
        variant={isPlugged ? 'danger' : 'plain'}
        size="large"
        testId={isPlugged ? 'stop-supply' : 'cancel-supply'}
        isBusy={call.isBusy}
        blockedBy={blockedBy ? (isPlugged ? t('driver.stopAtPoint') : blockedBy) : undefined}
        showsReason
        onClick={() => (isPlugged ? setAsking(true) : stop())}
      >
        <Square size={18} aria-hidden="true" /> {isPlugged ? t('driver.stop') : t('driver.cancelRequest')}
      </ActionButton>
      {isAsking ? (
        <ConfirmDialog
          ask={{
            title: t('driver.stopTitle'),
            body: t('driver.stopBody'),
            verb: t('driver.stop'),
            isDanger: true,
            onConfirm: stop,
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

/** A supply that Central holds: authorised, waiting for the plug, charging, closing. */
export function Open({ view }: { view: ViewOf<'OPEN'> }) {
  const { t } = useDriverTexts();
  const { supply } = view;
  const point = useEntity<PointCard>(POINTS, 'points', supply.cpId);
  const blockedBy = useBlockedReason(POINTS);
  return (
    <>
      {point?.state === 'DISCONNECTED' ? <Notice testId="no-supervision">{t('driver.noSupervision')}</Notice> : null}
      {blockedBy && supply.pluggedAtMs ? <Notice testId="keeps-running">{t('driver.keepsRunning')}</Notice> : null}
      {supply.state === 'REQUESTED' ? (
        <p className={styles.waiting} role="status">
          <span className={styles.spinner} aria-hidden="true" />
          {t('driver.askingPoint')}
        </p>
      ) : null}
      {supply.state === 'PREPARING' ? <PlugIn supply={supply} /> : null}
      {supply.pluggedAtMs ? (
        <LiveFigures supply={supply}>
          <StopButton supply={supply} />
        </LiveFigures>
      ) : (
        <StopButton supply={supply} />
      )}
    </>
  );
}
