import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { useMe, useTickets } from '../use-driver.ts';
import { type DriverMessage, driverMessages } from './driver-messages.ts';

const SEEN_KEY = 'ev.messagesSeenAtMs';
const MUTED_KEY = 'ev.mutedMessages';
export const MESSAGE_KINDS = ['TICKET', 'REFUSED', 'INTERRUPTED', 'STEP'] as const;
/** What a driver may mute: the four steps of a charge are one kind. */
export type MessageKind = (typeof MESSAGE_KINDS)[number];

const store = createStore(() => ({
  seenAtMs: Number(localStorage.getItem(SEEN_KEY) ?? 0),
  muted: (localStorage.getItem(MUTED_KEY) ?? '').split(','),
}));

export function messageKind({ kind }: DriverMessage): MessageKind {
  return MESSAGE_KINDS.find((one) => one === kind) ?? 'STEP';
}

export function markMessagesSeen(atMs: number): void {
  if (atMs <= store.getState().seenAtMs) return;
  localStorage.setItem(SEEN_KEY, String(atMs));
  store.setState({ seenAtMs: atMs });
}

export function toggleMuted(kind: MessageKind): void {
  const { muted } = store.getState();
  const next = muted.includes(kind) ? muted.filter((one) => one !== kind) : [...muted, kind];
  localStorage.setItem(MUTED_KEY, next.join(','));
  store.setState({ muted: next });
}

export function useMuted(): readonly string[] {
  return useStore(store, (state) => state.muted);
}

/** The driver's messages without the muted kinds, newest first. */
export function useMessages(): { messages: DriverMessage[]; seenAtMs: number } {
  const me = useMe();
  const tickets = useTickets();
  const muted = useMuted();
  const seenAtMs = useStore(store, (state) => state.seenAtMs);
  const messages = me ? driverMessages(me, tickets).filter((message) => !muted.includes(messageKind(message))) : [];
  return { messages, seenAtMs };
}

/** How many came since the messages were last looked at, on this device. */
export function useNewMessages(): number {
  const { messages, seenAtMs } = useMessages();
  return messages.filter((message) => message.atMs > seenAtMs).length;
}
