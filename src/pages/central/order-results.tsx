import { CircleCheck, CircleX, Clock, RotateCcw, X } from 'lucide-react';
import type { PanelOrder } from '../../messages/live-stream.ts';
import { duration } from '../shared/format.ts';
import { hasText } from '../shared/i18n.ts';
import { useCollection, useServerNow } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { FormError } from '../shared/ui/field.tsx';
import { SCROLLED_BY_KEYS } from '../shared/ui/parts.tsx';
import styles from './central.module.css';
import panel from './order-results.module.css';
import { countOrderRows } from './order-rows.ts';
import { closeOrder, giveOrder, type ShownOrder, useShownOrder } from './orders.ts';
import { PANEL } from './session.ts';
import { type CentralKey, useCentralTexts } from './texts/use-texts.ts';

const ICONS = { SENT: Clock, APPLIED: CircleCheck, REFUSED: CircleX, TIMED_OUT: CircleX };

function ResultRow({ row }: { row: PanelOrder }) {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  const Icon = ICONS[row.state];
  const refusal = `refusal.${row.code ?? ''}`;
  const code = row.code ? (hasText(refusal) ? t(refusal as CentralKey) : row.code) : '';
  return (
    <tr data-testid={`result-${row.cpId}`} data-result={row.state}>
      <td>
        <strong>{row.cpId}</strong>
      </td>
      <td>
        <Icon size={16} aria-hidden="true" /> {t(`central.result.${row.state}`)} {code}
      </td>
      <td className={styles.number}>{duration((row.settledAtMs ?? nowMs) - row.orderedAtMs)}</td>
    </tr>
  );
}

function Retry({ order }: { order: ShownOrder }) {
  const { t } = useCentralTexts();
  const failed = order.items.filter((row) => row.state === 'REFUSED' || row.state === 'TIMED_OUT');
  if (order.problem)
    return (
      <ActionButton
        size="small"
        testId="order-retry"
        onClick={() => void giveOrder(order.kind, order.target, order.orderId)}
      >
        <RotateCcw size={14} aria-hidden="true" /> {t('common.retry')}
      </ActionButton>
    );
  if (failed.length === 0) return null;
  return (
    <ActionButton
      size="small"
      testId="order-retry-failed"
      onClick={() => void giveOrder(order.kind, { cpIds: failed.map((row) => row.cpId) })}
    >
      <RotateCcw size={14} aria-hidden="true" /> {t('central.retryFailed')}
    </ActionButton>
  );
}

/** What became of the last order, point by point. */
export function OrderResults() {
  const { t } = useCentralTexts();
  const order = useShownOrder(useCollection<PanelOrder>(PANEL, 'orders'));
  if (!order) return null;
  const counts = countOrderRows(order.items);
  return (
    <aside className={panel.results} aria-label={t('central.results')} data-testid="order-results">
      <div className={panel.resultsHead}>
        <strong>{t(`central.order.${order.kind}`)}</strong>
        <span role="status">
          {order.isSending
            ? t('central.sending')
            : t('central.progress', {
                done: counts.done,
                total: counts.total,
                applied: counts.applied,
                failed: counts.failed,
              })}
        </span>
        <ActionButton
          size="small"
          variant="quiet"
          label={t('common.close')}
          testId="results-close"
          onClick={closeOrder}
        >
          <X size={16} aria-hidden="true" />
        </ActionButton>
      </div>
      {counts.total > 0 ? <progress value={counts.done} max={counts.total} /> : null}
      {order.problem ? <FormError>{errorText(t, order.problem)}</FormError> : null}
      <div className={panel.resultsBody} {...SCROLLED_BY_KEYS}>
        <table className={styles.table}>
          <tbody>
            {order.items.map((row) => (
              <ResultRow key={row.cpId} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      <Retry order={order} />
    </aside>
  );
}
