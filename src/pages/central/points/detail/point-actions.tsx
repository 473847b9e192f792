import { BadgeCheck, KeyRound, Play, Square, Trash2, Zap } from 'lucide-react';
import { useState } from 'react';
import type { PanelPoint, PanelSupply } from '../../../../messages/live-stream.ts';
import type { ApiAnswer } from '../../../shared/api.ts';
import { ActionButton } from '../../../shared/ui/action-button.tsx';
import { errorText } from '../../../shared/ui/answer-text.ts';
import { type Confirmation, ConfirmDialog } from '../../../shared/ui/confirm-dialog.tsx';
import { useBlockedReason } from '../../../shared/ui/freshness-bar.tsx';
import { say } from '../../../shared/ui/toasts.tsx';
import { deletePoint, revokeKey, settleSupply } from '../../orders.ts';
import { PANEL, useMay } from '../../session.ts';
import { useCentralTexts } from '../../texts/use-texts.ts';
import { useOrderConfirmation } from '../../use-order-confirmation.tsx';
import styles from './detail.module.css';

type Props = { point: PanelPoint; supply: PanelSupply | undefined; onDeleted(): void };

/** Says how a call went; true if it went well. */
function useOutcome(): (call: Promise<ApiAnswer<unknown>>, done: string) => Promise<boolean> {
  const { t } = useCentralTexts();
  return async (call, done) => {
    const answer = await call;
    say(answer.isOk ? 'good' : 'error', answer.isOk ? done : errorText(t, answer));
    return answer.isOk;
  };
}

function AdminActions({ point, supply, onDeleted }: Props) {
  const { t } = useCentralTexts();
  const blockedBy = useBlockedReason(PANEL);
  const outcome = useOutcome();
  const [ask, setAsk] = useState<Confirmation>();
  const { cpId } = point;
  return (
    <>
      <ActionButton
        size="small"
        testId="revoke-key"
        blockedBy={blockedBy ?? (point.keyState === 'NONE' ? t('central.key.NONE') : undefined)}
        onClick={() =>
          setAsk({
            title: t('central.ask.revokeTitle', { id: cpId }),
            body: t('central.ask.revokeBody'),
            verb: t('central.ask.revokeVerb'),
            isDanger: true,
            onConfirm: () => void outcome(revokeKey(cpId), t('central.done.revoked', { id: cpId })),
          })
        }
      >
        <KeyRound size={16} aria-hidden="true" /> {t('central.ask.revokeVerb')}
      </ActionButton>
      <ActionButton
        size="small"
        variant="danger"
        testId="delete-point"
        blockedBy={blockedBy ?? (supply ? t('error.code.SUPPLY_OPEN') : undefined)}
        onClick={() =>
          setAsk({
            title: t('central.ask.deleteTitle', { id: cpId }),
            body: t('central.ask.deleteBody'),
            verb: t('central.ask.deleteTitle', { id: cpId }),
            isDanger: true,
            typed: cpId,
            onConfirm: () =>
              void outcome(deletePoint(cpId), t('central.done.deleted', { id: cpId })).then((isOk) => {
                if (isOk) onDeleted();
              }),
          })
        }
      >
        <Trash2 size={16} aria-hidden="true" /> {t('central.delete')}
      </ActionButton>
      {ask ? <ConfirmDialog ask={ask} onClose={() => setAsk(undefined)} /> : null}
    </>
  );
}

function SettleAction({ supply }: { supply: PanelSupply }) {
  const { t } = useCentralTexts();
  const blockedBy = useBlockedReason(PANEL);
  const outcome = useOutcome();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <ActionButton size="small" testId="settle" blockedBy={blockedBy} onClick={() => setAsking(true)}>
        <BadgeCheck size={16} aria-hidden="true" /> {t('central.settle')}
      </ActionButton>
      {isAsking ? (
        <ConfirmDialog
          ask={{
            title: t('central.ask.settleTitle', { id: supply.cpId }),
            body: t('central.ask.settleBody'),
            verb: t('central.settle'),
            onConfirm: () => void outcome(settleSupply(supply.supplyId), t('central.done.settled')),
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

/** Orders for one point: stop or resume, end its charge, settle an interrupted one, key and removal. */
export function PointActions(props: Props) {
  const { t } = useCentralTexts();
  const { point, supply } = props;
  const mayOrder = useMay('operator');
  const isAdmin = useMay('admin');
  const blockedBy = useBlockedReason(PANEL);
  const { ask, dialog } = useOrderConfirmation();
  if (!mayOrder) return <p className="muted">{t('central.signInToOrder')}</p>;
  const isHeld = point.reasons.includes('OPERATOR') || point.pendingReasons.includes('OPERATOR');
  return (
    <div className={styles.actions}>
      {isHeld ? (
        <ActionButton
          size="small"
          variant="primary"
          testId="resume"
          blockedBy={blockedBy}
          onClick={() => ask({ kind: 'RESUME', points: [point] })}
        >
          <Play size={16} aria-hidden="true" /> {t('central.order.RESUME')}
        </ActionButton>
      ) : (
        <ActionButton
          size="small"
          testId="stop"
          blockedBy={blockedBy}
          onClick={() => ask({ kind: 'STOP', points: [point] })}
        >
          <Square size={16} aria-hidden="true" /> {t('central.order.STOP')}
        </ActionButton>
      )}
      {supply && supply.state !== 'INTERRUPTED' ? (
        <ActionButton
          size="small"
          testId="end-supply"
          blockedBy={blockedBy}
          onClick={() => ask({ kind: 'END_SUPPLY', points: [point] })}
        >
          <Zap size={16} aria-hidden="true" /> {t('central.order.END_SUPPLY')}
        </ActionButton>
      ) : null}
      {supply?.state === 'INTERRUPTED' ? <SettleAction supply={supply} /> : null}
      {isAdmin ? <AdminActions {...props} /> : null}
      {dialog}
    </div>
  );
}
