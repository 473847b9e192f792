import type { TicketView } from '../../../messages/entities.ts';
import { matchesSearch } from '../../shared/search-text.ts';
import { newestFirst } from '../charge/charge-view.ts';

export type MonthGroup = {
  month: string;
  tickets: TicketView[];
  /** Charges that count: a corrected ticket's correction stands for both. */
  count: number;
  energyWh: number;
  amountCents: number;
};

/** What a driver asked to see of the history. */
export type HistoryChoice = { search: string; kind: 'ALL' | 'CHARGED' | 'UNREAD' };
export const HISTORY_KINDS = ['ALL', 'CHARGED', 'UNREAD'] as const;

/** Tickets of the stream and of older pages, each once; the stream's copy wins (it knows what was read). */
export function mergeTickets(live: readonly TicketView[], older: readonly TicketView[]): TicketView[] {
  const byNumber = new Map([...older, ...live].map((ticket) => [ticket.ticketNumber, ticket]));
  return newestFirst([...byNumber.values()]);
}

/** `words` are what the page shows of a ticket beside its own fields: the date, the reason. */
export function chooseTickets(
  tickets: readonly TicketView[],
  choice: HistoryChoice,
  words: (ticket: TicketView) => string[],
): TicketView[] {
  return tickets.filter((ticket) => {
    if (choice.kind === 'CHARGED' && ticket.energyWh === 0) return false;
    if (choice.kind === 'UNREAD' && ticket.readAtMs !== undefined) return false;
    const fields = [ticket.cpId, ticket.address, String(ticket.ticketNumber), ...words(ticket)];
    return choice.search.trim() === '' || matchesSearch(choice.search.trim(), fields);
  });
}

/** Groups by the viewer's month; a corrected ticket counts no more, its correction does. */
export function groupByMonth(tickets: readonly TicketView[], monthOf: (atMs: number) => string): MonthGroup[] {
  const corrected = new Set(tickets.map((ticket) => ticket.correctsTicketNumber));
  const groups = new Map<string, MonthGroup>();
  for (const ticket of tickets) {
    const month = monthOf(ticket.endedAtMs);
    const group = groups.get(month) ?? { month, tickets: [], count: 0, energyWh: 0, amountCents: 0 };
    groups.set(month, group);
    group.tickets.push(ticket);
    if (corrected.has(ticket.ticketNumber)) continue;
    group.count += 1;
    group.energyWh += ticket.energyWh;
    group.amountCents += ticket.amountCents;
  }
  return [...groups.values()];
}
