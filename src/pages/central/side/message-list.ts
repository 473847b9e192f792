import type { PanelMessage } from '../../../messages/live-stream.ts';

/** Which messages are shown: all, warnings and errors, errors. */
export const MESSAGE_FILTERS = ['ALL', 'WARN', 'ERROR'] as const;
export type MessageFilter = (typeof MESSAGE_FILTERS)[number];

const LEVELS: Readonly<Record<MessageFilter, readonly PanelMessage['level'][]>> = {
  ALL: ['info', 'warn', 'error'],
  WARN: ['warn', 'error'],
  ERROR: ['error'],
};

/** Messages of these levels, newest first; a repeated one stands where its newest repeat is. */
export function shownMessages(messages: readonly PanelMessage[], filter: MessageFilter): PanelMessage[] {
  return messages
    .filter(({ level }) => LEVELS[filter].includes(level))
    .sort((a, b) => b.atMs - a.atMs || b.messageId.localeCompare(a.messageId));
}

/** How many came after the list was held, repeats included. */
export function newSince(held: readonly PanelMessage[], now: readonly PanelMessage[]): number {
  const countOf = new Map(held.map(({ messageId, count }) => [messageId, count]));
  const newestMs = held[0]?.atMs ?? 0;
  return now.reduce((total, { messageId, count, atMs }) => {
    const known = countOf.get(messageId);
    if (known !== undefined) return total + count - known;
    return atMs >= newestMs ? total + count : total;
  }, 0);
}

/** Warnings and errors that came after this moment. */
export function unreadNotices(messages: readonly PanelMessage[], seenAtMs: number): number {
  return messages.filter(({ level, atMs }) => level !== 'info' && atMs > seenAtMs).length;
}
