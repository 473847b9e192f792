import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { BatchView } from '../../messages/batches.ts';
import type { TicketView } from '../../messages/entities.ts';
import type { DriverMe } from '../../messages/live-stream.ts';
import { useCollection, useEntity, useServerNow } from '../shared/live/live-store.ts';
import { type ChargeView, chargeView } from './charge/charge-view.ts';
import { ME } from './session.ts';

const STORAGE_KEY = 'ev.dismissedRefusalAtMs';
const dismissed = createStore(() => ({ atMs: Number(localStorage.getItem(STORAGE_KEY) ?? 0) }));

/** The reader has seen this refusal. */
export function dismissRefusal(atMs: number): void {
  localStorage.setItem(STORAGE_KEY, String(atMs));
  dismissed.setState({ atMs });
}

export function useMe(): DriverMe | undefined {
  return useEntity<DriverMe>(ME, 'me', 'me');
}

export function useTickets(): TicketView[] {
  return Object.values(useCollection<TicketView>(ME, 'tickets'));
}

/** The running batch and the last few, newest first. */
export function useBatches(): BatchView[] {
  return Object.values(useCollection<BatchView>(ME, 'batches')).sort((a, b) => b.createdAtMs - a.createdAtMs);
}

/** What the charge screen is about; undefined until the stream has spoken. */
export function useChargeView(): ChargeView | undefined {
  const me = useMe();
  const tickets = useTickets();
  const nowMs = useServerNow(5_000);
  const dismissedRefusalAtMs = useStore(dismissed, (state) => state.atMs);
  return me ? chargeView(me, tickets, { nowMs, dismissedRefusalAtMs }) : undefined;
}
