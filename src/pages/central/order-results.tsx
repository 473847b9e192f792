import { CircleCheck, CircleX, Clock, Download, RotateCcw, Undo2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
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
import { countOrderRows, orderCsv } from './order-rows.ts';
import { closeOrder, giveOrder, refreshOrder, type ShownOrder, useShownOrder } from './orders.ts';
import { PANEL, useOperator } from './session.ts';
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
        onClick={() => void giveOrder(order.kind, order.target, { orderId: order.orderId })}
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

/** Takes back what was ordered without a question, while its result is still in sight. */
function Undo({ order }: { order: ShownOrder }) {
  const { t } = useCentralTexts();
  const { kind, target } = order;
  if (!order.isUndoable || (kind !== 'STOP' && kind !== 'RESUME')) return null;
  if (order.items.length === 0 || order.items.some((row) => row.state !== 'APPLIED')) return null;
  return (
    <ActionButton
      size="small"
      testId="order-undo"
      onClick={() => void giveOrder(kind === 'STOP' ? 'RESUME' : 'STOP', target)}
    >
      <Undo2 size={14} aria-hidden="true" /> {t('central.undo')}
    </ActionButton>
  );
}

function ExportRows({ order }: { order: ShownOrder }) {
  const { t } = useCentralTexts();
  if (order.items.length < 2) return null;
  return (
    <a
      className={panel.link}
      href={`data:text/csv;charset=utf-8,${encodeURIComponent(orderCsv(order.items))}`}
      download={`order-${order.orderId}.csv`}
    >
      <Download size={14} aria-hidden="true" /> {t('nav.export')}
    </a>
  );
}

const REFRESH_EVERY_MS = 5_000;
const UNDO_FOR_MS = 6_000;

/** Results that do not come by the stream are asked for; a small order that went well leaves by itself. */
function useOrderLife(order: ShownOrder | undefined, isWatched: boolean): void {
  const isWaiting = order !== undefined && !order.isSending && order.items.some((row) => row.state === 'SENT');
  useEffect(() => {
    if (!isWaiting) return;
    const handle = setInterval(() => void refreshOrder(), REFRESH_EVERY_MS);
    return () => clearInterval(handle);
  }, [isWaiting]);
  const isDone =
    order?.isUndoable === true && order.items.length > 0 && order.items.every((row) => row.state === 'APPLIED');
  useEffect(() => {
    if (!isDone || isWatched) return;
    const handle = setTimeout(closeOrder, UNDO_FOR_MS);
    return () => clearTimeout(handle);
  }, [isDone, isWatched]);
}

/** What became of the last order, point by point; it outlives a reload. */
export function OrderResults() {
  const { t } = useCentralTexts();
  const operatorId = useOperator()?.operatorId;
  const order = useShownOrder(useCollection<PanelOrder>(PANEL, 'orders'));
  const [isWatched, setWatched] = useState(false);
  useOrderLife(order, isWatched);
  useEffect(() => {
    if (operatorId !== undefined) void refreshOrder();
  }, [operatorId]);
  if (!order || operatorId === undefined) return null;
  const counts = countOrderRows(order.items);
  return (
    <aside
      className={panel.results}
      aria-label={t('central.results')}
      data-testid="order-results"
      onPointerEnter={() => setWatched(true)}
      onPointerLeave={() => setWatched(false)}
      onFocus={() => setWatched(true)}
      onBlur={() => setWatched(false)}
    >
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
      <div className={panel.resultsFoot}>
        <Retry order={order} />
        <Undo order={order} />
        <ExportRows order={order} />
      </div>
    </aside>
  );
}
