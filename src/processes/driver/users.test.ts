import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DriverState } from '../../messages/driver-central.ts';
import type { SupplyView, TicketView } from '../../messages/entities.ts';
import { centralToDriverExamples } from '../../messages/examples.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { createUsers, takeSupply, takeTicket, updateMe } from './users.ts';

const state: DriverState = {
  ...centralToDriverExamples['login-accepted'].state,
  openSupply: undefined,
  unreadTickets: [],
  history: [],
};
const supply: SupplyView = centralToDriverExamples['supply-updated'].supply;
const ticket: TicketView = centralToDriverExamples['ticket-issued'].ticket;

function setUp() {
  const fake = createFakeClock();
  const users = createUsers({
    clock: ioClockOf(fake),
    upstream: () => ({ isCentralReachable: true }),
    dataAtMs: () => fake.nowMs(),
  });
  const user = users.admit('token-1', fake.nowMs() + 10_000, state);
  return { fake, users, user };
}

test('a step of a supply replaces the older one, and a late older step changes nothing', () => {
  const { users, user } = setUp();
  takeSupply(user, { ...supply, version: 3, state: 'CHARGING' });
  takeSupply(user, { ...supply, version: 2, state: 'PREPARING' });
  assert.equal(user.me.openSupply?.state, 'CHARGING');
  users.stop();
});

test('a step never turns the live figures back', () => {
  const { users, user } = setUp();
  takeSupply(user, { ...supply, version: 3, energyWh: 500, amountCents: 12 });
  takeSupply(user, { ...supply, version: 4, state: 'ENDING', energyWh: 480, amountCents: 12 });
  assert.equal(user.me.openSupply?.energyWh, 500);
  assert.equal(user.me.openSupply?.state, 'ENDING');
  users.stop();
});

test('an ended supply leaves, an interrupted one frees the driver but stays in sight, a denied one says why', () => {
  const { users, user } = setUp();
  takeSupply(user, { ...supply, version: 3 });
  takeSupply(user, { ...supply, version: 4, state: 'INTERRUPTED' });
  assert.equal(user.me.openSupply, undefined);
  assert.equal(user.me.interruptedSupplies.length, 1);
  takeSupply(user, { ...supply, version: 5, state: 'ENDED', endReason: 'ENGINE_RESTART' });
  assert.equal(user.me.interruptedSupplies.length, 0);
  const other = {
    ...supply,
    supplyId: '0199b7f0-5e1a-7c3d-9f00-00000000a053',
    requestId: '3f0c6c1e-9b1d-4f5e-8b57-5f3d1c2a7b11',
  };
  updateMe(user, { pendingRequest: { requestId: other.requestId, cpId: 'CP001', sentAtMs: 1 } });
  takeSupply(user, { ...other, state: 'DENIED', refusal: { code: 'CP_BUSY' } });
  assert.equal(user.me.pendingRequest, undefined);
  assert.equal(user.me.lastRefusal?.refusal.code, 'CP_BUSY');
  users.stop();
});

test('a login that has run out is no longer good', () => {
  const { fake, users } = setUp();
  assert.ok(users.byToken('token-1'));
  fake.advance(10_001);
  assert.equal(users.byToken('token-1'), undefined);
  assert.equal(users.byDriver('USR001'), undefined);
  users.stop();
});

test('two browsers of one person share one picture, and the person stays until the last has left', () => {
  const { fake, users, user } = setUp();
  assert.equal(users.admit('token-2', fake.nowMs() + 10_000, state), user);
  users.dismiss('token-1');
  assert.equal(users.byDriver('USR001'), user);
  users.dismiss('token-2');
  assert.equal(users.byDriver('USR001'), undefined);
});

test('F-17: tickets are in the stream of whoever joins, and only the newest fifty stay there', () => {
  const { users, user } = setUp();
  for (let number = 1; number <= 60; number += 1) takeTicket(user, { ...ticket, ticketNumber: number });
  const numbers = Object.keys(user.feed.snapshot().collections.tickets ?? {}).map(Number);
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: 50 }, (_, index) => index + 11),
  );
  users.stop();
});

test('a page that was closed while its login was looked up is forgotten at once', () => {
  const { users, user } = setUp();
  const closed: number[] = [];
  const socketOf = (readyState: number) => ({
    ...{ readyState, bufferedAmount: 0, send: () => undefined, terminate: () => undefined, on: () => undefined },
    close: (code: number) => closed.push(code),
  });
  users.attach(user, 'token-1', socketOf(3));
  users.attach(user, 'token-1', socketOf(1));
  assert.equal(user.feed.viewerCount, 1);
  users.dismiss('token-1');
  assert.deepEqual(closed, [4401]);
  users.stop();
});
