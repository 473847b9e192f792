import type { Refusal } from '../../../domain/refusal.ts';
import type { SupplyView, TicketView } from '../../../messages/entities.ts';
import type { DriverMe } from '../../../messages/live-stream.ts';

/** What the charge screen is about now; made from the stream alone, so a reload at any step shows the same. */
export type ChargeView =
  | { kind: 'PENDING'; cpId: string; sentAtMs: number }
  | { kind: 'OPEN'; supply: SupplyView }
  | { kind: 'REFUSED'; refusal: Refusal; cpId: string | undefined; requestedAtMs: number | undefined; atMs: number }
  | { kind: 'TICKET'; ticket: TicketView; unreadCount: number }
  | { kind: 'INTERRUPTED'; supply: SupplyView }
  | { kind: 'NONE'; lastTicket: TicketView | undefined };

export type ViewOf<Kind extends ChargeView['kind']> = Extract<ChargeView, { kind: Kind }>;

/** An old refusal is no news any more. */
const REFUSAL_SHOWN_MS = 10 * 60_000;

export function newestFirst(tickets: readonly TicketView[]): TicketView[] {
  return [...tickets].sort((a, b) => b.ticketNumber - a.ticketNumber);
}

function newestOf(supplies: readonly SupplyView[]): SupplyView | undefined {
  return supplies.toSorted((a, b) => b.requestedAtMs - a.requestedAtMs)[0];
}

/** Most urgent first: a running charge, then the newest news: a refusal, an unread ticket or an interrupted charge. */
export function chargeView(
  me: DriverMe,
  tickets: readonly TicketView[],
  at: { nowMs: number; dismissedRefusalAtMs: number },
): ChargeView {
  if (me.pendingRequest) return { kind: 'PENDING', ...me.pendingRequest };
  if (me.openSupply) return { kind: 'OPEN', supply: me.openSupply };
  const sorted = newestFirst(tickets);
  const unread = sorted.filter((ticket) => ticket.readAtMs === undefined);
  const newest = unread[0];
  const { lastRefusal } = me;
  const isRefusalNews =
    lastRefusal !== undefined &&
    lastRefusal.atMs > at.dismissedRefusalAtMs &&
    at.nowMs - lastRefusal.atMs < REFUSAL_SHOWN_MS &&
    (newest === undefined || newest.issuedAtMs < lastRefusal.atMs);
  if (isRefusalNews) {
    const { refusal, cpId, requestedAtMs, atMs } = lastRefusal;
    return { kind: 'REFUSED', refusal, cpId, requestedAtMs, atMs };
  }
  const interrupted = newestOf(me.interruptedSupplies);
  // A ticket of before must not hide that the charge of now broke off (D-10).
  const isTicketNews = newest !== undefined && (!interrupted || newest.issuedAtMs > interrupted.requestedAtMs);
  if (isTicketNews) return { kind: 'TICKET', ticket: newest, unreadCount: unread.length };
  if (interrupted) return { kind: 'INTERRUPTED', supply: interrupted };
  return { kind: 'NONE', lastTicket: sorted[0] };
}

export const STEPS = ['REQUESTED', 'AUTHORISED', 'PLUGGED', 'CHARGING', 'TICKET'] as const;
export type StepName = (typeof STEPS)[number];
export type Step = { name: StepName; status: 'DONE' | 'NOW' | 'AHEAD' | 'FAILED'; atMs: number | undefined };

function step(name: StepName, status: Step['status'], atMs?: number): Step {
  return { name, status, atMs };
}

/** The five steps of a charge with the time of each that is done. */
export function stepsOf(view: ChargeView): Step[] {
  if (view.kind === 'NONE') return [];
  if (view.kind === 'PENDING')
    return [step('REQUESTED', 'NOW', view.sentAtMs), ...STEPS.slice(1).map((name) => step(name, 'AHEAD'))];
  if (view.kind === 'REFUSED')
    return [
      step('REQUESTED', 'DONE', view.requestedAtMs),
      step('AUTHORISED', 'FAILED', view.atMs),
      ...STEPS.slice(2).map((name) => step(name, 'AHEAD')),
    ];
  if (view.kind === 'TICKET') {
    const { ticket } = view;
    return [
      step('REQUESTED', 'DONE', ticket.requestedAtMs),
      step('AUTHORISED', 'DONE', ticket.authorisedAtMs),
      step('PLUGGED', ticket.pluggedAtMs ? 'DONE' : 'FAILED', ticket.pluggedAtMs),
      // Never plugged: it did not break off, it never began.
      step('CHARGING', ticket.pluggedAtMs ? 'DONE' : 'AHEAD', ticket.pluggedAtMs ? ticket.endedAtMs : undefined),
      step('TICKET', 'DONE', ticket.issuedAtMs),
    ];
  }
  return supplySteps(view.supply);
}

function supplySteps(supply: SupplyView): Step[] {
  const isAuthorised = supply.state !== 'REQUESTED';
  const isPlugged = supply.pluggedAtMs !== undefined;
  const isClosing = supply.state === 'ENDING' || supply.state === 'INTERRUPTED';
  return [
    step('REQUESTED', 'DONE', supply.requestedAtMs),
    step('AUTHORISED', isAuthorised ? 'DONE' : 'NOW', supply.authorisedAtMs),
    step('PLUGGED', isPlugged ? 'DONE' : isAuthorised && !isClosing ? 'NOW' : 'AHEAD', supply.pluggedAtMs),
    step('CHARGING', supply.state === 'INTERRUPTED' ? 'FAILED' : isPlugged ? (isClosing ? 'DONE' : 'NOW') : 'AHEAD'),
    step('TICKET', isClosing ? 'NOW' : 'AHEAD'),
  ];
}
