import type { PanelOrder } from '../../messages/live-stream.ts';

/** Rows of one order: those of the answer, each replaced by the stream's once that is settled; by point. */
export function mergeOrderRows(
  orderId: string,
  answered: readonly PanelOrder[],
  live: readonly PanelOrder[],
): PanelOrder[] {
  const rows = new Map(answered.map((row) => [row.cpId, row]));
  for (const row of live) {
    if (row.orderId !== orderId) continue;
    const before = rows.get(row.cpId);
    if (!before || before.state === 'SENT') rows.set(row.cpId, row);
  }
  return [...rows.values()].sort((a, b) => a.cpId.localeCompare(b.cpId));
}

/** Results as CSV: ids, codes and times only, so no value needs quotes. */
export function orderCsv(rows: readonly PanelOrder[]): string {
  const lines = rows.map(({ cpId, kind, state, code, orderedAtMs, settledAtMs }) =>
    [
      cpId,
      kind,
      state,
      code ?? '',
      new Date(orderedAtMs).toISOString(),
      settledAtMs ? settledAtMs - orderedAtMs : '',
    ].join(),
  );
  return ['cpId,order,result,code,orderedAt,tookMs', ...lines, ''].join('\r\n');
}

export type OrderCounts = { done: number; total: number; applied: number; failed: number };

export function countOrderRows(rows: readonly PanelOrder[]): OrderCounts {
  const applied = rows.filter((row) => row.state === 'APPLIED').length;
  const failed = rows.filter((row) => row.state === 'REFUSED' || row.state === 'TIMED_OUT').length;
  return { done: applied + failed, total: rows.length, applied, failed };
}
