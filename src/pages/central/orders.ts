import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { NewPoint, OrderKind, PointCreated } from '../../messages/central-api.ts';
import type { PanelOrder } from '../../messages/live-stream.ts';
import type { PointEdit } from '../../messages/registry-api.ts';
import { type ApiAnswer, callApi, newRequestId } from '../shared/api.ts';
import { mergeOrderRows } from './order-rows.ts';

/** The order whose results are on the screen: what the answer said, until the stream knows better. */
export type ShownOrder = {
  orderId: string;
  kind: OrderKind;
  isSending: boolean;
  items: readonly PanelOrder[];
  problem?: Extract<ApiAnswer<never>, { isOk: false }> | undefined;
  target: { cpIds?: readonly string[]; isForAll?: boolean };
  /** Given without a question: the reader may take it back for a moment instead (ux 2.5). */
  isUndoable?: boolean;
};

/** The order on the screen outlives a reload of its window; its results are the server's. */
const STORAGE_KEY = 'ev.order';
type Kept = Pick<ShownOrder, 'orderId' | 'kind' | 'target'>;

const shown = createStore<{ order: ShownOrder | undefined }>(() => ({ order: undefined }));

function keep(kept: Kept | undefined): void {
  if (kept) sessionStorage.setItem(STORAGE_KEY, JSON.stringify(kept));
  else sessionStorage.removeItem(STORAGE_KEY);
}

function readKept(): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('orderId' in kept)) return undefined;
    return kept as Kept;
  } catch {
    // Not ours: then there is no order to show.
    return undefined;
  }
}

/** Gives an order to some points or all; asking again with the same id is the same order. */
export async function giveOrder(
  kind: OrderKind,
  target: ShownOrder['target'],
  choice: { orderId?: string; isUndoable?: boolean } = {},
): Promise<void> {
  const { orderId = newRequestId(), isUndoable = false } = choice;
  shown.setState({ order: { orderId, kind, target, isUndoable, isSending: true, items: [] } });
  keep({ orderId, kind, target });
  const answer = await callApi<{ orderId: string; items: PanelOrder[] }>('POST', '/api/orders', {
    orderId,
    kind,
    ...target,
  });
  shown.setState(({ order }) => {
    if (order?.orderId !== orderId) return {};
    if (!answer.isOk) return { order: { ...order, isSending: false, problem: answer } };
    return { order: { ...order, isSending: false, items: answer.body.items } };
  });
}

/** Reads the shown order's results again: what the stream may have dropped, and all after a reload of the window. */
export async function refreshOrder(): Promise<void> {
  const known = shown.getState().order;
  const kept = known ?? readKept();
  if (!kept) return;
  const answer = await callApi<{ items: PanelOrder[] }>('GET', `/api/orders/${kept.orderId}`);
  const now = shown.getState().order;
  if (now?.orderId !== known?.orderId) return;
  if (answer.isOk)
    shown.setState({
      order: { ...(now ?? kept), isSending: false, items: answer.body.items, problem: undefined },
    });
  else if (answer.status === 404 && !now) keep(undefined);
}

export function closeOrder(): void {
  keep(undefined);
  shown.setState({ order: undefined });
}

/** The shown order with the newest of each point's result. */
export function useShownOrder(live: Readonly<Record<string, PanelOrder>>): ShownOrder | undefined {
  const order = useStore(shown, (state) => state.order);
  if (!order) return undefined;
  return { ...order, items: mergeOrderRows(order.orderId, order.items, Object.values(live)) };
}

export function addPoint(point: NewPoint): Promise<ApiAnswer<PointCreated>> {
  return callApi('POST', '/api/charging_points', point);
}

/** Corrects what a point is said to be; refused if somebody else was faster (`revision`). */
export function editPoint(cpId: string, edit: PointEdit): Promise<ApiAnswer<unknown>> {
  return callApi('PATCH', `/api/charging_points/${cpId}`, edit);
}

export function deletePoint(cpId: string): Promise<ApiAnswer<unknown>> {
  return callApi('DELETE', `/api/charging_points/${cpId}`);
}

export function revokeKey(cpId: string): Promise<ApiAnswer<unknown>> {
  return callApi('POST', `/api/charging_points/${cpId}/revoke-key`);
}

/** Closes an interrupted supply from its last known figures. */
export function settleSupply(supplyId: string): Promise<ApiAnswer<{ ticketNumber: number }>> {
  return callApi('POST', `/api/supplies/${supplyId}/settle`);
}
