import type { BatchOrder, BatchView } from '../../messages/batches.ts';
import type { TicketView } from '../../messages/entities.ts';
import { type ApiAnswer, callApi, newRequestId } from '../shared/api.ts';

/** Asks for a supply; the answer only says that the request is on its way, its steps come by the stream. */
export function requestSupply(cpId: string): Promise<ApiAnswer<{ requestId: string }>> {
  return callApi('POST', '/api/supplies', { cpId, requestId: newRequestId() });
}

/** Stops a charge, or cancels it before the plug. */
export function stopSupply(supplyId: string): Promise<ApiAnswer<unknown>> {
  return callApi('POST', `/api/supplies/${supplyId}/stop`);
}

/** Readings of the open supply so far: [second since the plug, W, Wh]. */
export function supplyCurve(supplyId: string): Promise<ApiAnswer<{ points: number[][] }>> {
  return callApi('GET', `/api/supplies/${supplyId}/curve`);
}

/** Starts the charges of a file: one charging point id a line. */
export function startBatch(text: string): Promise<ApiAnswer<BatchView>> {
  return callApi('POST', '/api/batches', { text });
}

export function orderBatch(batchId: string, order: BatchOrder): Promise<ApiAnswer<BatchView>> {
  return callApi('POST', `/api/batches/${batchId}/${order}`);
}

export function markTicketRead(ticketNumber: number): Promise<ApiAnswer<unknown>> {
  return callApi('POST', `/api/tickets/${ticketNumber}/read`);
}

export function olderTickets(before: number): Promise<ApiAnswer<{ tickets: TicketView[]; hasMore: boolean }>> {
  return callApi('GET', `/api/tickets?before=${before}`);
}
