import { addCurvePoint } from '../../domain/charging-curve.ts';
import type { Clock } from '../../io/clock.ts';
import { createLiveFeed, isStillOpen, type LiveFeed, type LiveSocket } from '../../io/live/live-feed.ts';
import type { CentralToDriver, DriverState } from '../../messages/driver-central.ts';
import type { SupplyView, TicketView } from '../../messages/entities.ts';
import type { DriverMe, Upstream } from '../../messages/live-stream.ts';

/** One person with at least one live login in this process. All of it comes from Central's snapshot: nothing is stored here. */
export type User = {
  readonly driverId: string;
  readonly tokens: Map<string, number>;
  readonly feed: LiveFeed;
  /** Tickets in the stream, oldest first. */
  readonly ticketNumbers: Set<number>;
  /** Readings of the open supply since this process has heard of it: [second since the plug, W, Wh]. */
  curve: { supplyId: string; points: number[][] } | undefined;
  /** Supplies that are over: an answer that was overtaken by the end opens none of them again. */
  readonly overSupplyIds: Set<string>;
  me: DriverMe;
};

export type Users = {
  byToken(token: string): User | undefined;
  byDriver(driverId: string): User | undefined;
  all(): Iterable<User>;
  /** A login, or a session presented again: the state of the person is replaced by Central's. */
  admit(token: string, expiresAtMs: number, state: DriverState): User;
  /** The token is no longer good; a person without tokens is forgotten. */
  dismiss(token: string): void;
  /** Its person signed out with this token: a snapshot that was on its way for it lets nobody in again. */
  signOut(token: string): void;
  isSignedOut(token: string): boolean;
  attach(user: User, token: string, socket: LiveSocket & { close(code: number, reason: string): void }): void;
  stop(): void;
};

type Reading = CentralToDriver['supply-readings']['readings'][number];

/** Tickets kept in a person's stream; older ones come through the history. */
const TICKETS_IN_STREAM = 50;
const OVER_REMEMBERED = 50;
/** An answer is waited for some seconds at most. */
const SIGN_OUTS_REMEMBERED = 1_000;

/** Puts a changed picture of the person into their stream. */
export function updateMe(user: User, change: Partial<DriverMe>): void {
  user.me = { ...user.me, ...change };
  user.feed.set('me', 'me', user.me);
}

/** Numbers of the tickets in a snapshot that the person has not read: their arrival is confirmed to Central. */
export function unreadNumbers(state: DriverState): number[] {
  return state.unreadTickets.map((ticket) => ticket.ticketNumber);
}

/** A supply as Central now says it is; an older version than the known one changes nothing. */
export function takeSupply(user: User, supply: SupplyView): void {
  const { openSupply, interruptedSupplies, pendingRequest } = user.me;
  const known = [openSupply, ...interruptedSupplies].find((one) => one?.supplyId === supply.supplyId);
  if (known && known.version > supply.version) return;
  const isOver = supply.state === 'ENDED' || supply.state === 'DENIED';
  if (isOver) rememberOver(user, supply.supplyId);
  else if (user.overSupplyIds.has(supply.supplyId)) return;
  const others = interruptedSupplies.filter((one) => one.supplyId !== supply.supplyId);
  const isOpen = !isOver && supply.state !== 'INTERRUPTED';
  const isOfOpen = openSupply?.supplyId === supply.supplyId;
  updateMe(user, {
    openSupply: isOpen ? withNewestReading(supply, openSupply) : isOfOpen ? undefined : openSupply,
    interruptedSupplies: supply.state === 'INTERRUPTED' ? [...others, supply] : others,
    pendingRequest: pendingRequest?.requestId === supply.requestId ? undefined : pendingRequest,
    // The line of a batch tells its own.
    ...(supply.refusal && supply.origin !== 'BATCH'
      ? {
          lastRefusal: {
            requestId: supply.requestId,
            cpId: supply.cpId,
            refusal: supply.refusal,
            requestedAtMs: supply.requestedAtMs,
            atMs: supply.endedAtMs ?? supply.requestedAtMs,
          },
        }
      : {}),
  });
}

function rememberOver({ overSupplyIds }: User, supplyId: string): void {
  overSupplyIds.add(supplyId);
  const [oldest] = overSupplyIds;
  if (oldest !== undefined && overSupplyIds.size > OVER_REMEMBERED) overSupplyIds.delete(oldest);
}

/** Readings run ahead of the supply's steps: a step never turns the figures back. */
function withNewestReading(supply: SupplyView, known: SupplyView | undefined): SupplyView {
  if (known?.supplyId !== supply.supplyId || known.energyWh <= supply.energyWh) return supply;
  return { ...supply, energyWh: known.energyWh, powerW: known.powerW, amountCents: known.amountCents };
}

/** The newest reading of the open supply; an older one changes nothing. */
export function takeReading(user: User, reading: Reading): void {
  const supply = user.me.openSupply;
  if (supply?.supplyId !== reading.supplyId || reading.energyWh < supply.energyWh) return;
  const { energyWh, powerW, amountCents, measuredAtMs } = reading;
  updateMe(user, { openSupply: { ...supply, energyWh, powerW, amountCents }, readingAtMs: measuredAtMs });
  const second = Math.max(0, Math.round((measuredAtMs - (supply.pluggedAtMs ?? measuredAtMs)) / 1_000));
  const points = user.curve?.supplyId === supply.supplyId ? user.curve.points : [];
  user.curve = { supplyId: supply.supplyId, points: addCurvePoint(points, [second, powerW, energyWh]) };
}

/** A ticket, new or known: shown until it is read. */
export function takeTicket(user: User, ticket: TicketView): void {
  user.feed.set('tickets', String(ticket.ticketNumber), ticket);
  user.ticketNumbers.delete(ticket.ticketNumber);
  user.ticketNumbers.add(ticket.ticketNumber);
  const [oldest] = user.ticketNumbers;
  if (oldest === undefined || user.ticketNumbers.size <= TICKETS_IN_STREAM) return;
  user.ticketNumbers.delete(oldest);
  user.feed.set('tickets', String(oldest), null);
}

function stateToMe(state: DriverState, before: DriverMe | undefined, expiresAtMs: number): DriverMe {
  return {
    driverId: state.driverId,
    balanceCents: state.balanceCents,
    ...(state.openSupply ? { openSupply: withNewestReading(state.openSupply, before?.openSupply) } : {}),
    interruptedSupplies: state.interruptedSupplies,
    ...(before?.pendingRequest && before.pendingRequest.requestId !== state.openSupply?.requestId
      ? { pendingRequest: before.pendingRequest }
      : {}),
    ...(before?.lastRefusal ? { lastRefusal: before.lastRefusal } : {}),
    sessionExpiresAtMs: Math.max(expiresAtMs, before?.sessionExpiresAtMs ?? 0),
  };
}

/** The people of this driver process, in memory only. */
export function createUsers(options: {
  clock: Clock;
  upstream: () => Upstream;
  dataAtMs: () => number;
  /** Central's state of a person is in: after a login, a restart, a renewed lease. */
  onAdmitted?(user: User, token: string): void;
}): Users {
  const users = new Map<string, User>();
  const tokens = new Map<string, User>();
  const signedOut = new Set<string>();
  const sockets = new Map<string, Set<{ close(code: number, reason: string): void }>>();

  const makeUser = (driverId: string, me: DriverMe): User => {
    const feed = createLiveFeed({ feed: 'me', ...options, beatMs: 1_000 });
    const user: User = {
      driverId,
      tokens: new Map(),
      feed,
      ticketNumbers: new Set(),
      overSupplyIds: new Set(),
      curve: undefined,
      me,
    };
    users.set(driverId, user);
    return user;
  };
  return {
    byToken(token) {
      const user = tokens.get(token);
      const expiresAtMs = user?.tokens.get(token) ?? 0;
      if (user && expiresAtMs <= options.clock.nowMs()) {
        this.dismiss(token);
        return undefined;
      }
      return user;
    },
    byDriver: (driverId) => users.get(driverId),
    all: () => users.values(),
    admit(token, expiresAtMs, state) {
      const before = users.get(state.driverId);
      const me = stateToMe(state, before?.me, expiresAtMs);
      const user = before ?? makeUser(state.driverId, me);
      user.tokens.set(token, expiresAtMs);
      tokens.set(token, user);
      user.me = me;
      user.feed.set('me', 'me', me);
      const newest = [...state.history, ...state.unreadTickets].sort((a, b) => b.ticketNumber - a.ticketNumber);
      for (const ticket of newest.slice(0, TICKETS_IN_STREAM).reverse()) takeTicket(user, ticket);
      options.onAdmitted?.(user, token);
      return user;
    },
    dismiss(token) {
      const user = tokens.get(token);
      tokens.delete(token);
      for (const socket of sockets.get(token) ?? []) socket.close(4401, 'LOGIN_REQUIRED');
      sockets.delete(token);
      user?.tokens.delete(token);
      if (!user || user.tokens.size > 0) return;
      user.feed.stop();
      users.delete(user.driverId);
    },
    signOut(token) {
      signedOut.add(token);
      const [oldest] = signedOut;
      if (oldest !== undefined && signedOut.size > SIGN_OUTS_REMEMBERED) signedOut.delete(oldest);
      this.dismiss(token);
    },
    isSignedOut: (token) => signedOut.has(token),
    attach(user, token, socket) {
      if (!isStillOpen(socket)) return;
      const own = sockets.get(token) ?? new Set();
      sockets.set(token, own.add(socket));
      socket.on('close', () => own.delete(socket));
      user.feed.attach(socket);
    },
    stop() {
      for (const user of users.values()) user.feed.stop();
      users.clear();
      tokens.clear();
    },
  };
}
