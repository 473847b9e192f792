import type { TicketView } from '../../messages/entities.ts';
import { newestFirst } from './charge-view.ts';

export type MonthGroup = { month: string; tickets: TicketView[]; energyWh: number; amountCents: number };

/** Tickets of the stream and of older pages, each once; the stream's copy wins (it knows what was read). */
export function mergeTickets(live: readonly TicketView[], older: readonly TicketView[]): TicketView[] {
  const byNumber = new Map([...older, ...live].map((ticket) => [ticket.ticketNumber, ticket]));
  return newestFirst([...byNumber.values()]);
}

/** Groups by the viewer's month; a corrected ticket counts no more, its correction does. */
export function groupByMonth(tickets: readonly TicketView[], monthOf: (atMs: number) => string): MonthGroup[] {
  const corrected = new Set(tickets.map((ticket) => ticket.correctsTicketNumber));
  const groups = new Map<string, MonthGroup>();
  for (const ticket of tickets) {
    const month = monthOf(ticket.endedAtMs);
    const group = groups.get(month) ?? { month, tickets: [], energyWh: 0, amountCents: 0 };
    groups.set(month, group);
    group.tickets.push(ticket);
    if (corrected.has(ticket.ticketNumber)) continue;
    group.energyWh += ticket.energyWh;
    group.amountCents += ticket.amountCents;
  }
  return [...groups.values()];
}
