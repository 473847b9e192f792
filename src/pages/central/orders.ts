import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { NewPoint, OrderKind, PointCreated } from '../../messages/central-api.ts';
import type { PanelOrder } from '../../messages/live-stream.ts';
import { type ApiAnswer, callApi, newRequestId } from '../shared/api.ts';
import { mergeOrderRows } from './order-rows.ts';

/** The order whose results are on the screen: what the answer said, until the stream knows better. */
export type ShownOrder = {
  orderId: string;
  kind: OrderKind;
  isSending: boolean;
  items: readonly PanelOrder[];
  problem?: Extract<ApiAnswer<never>, { isOk: false }>;
  target: { cpIds?: readonly string[]; isForAll?: boolean };
};

const shown = createStore<{ order: ShownOrder | undefined }>(() => ({ order: undefined }));

/** Gives an order to some points or all; asking again with the same id is the same order. */
export async function giveOrder(
  kind: OrderKind,
  target: ShownOrder['target'],
  orderId: string = newRequestId(),
): Promise<void> {
  shown.setState({ order: { orderId, kind, target, isSending: true, items: [] } });
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

export function closeOrder(): void {
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
