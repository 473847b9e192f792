import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BatchLine } from '../../domain/batch.ts';
import type { BatchView } from '../../messages/batches.ts';
import { driverMe, pointCard, supplyView, testUuid, ticketView } from '../testing/scenes.ts';
import { batchCounts, batchCsv } from './batch/batch-summary.ts';
import { chargeView, stepsOf } from './charge/charge-view.ts';
import { driverMessages } from './more/driver-messages.ts';
import {
  choiceFromParams,
  choosePoints,
  FIRST_CHOICE,
  type PointChoice,
  paramsOfChoice,
} from './points/point-choice.ts';
import { chooseTickets, groupByMonth, type HistoryChoice, mergeTickets } from './tickets/history.ts';

const nowMs = Date.now();
const at = { nowMs, dismissedRefusalAtMs: 0 };
const statuses = (view: ReturnType<typeof chargeView>) => stepsOf(view).map((step) => step.status);

test('an unread ticket stays on the screen until it is read', () => {
  const unread = ticketView(52);
  assert.equal(chargeView(driverMe(), [unread, ticketView(51, { readAtMs: nowMs })], at).kind, 'TICKET');
  const read = chargeView(driverMe(), [{ ...unread, readAtMs: nowMs }], at);
  assert.equal(read.kind, 'NONE');
});

test('a running charge comes before an unread ticket, a request on its way before all', () => {
  const me = driverMe({ openSupply: supplyView(1) });
  assert.equal(chargeView(me, [ticketView(52)], at).kind, 'OPEN');
  const pendingRequest = { requestId: testUuid(2), cpId: 'CP001', sentAtMs: nowMs };
  assert.equal(chargeView({ ...me, pendingRequest }, [], at).kind, 'PENDING');
});

test('a refusal shows until dismissed, outdated, or followed by a ticket', () => {
  const lastRefusal = { cpId: 'CP001', refusal: { code: 'CP_BUSY' as const }, atMs: nowMs - 1_000 };
  const me = driverMe({ lastRefusal });
  assert.equal(chargeView(me, [], at).kind, 'REFUSED');
  assert.equal(chargeView(me, [], { ...at, dismissedRefusalAtMs: lastRefusal.atMs }).kind, 'NONE');
  assert.equal(chargeView(me, [], { ...at, nowMs: nowMs + 3_600_000 }).kind, 'NONE');
  assert.equal(chargeView(me, [ticketView(52, { issuedAtMs: nowMs })], at).kind, 'TICKET');
});

test('an interrupted charge is told while its ticket is awaited', () => {
  const view = chargeView(driverMe({ interruptedSupplies: [supplyView(3, { state: 'INTERRUPTED' })] }), [], at);
  assert.equal(view.kind, 'INTERRUPTED');
  assert.deepEqual(statuses(view), ['DONE', 'DONE', 'DONE', 'FAILED', 'NOW']);
});

test('D-10: an unread ticket of before does not hide that the charge of now broke off; a newer ticket is the news', () => {
  const interrupted = supplyView(3, { state: 'INTERRUPTED', requestedAtMs: nowMs - 40_000 });
  const me = driverMe({ interruptedSupplies: [interrupted] });
  assert.equal(chargeView(me, [ticketView(52, { issuedAtMs: nowMs - 60_000 })], at).kind, 'INTERRUPTED');
  assert.equal(chargeView(me, [ticketView(53, { issuedAtMs: nowMs - 1_000 })], at).kind, 'TICKET');
});

test('a ticket of a charge that was never plugged in says so, and not that it broke off', () => {
  const view = chargeView(driverMe(), [ticketView(52, { pluggedAtMs: undefined, endReason: 'PLUG_TIMEOUT' })], at);
  assert.deepEqual(statuses(view), ['DONE', 'DONE', 'FAILED', 'AHEAD', 'DONE']);
});

test('the stepper follows every state of a supply', () => {
  const open = (change: Parameters<typeof supplyView>[1]) =>
    statuses(chargeView(driverMe({ openSupply: supplyView(1, change) }), [], at));
  assert.deepEqual(open({ state: 'REQUESTED', authorisedAtMs: undefined, pluggedAtMs: undefined }), [
    'DONE',
    'NOW',
    'AHEAD',
    'AHEAD',
    'AHEAD',
  ]);
  assert.deepEqual(open({ state: 'PREPARING', pluggedAtMs: undefined }), ['DONE', 'DONE', 'NOW', 'AHEAD', 'AHEAD']);
  assert.deepEqual(open({ state: 'CHARGING' }), ['DONE', 'DONE', 'DONE', 'NOW', 'AHEAD']);
  assert.deepEqual(open({ state: 'ENDING' }), ['DONE', 'DONE', 'DONE', 'DONE', 'NOW']);
});

test('history shows every ticket once, newest first; a corrected one counts no more in its month', () => {
  const live = [ticketView(3, { amountCents: 30, energyWh: 300, correctsTicketNumber: 2 })];
  const older = [ticketView(2, { amountCents: 20, energyWh: 200 }), ticketView(3, { amountCents: 1 })];
  const tickets = mergeTickets(live, older);
  assert.deepEqual(
    tickets.map((ticket) => [ticket.ticketNumber, ticket.amountCents]),
    [
      [3, 30],
      [2, 20],
    ],
  );
  const [group] = groupByMonth(tickets, () => 'now');
  assert.equal(group?.tickets.length, 2);
  assert.equal(group?.amountCents, 30);
  assert.equal(group?.energyWh, 300);
});

test('messages are made from what the server keeps, newest first', () => {
  const me = driverMe({
    openSupply: supplyView(1),
    lastRefusal: { cpId: 'CP2', refusal: { code: 'CP_BUSY' }, atMs: nowMs + 1 },
  });
  const kinds = driverMessages(me, [ticketView(5, { issuedAtMs: 1 })]).map((message) => message.kind);
  assert.deepEqual(kinds, ['REFUSED', 'PLUGGED', 'AUTHORISED', 'REQUESTED', 'TICKET']);
});

test('points are filtered and sorted as asked; a retired one is never offered', () => {
  const points = [
    pointCard('CP10', { priceE4PerKwh: 3_000 }),
    pointCard('CP2', { zone: 'MAD', maxPowerW: 150_000 }),
    pointCard('CP3', { state: 'FAULTED' }),
    pointCard('CP4', { isRetired: true }),
  ];
  const everything: PointChoice = { ...FIRST_CHOICE, isOnlyAvailable: false };
  const own = { cpId: undefined, favourites: new Set(['CP2', 'CP3']) };
  const ids = (choice: Partial<PointChoice>, ownCpId?: string) =>
    choosePoints(points, { ...everything, ...choice }, { ...own, cpId: ownCpId }).map((point) => point.cpId);
  assert.deepEqual(ids({}), ['CP2', 'CP3', 'CP10']);
  assert.deepEqual(ids({ isOnlyAvailable: true, sort: 'PRICE' }), ['CP2', 'CP10']);
  assert.deepEqual(ids({ isOnlyAvailable: true }, 'CP3'), ['CP2', 'CP3', 'CP10'], 'where one charges is in sight');
  assert.deepEqual(ids({ sort: 'POWER' }), ['CP2', 'CP3', 'CP10']);
  assert.deepEqual(ids({ zone: 'MAD' }), ['CP2']);
  assert.deepEqual(ids({ isOnlyFavourite: true }), ['CP2', 'CP3']);
  assert.deepEqual(ids({ maxPriceE4PerKwh: 2_500 }), ['CP2', 'CP3']);
  assert.deepEqual(ids({ minPowerW: 100_000 }), ['CP2']);
});

test('what was chosen is in the address, and a reload reads it back', () => {
  const choice: PointChoice = {
    ...{ search: 'gran vía', isOnlyAvailable: false, isOnlyFavourite: true, zone: 'MAD' },
    ...{ maxPriceE4PerKwh: 3_000, minPowerW: 22_000, sort: 'PRICE', view: 'MAP' },
  };
  assert.deepEqual(choiceFromParams(new URLSearchParams(paramsOfChoice(choice))), choice);
  assert.deepEqual(choiceFromParams(new URLSearchParams()), FIRST_CHOICE);
  assert.deepEqual(paramsOfChoice(FIRST_CHOICE), {});
});

test('history is searched by point, address, number and shown words, and narrowed to what was charged or is unread', () => {
  const tickets = [
    ticketView(1, { readAtMs: 5, energyWh: 0 }),
    ticketView(2, { cpId: 'MAD9', address: 'Gran Vía 2' }),
    ticketView(3, { readAtMs: 5 }),
  ];
  const numbers = (choice: Partial<HistoryChoice>) =>
    chooseTickets(tickets, { search: '', kind: 'ALL', ...choice }, () => ['por el usuario']).map(
      (ticket) => ticket.ticketNumber,
    );
  assert.deepEqual(numbers({ search: 'gran via' }), [2]);
  assert.deepEqual(numbers({ search: 'usuario' }), [1, 2, 3]);
  assert.deepEqual(numbers({ kind: 'CHARGED' }), [2, 3]);
  assert.deepEqual(numbers({ kind: 'UNREAD' }), [2]);
});

test('a batch counts what was charged, what failed and what was left out; an unplugged charge is no success', () => {
  const line = (n: number, change: Partial<BatchLine>): BatchLine => ({
    ...{ line: n, cpId: `CP${n}`, requestId: testUuid(n), state: 'WAITING', ...change },
  });
  const lines = [
    line(1, { state: 'DONE', endReason: 'UNPLUGGED' }),
    line(2, { state: 'DONE', endReason: 'PLUG_TIMEOUT' }),
    line(3, { state: 'DENIED', refusal: { code: 'CP_BUSY' } }),
    line(4, { state: 'INVALID', cpId: '=cmd()' }),
    line(5, { state: 'SKIPPED' }),
    line(6, {}),
  ];
  assert.deepEqual(batchCounts(lines), { total: 6, over: 5, good: 1, bad: 3, skipped: 1 });
  const csv = batchCsv({ ...({} as BatchView), lines: lines as BatchView['lines'] });
  assert.ok(csv.includes("4,'=cmd(),INVALID") && csv.includes('3,CP3,DENIED,CP_BUSY'), csv);
});
