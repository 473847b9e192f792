import type { Refusal } from '../../../domain/refusal.ts';
import type { EndReason } from '../../../domain/vocabulary.ts';
import type { TicketView } from '../../../messages/entities.ts';
import type { DriverMe } from '../../../messages/live-stream.ts';

/** One line of the driver's own messages; made from what the server keeps, so it is the same after a reload and on another phone. */
export type DriverMessage = { key: string; atMs: number; cpId: string } & (
  | { kind: 'REQUESTED' | 'AUTHORISED' | 'PLUGGED' | 'INTERRUPTED' }
  | { kind: 'REFUSED'; refusal: Refusal }
  | { kind: 'TICKET'; ticketNumber: number; endReason: EndReason; amountCents: number }
);

const MAX_MESSAGES = 50;

/** Newest first. */
export function driverMessages(me: DriverMe, tickets: readonly TicketView[]): DriverMessage[] {
  const messages: DriverMessage[] = tickets.map((ticket) => ({
    key: `ticket ${ticket.ticketNumber}`,
    kind: 'TICKET',
    atMs: ticket.issuedAtMs,
    cpId: ticket.cpId,
    ticketNumber: ticket.ticketNumber,
    endReason: ticket.endReason,
    amountCents: ticket.amountCents,
  }));
  for (const supply of [...(me.openSupply ? [me.openSupply] : []), ...me.interruptedSupplies]) {
    const { cpId, supplyId } = supply;
    const add = (kind: 'REQUESTED' | 'AUTHORISED' | 'PLUGGED' | 'INTERRUPTED', atMs: number | undefined) => {
      if (atMs !== undefined) messages.push({ key: `${kind} ${supplyId}`, kind, atMs, cpId });
    };
    add('REQUESTED', supply.requestedAtMs);
    add('AUTHORISED', supply.authorisedAtMs);
    add('PLUGGED', supply.pluggedAtMs);
    if (supply.state === 'INTERRUPTED') add('INTERRUPTED', supply.endedAtMs ?? supply.pluggedAtMs);
  }
  if (me.lastRefusal)
    messages.push({
      key: `refusal ${me.lastRefusal.atMs}`,
      kind: 'REFUSED',
      atMs: me.lastRefusal.atMs,
      cpId: me.lastRefusal.cpId ?? '',
      refusal: me.lastRefusal.refusal,
    });
  return messages.sort((a, b) => b.atMs - a.atMs).slice(0, MAX_MESSAGES);
}
