import { BadgeCheck, KeyRound, type LucideIcon, Play, Square, Trash2, Zap } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import type { ApiAnswer } from '../../shared/api.ts';
import { errorText } from '../../shared/ui/answer-text.ts';
import { type Confirmation, ConfirmDialog } from '../../shared/ui/confirm-dialog.tsx';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { deletePoint, revokeKey, settleSupply } from '../orders.ts';
import { PANEL, useMay } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { useOrderConfirmation } from '../use-order-confirmation.tsx';

/** Something that may be ordered of one point; `blockedBy`: why not now. */
export type PointAction = {
  id: 'stop' | 'resume' | 'end-supply' | 'settle' | 'revoke-key' | 'delete-point';
  label: string;
  icon: LucideIcon;
  look?: 'primary' | 'danger';
  blockedBy?: string | undefined;
  run(): void;
};

type AtPoint = { point: PanelPoint; supply: PanelSupply | undefined };

/** What an administrator is asked before the key goes, the point goes, or an interrupted charge is closed without its engine. */
function useQuestions(onDeleted: () => void) {
  const { t } = useCentralTexts();
  const outcome = async (call: Promise<ApiAnswer<unknown>>, done: string): Promise<boolean> => {
    const answer = await call;
    say(answer.isOk ? 'good' : 'error', answer.isOk ? done : errorText(t, answer));
    return answer.isOk;
  };
  return {
    revoke: (id: string): Confirmation => ({
      title: t('central.ask.revokeTitle', { id }),
      body: t('central.ask.revokeBody'),
      verb: t('central.ask.revokeVerb'),
      isDanger: true,
      onConfirm: () => void outcome(revokeKey(id), t('central.done.revoked', { id })),
    }),
    remove: (id: string): Confirmation => ({
      title: t('central.ask.deleteTitle', { id }),
      body: t('central.ask.deleteBody'),
      verb: t('central.ask.deleteTitle', { id }),
      isDanger: true,
      typed: id,
      onConfirm: () =>
        void outcome(deletePoint(id), t('central.done.deleted', { id })).then((isOk) => {
          if (isOk) onDeleted();
        }),
    }),
    settle: ({ cpId, supplyId }: PanelSupply): Confirmation => ({
      title: t('central.ask.settleTitle', { id: cpId }),
      body: t('central.ask.settleBody'),
      verb: t('central.settle'),
      onConfirm: () => void outcome(settleSupply(supplyId), t('central.done.settled')),
    }),
  };
}

/**
 * All orders for one point, as this operator may give them at this moment: stop or resume, end its charge, settle an
 * interrupted one, key and removal; `dialog` asks before those that cost somebody something.
 */
export function usePointActions(onDeleted: () => void): { of(at: AtPoint): PointAction[]; dialog: ReactNode } {
  const { t } = useCentralTexts();
  const mayOrder = useMay('operator');
  const isAdmin = useMay('admin');
  const blockedBy = useBlockedReason(PANEL);
  const orders = useOrderConfirmation();
  const questions = useQuestions(onDeleted);
  const [question, setQuestion] = useState<Confirmation>();
  const orderActions = ({ point, supply }: AtPoint): PointAction[] => {
    const give = (kind: 'STOP' | 'RESUME' | 'END_SUPPLY') => () => orders.ask({ kind, points: [point] });
    const isHeld = point.reasons.includes('OPERATOR') || point.pendingReasons.includes('OPERATOR');
    const held: PointAction = isHeld
      ? { id: 'resume', label: t('central.order.RESUME'), icon: Play, look: 'primary', blockedBy, run: give('RESUME') }
      : { id: 'stop', label: t('central.order.STOP'), icon: Square, blockedBy, run: give('STOP') };
    if (!supply) return [held];
    if (supply.state === 'INTERRUPTED') {
      const run = () => setQuestion(questions.settle(supply));
      return [held, { id: 'settle', label: t('central.settle'), icon: BadgeCheck, blockedBy, run }];
    }
    const run = give('END_SUPPLY');
    return [held, { id: 'end-supply', label: t('central.order.END_SUPPLY'), icon: Zap, blockedBy, run }];
  };
  const adminActions = ({ point, supply }: AtPoint): PointAction[] => [
    {
      id: 'revoke-key',
      label: t('central.ask.revokeVerb'),
      icon: KeyRound,
      blockedBy: blockedBy ?? (point.keyState === 'NONE' ? t('central.key.NONE') : undefined),
      run: () => setQuestion(questions.revoke(point.cpId)),
    },
    {
      id: 'delete-point',
      label: t('central.delete'),
      icon: Trash2,
      look: 'danger',
      blockedBy: blockedBy ?? (supply ? t('error.code.SUPPLY_OPEN') : undefined),
      run: () => setQuestion(questions.remove(point.cpId)),
    },
  ];
  return {
    of: (at) => (mayOrder ? [...orderActions(at), ...(isAdmin ? adminActions(at) : [])] : []),
    dialog: (
      <>
        {orders.dialog}
        {question ? <ConfirmDialog ask={question} onClose={() => setQuestion(undefined)} /> : null}
      </>
    ),
  };
}
