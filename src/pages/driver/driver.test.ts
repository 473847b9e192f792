import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driverMe, pointCard, supplyView, testUuid, ticketView } from '../testing/scenes.ts';
import { chargeView, stepsOf } from './charge-view.ts';
import { driverMessages } from './driver-messages.ts';
import { groupByMonth, mergeTickets } from './history.ts';
import { choosePoints, type PointChoice } from './point-choice.ts';

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
  const ids = (choice: Partial<PointChoice>) =>
    choosePoints(points, { search: '', isOnlyAvailable: false, zone: '', sort: 'ID', ...choice }).map(
      (point) => point.cpId,
    );
  assert.deepEqual(ids({}), ['CP2', 'CP3', 'CP10']);
  assert.deepEqual(ids({ isOnlyAvailable: true, sort: 'PRICE' }), ['CP2', 'CP10']);
  assert.deepEqual(ids({ sort: 'POWER' }), ['CP2', 'CP3', 'CP10']);
  assert.deepEqual(ids({ zone: 'MAD' }), ['CP2']);
});
