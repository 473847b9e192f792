import { bindsDriver, isOpen, type Supply } from '../domain/supply.ts';
import type { FakeDatabase } from './crash-model-database.ts';

/** A broken promise; the test prints seed and story. */
export class BrokenPromise extends Error {
  readonly code = 'BROKEN_PROMISE';
}

/** Throws unless the promise holds. */
export function promise(isKept: boolean, what: string, about?: unknown): void {
  if (!isKept) throw new BrokenPromise(about === undefined ? what : `${what}: ${JSON.stringify(about)}`);
}

/** What must be true after every single commit; `before` is the state that it replaces. */
export function checkDatabase(after: FakeDatabase, before: FakeDatabase): void {
  checkSlots(after);
  for (const supply of after.supplies.values()) {
    const old = before.supplies.get(supply.supplyId);
    if (old === supply) continue;
    checkRow(supply);
    checkTickets(after, supply);
    if (old !== undefined) checkStep(old, supply);
  }
  if (after.tickets.length !== before.tickets.length) checkWallets(after);
}

function checkSlots(database: FakeDatabase): void {
  const points = new Set<string>();
  const drivers = new Set<string>();
  const requests = new Set<string>();
  for (const supply of database.supplies.values()) {
    promise(!requests.has(supply.requestId), 'one supply a request', supply);
    requests.add(supply.requestId);
    if (!isOpen(supply)) continue;
    promise(!points.has(supply.cpId), 'one open supply a point', supply);
    points.add(supply.cpId);
    if (supply.driverId === null || !bindsDriver(supply)) continue;
    promise(!drivers.has(supply.driverId), 'one open supply a driver', supply);
    drivers.add(supply.driverId);
  }
}

function checkRow(supply: Supply): void {
  promise(isOpen(supply) === (supply.deadlineAtMs !== null), 'every open supply has a deadline, no closed one', supply);
  promise((supply.state === 'ENDED') === (supply.endReason !== null), 'a reason when ENDED only', supply);
  promise((supply.state === 'DENIED') === (supply.refusal !== null), 'a refusal when DENIED only', supply);
  const isWithoutEnergy = supply.endReason === 'PLUG_TIMEOUT' || supply.endReason === 'CANCELLED';
  promise(!isWithoutEnergy || supply.energyWh === 0, 'PLUG_TIMEOUT and CANCELLED have 0 Wh', supply);
}

function checkTickets(database: FakeDatabase, supply: Supply): void {
  const tickets = database.tickets.filter((ticket) => ticket.supplyId === supply.supplyId);
  const firsts = tickets.filter((ticket) => !ticket.isCorrective);
  promise(firsts.length === (supply.state === 'ENDED' ? 1 : 0), 'exactly one first ticket for ENDED, none else', {
    supply,
    tickets,
  });
  promise(tickets.length <= 2, 'at most one correction', tickets);
  const last = tickets.at(-1);
  if (last === undefined) return;
  promise(
    last.energyWh === supply.energyWh && last.amountCents === supply.amountCents && last.endReason === supply.endReason,
    'the last ticket says what the supply says',
    { supply, last },
  );
}

function checkStep(old: Supply, supply: Supply): void {
  promise(isOpen(old) || !isOpen(supply), 'a closed supply stays closed', { old, supply });
  promise(supply.version >= old.version, 'versions grow', { old, supply });
  promise(old.state === supply.state || supply.version > old.version, 'a change of state is a new version', supply);
}

function checkWallets(database: FakeDatabase): void {
  const owed = new Map<string, number>();
  for (const supply of database.supplies.values()) {
    if (supply.driverId === null || supply.amountCents === null) continue;
    owed.set(supply.driverId, (owed.get(supply.driverId) ?? 0) - supply.amountCents);
  }
  for (const [driverId, cents] of owed) {
    promise(database.walletCents.get(driverId) === cents, 'the wallet paid each supply once', { driverId, cents });
  }
}
