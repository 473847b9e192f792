import { CircleX } from 'lucide-react';
import { useLocation } from 'wouter';
import { roughAge } from '../../shared/format.ts';
import { useServerNow } from '../../shared/live/live-store.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { useRefusalText } from '../../shared/ui/answer-text.ts';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { requestSupply } from '../actions.ts';
import parts from '../parts.module.css';
import { POINTS } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useCall } from '../use-call.ts';
import { dismissRefusal } from '../use-driver.ts';
import styles from './charge.module.css';
import type { ViewOf } from './charge-view.ts';

/** The request is on its way to Central. */
export function Pending({ view }: { view: ViewOf<'PENDING'> }) {
  const { t } = useDriverTexts();
  const nowMs = useServerNow();
  return (
    <p className={styles.waiting} role="status" data-testid="pending">
      <span className={styles.spinner} aria-hidden="true" />
      {t('driver.asking', { id: view.cpId, t: roughAge(nowMs - view.sentAtMs) })}
    </p>
  );
}

/** The answer was no: why, and what now. */
export function Refused({ view }: { view: ViewOf<'REFUSED'> }) {
  const { t } = useDriverTexts();
  const refusalText = useRefusalText();
  const [, navigate] = useLocation();
  const blockedBy = useBlockedReason(POINTS);
  const call = useCall();
  const { cpId } = view;
  return (
    <div role="alert" className={styles.refused} data-testid="refused">
      <p className={parts.big}>
        <CircleX size={28} aria-hidden="true" /> {refusalText(view.refusal)}
      </p>
      <div className={parts.row}>
        {cpId ? (
          <ActionButton
            testId="retry-request"
            isBusy={call.isBusy}
            blockedBy={blockedBy}
            onClick={() => void call.run(() => requestSupply(cpId))}
          >
            {t('common.retry')}
          </ActionButton>
        ) : null}
        <ActionButton
          variant="primary"
          testId="see-others"
          onClick={() => {
            dismissRefusal(view.atMs);
            navigate('/');
          }}
        >
          {t('driver.seeOthers')}
        </ActionButton>
      </div>
    </div>
  );
}
