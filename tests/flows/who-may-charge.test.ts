import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DriverMe, PanelPoint } from '../../src/messages/live-stream.ts';
import type { CpLocations } from '../../src/messages/weather-api.ts';
import { refusalOf } from '../../src/testing/api-client.ts';
import { brokenBooks } from '../../src/testing/network-database.ts';
import type { DriverPerson } from '../../src/testing/network-driver.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

let network: Network;
let ana: DriverPerson;
let blas: DriverPerson;
before(async () => {
  network = await startNetwork({ points: 3, drivers: 2, env: { ENGINE_SPEED: '20', PLUG_TIMEOUT_MS: '60000' } });
  for (const cpId of ['CP001', 'CP002', 'CP003']) await network.untilPoint(cpId, 'AVAILABLE');
  [ana, blas] = [await network.newDriver('ANA'), await network.newDriver('BLAS', 'DRV002')];
  await network.logInAsAdmin();
});
after(() => network?.stop());

async function refusedAt(driver: DriverPerson, cpId: string): Promise<string> {
  const answer = await driver.answer(await driver.request(cpId));
  assert.ok('code' in answer, `${driver.driverId} was let charge at ${cpId}`);
  return answer.code;
}

const authorised = (cpId: string) =>
  network.database.ask<{ driver_id: string | null }>(
    'SELECT driver_id FROM supplies WHERE cp_id = $1 AND authorised_at IS NOT NULL AND ended_at IS NULL',
    [cpId],
  );

test('a point that does not exist is refused, and none appears (F-32)', async () => {
  assert.equal(await refusedAt(ana, 'CP999'), 'CP_UNKNOWN');
  const { total } = await network.panel.get<{ total: number }>('/api/charging_points');
  assert.equal(total, 3);
});

test('a busy point is refused to the second driver, and a busy driver at the second point', async () => {
  const supply = await ana.charge('CP001');
  assert.equal(await refusedAt(blas, 'CP001'), 'CP_BUSY');
  assert.equal(await refusedAt(ana, 'CP002'), 'DRIVER_BUSY');
  await network.point('CP001').plugWhenAuthorised();
  assert.equal(await refusedAt(blas, 'CP001'), 'CP_BUSY');
  await network.point('CP001').unplug();
  await ana.ticketOf(supply.supplyId);
  await network.untilPoint('CP001', 'AVAILABLE');
});

test('a point out of service by its own switch, with a fault, or without its Monitor is refused with the reason', async () => {
  const point = network.point('CP003');
  await point.setLocalHold(true);
  await network.untilPoint('CP003', 'OUT_OF_SERVICE');
  assert.equal(await refusedAt(ana, 'CP003'), 'CP_OUT_OF_SERVICE');
  assert.deepEqual((await ana.state()).lastRefusal?.refusal.reasons, ['LOCAL']);
  await point.setLocalHold(false);
  await network.untilPoint('CP003', 'AVAILABLE');

  await point.setFault(true);
  await network.untilPoint('CP003', 'FAULTED');
  assert.equal(await refusedAt(ana, 'CP003'), 'CP_FAULTED');
  await point.setFault(false);
  await network.untilPoint('CP003', 'AVAILABLE');

  await network.local.ev('stop', 'cp003-monitor');
  await network.untilPoint('CP003', 'DISCONNECTED');
  assert.equal(await refusedAt(ana, 'CP003'), 'CP_DISCONNECTED');
  await network.local.ev('start', 'cp003-monitor');
  await network.untilPoint('CP003', 'AVAILABLE');
});

test('F-13: a hundred requests at once for one point, from many drivers in two apps, give exactly one authorisation', async () => {
  const drivers: DriverPerson[] = [];
  for (let index = 0; index < 20; index += 1)
    drivers.push(await network.newDriver(`CROWD${index}`, index % 2 === 0 ? 'DRV001' : 'DRV002'));
  const asked = drivers.flatMap((driver) => Array.from({ length: 5 }, () => driver.request('CP002')));
  await Promise.all(asked);
  // Central hears an app's requests one after the other: with the answer to a later one, all these are decided.
  for (const later of [ana, blas]) assert.equal(await refusedAt(later, 'CP999'), 'CP_UNKNOWN');
  await network.point('CP002').untilPhase('AUTHORISED');
  const states = () => drivers.flatMap(({ me }) => me() ?? []);
  const isTold = (state: DriverMe) => state.pendingRequest === undefined && (state.openSupply ?? state.lastRefusal);
  const winners = () => states().filter((state) => state.openSupply);
  await until('all are told', () => states().length === 20 && states().every(isTold) && winners().length > 0);
  const won = winners();
  const inBooks = await authorised('CP002');
  assert.deepEqual([won.length, inBooks.length, won[0]?.driverId], [1, 1, inBooks[0]?.driver_id]);
  const winner = drivers.find((driver) => driver.driverId === won[0]?.driverId);
  await winner?.stop(won[0]?.openSupply?.supplyId ?? '');
  await network.untilPoint('CP002', 'AVAILABLE');
});

test('F-14: a driver and the point itself ask at the same moment: one of the two charges, the other is told', async () => {
  const point = network.point('CP001');
  for (let round = 0; round < 5; round += 1) {
    const started = point.start();
    const requestId = await ana.request('CP001');
    // The point may already have been given to the driver, and then refuses to ask.
    await started.catch(() => undefined);
    const answer = await ana.answer(requestId);
    await point.untilPhase('AUTHORISED');
    const open = await authorised('CP001');
    assert.equal(open.length, 1, `round ${round}`);
    assert.equal(open[0]?.driver_id === 'ANA', !('code' in answer), `round ${round}: ${JSON.stringify(answer)}`);
    if ('code' in answer) await point.cancel();
    else await ana.stop(answer.supplyId);
    await network.untilPoint('CP001', 'AVAILABLE');
    await until('the driver is free', () => ana.me()?.openSupply === undefined);
  }
});

test('an operator stops one point in mid-charge and gives it back: one ticket, the hold stays until resumed (D-04)', async () => {
  const supply = await ana.charge('CP001');
  await network.point('CP001').plugWhenAuthorised();
  await ana.untilCharging(supply.supplyId);
  const [row] = await network.order('STOP', ['CP001']);
  assert.equal(row?.cpId, 'CP001');
  assert.equal((await ana.ticketOf(supply.supplyId)).endReason, 'OPERATOR_STOP');
  await network.untilPoint('CP001', 'OUT_OF_SERVICE');
  assert.equal(await refusedAt(blas, 'CP001'), 'CP_OUT_OF_SERVICE');
  await network.order('RESUME', ['CP001']);
  await network.untilPoint('CP001', 'AVAILABLE');
});

test('an operator stops all points and resumes all', async () => {
  const supply = await ana.charge('CP001');
  await network.point('CP001').plugWhenAuthorised();
  await ana.untilCharging(supply.supplyId);
  const rows = await network.order('STOP');
  assert.deepEqual(rows.map((row) => row.cpId).sort(), ['CP001', 'CP002', 'CP003']);
  for (const cpId of ['CP001', 'CP002', 'CP003']) await network.untilPoint(cpId, 'OUT_OF_SERVICE');
  assert.equal((await ana.ticketOf(supply.supplyId)).endReason, 'OPERATOR_STOP');
  await network.order('RESUME');
  for (const cpId of ['CP001', 'CP002', 'CP003']) await network.untilPoint(cpId, 'AVAILABLE');
});

test('"out of service after this charge" leaves the charge alone and takes effect when it ends (D-04)', async () => {
  const supply = await ana.charge('CP001');
  const point = network.point('CP001');
  await point.plugWhenAuthorised();
  await ana.untilCharging(supply.supplyId);
  await network.order('STOP_AFTER_SUPPLY', ['CP001']);
  const shown = () => network.picture.entity<PanelPoint>('panel', 'points', 'CP001');
  await until('the panel shows what is to come', () => shown()?.pendingReasons.includes('OPERATOR') === true);
  const deliveredWh = async () => (await point.engine()).supply?.energyWh ?? 0;
  const beforeWh = await deliveredWh();
  await untilAsked('the car charges on', async () => (await deliveredWh()) > beforeWh);
  assert.equal(shown()?.state, 'CHARGING');
  await point.unplug();
  assert.equal((await ana.ticketOf(supply.supplyId)).endReason, 'UNPLUGGED');
  await network.untilPoint('CP001', 'OUT_OF_SERVICE');
  await network.order('RESUME', ['CP001']);
  await network.untilPoint('CP001', 'AVAILABLE');
});

test('F-53: a key revoked in mid-charge ends it with a ticket; only "authenticate again" brings the point back', async () => {
  const point = network.point('CP001');
  const supply = await ana.charge('CP001');
  await point.plugWhenAuthorised();
  await untilAsked('energy flows', async () => ((await point.engine()).supply?.energyWh ?? 0) > 5);
  const { keyId } = await point.engine();
  await network.panel.post('/api/charging_points/CP001/revoke-key');
  assert.equal((await ana.ticketOf(supply.supplyId)).endReason, 'KEY_REVOKED');
  await network.untilPoint('CP001', 'OUT_OF_SERVICE');
  await point.authenticate('CONNECT');
  await network.local.ev('stop', 'cp001-monitor');
  // Else what is seen next could be the state from before the stop.
  await network.untilPoint('CP001', 'DISCONNECTED');
  await network.local.ev('start', 'cp001-monitor');
  await network.untilPoint('CP001', 'OUT_OF_SERVICE');
  assert.equal(await refusedAt(blas, 'CP001'), 'CP_OUT_OF_SERVICE');
  await point.authenticate('NEW_KEY');
  await network.untilPoint('CP001', 'AVAILABLE');
  await untilAsked(
    'the engine has another key',
    async () => ![keyId, undefined].includes((await point.engine()).keyId),
  );
  const next = await blas.charge('CP001');
  await blas.stop(next.supplyId);
  await blas.ticketOf(next.supplyId);
});

test('S-API-01 to S-API-08, D-02: the paths of the description work word for word', async () => {
  const { panel } = network;
  const points = '/api/charging_points';
  const place = { zone: 'ALC', city: 'Elche', country: 'ES', address: 'Calle Mayor 1' };
  await panel.post(points, { cpId: 'CP077', ...place, priceE4PerKwh: 2_500, maxPowerW: 50_000 });
  // Whoever has written waits for the picture, a second at most.
  const total = async () => (await panel.get<{ total: number }>(points)).total;
  await untilAsked('it is in the list', async () => (await total()) === 4);
  const one = await panel.get<{ cpId: string; state: string }>(`${points}/CP077`);
  assert.deepEqual([one.cpId, one.state], ['CP077', 'DISCONNECTED']);
  await panel.delete(`${points}/CP077`);
  await untilAsked('it is gone from the list', async () => (await total()) === 3);
  assert.equal(await refusalOf(panel.get(`${points}/CP077`)), 'CP_UNKNOWN');
  const supplies = async () => (await panel.get<{ supplies: unknown[] }>('/api/supplies')).supplies;
  await untilAsked('no supply of an earlier test is shown any more', async () => (await supplies()).length === 0);

  await panel.patch(`${points}/CP002/estado`, { estado: 'FUERA_DE_SERVICIO' });
  await network.untilPoint('CP002', 'OUT_OF_SERVICE');
  await panel.patch(`${points}/CP002/estado`, { estado: 'ACTIVADO' });
  await network.untilPoint('CP002', 'AVAILABLE');
  assert.equal(
    await refusalOf(panel.patch(`${points}/CP002/estado`, { estado: 'AVERIADO' })),
    'STATE_CANNOT_BE_ORDERED',
  );

  const { locations } = await panel.get<CpLocations>('/api/cp_locations');
  assert.ok(locations.some(({ cpIds }) => cpIds.includes('CP003')));
  const report = { cp_id: 'CP003', temperature: -5.5, alert_type: 'LOW_TEMP' };
  assert.equal((await panel.post<{ status: string }>('/api/weather_alert', report)).status, 'ok');
  await network.untilPoint('CP003', 'OUT_OF_SERVICE');
  await panel.post('/api/weather_alert', { ...report, temperature: 12, alert_type: 'TEMP_NORMALIZED' });
  await network.untilPoint('CP003', 'AVAILABLE');
});

test('an order that names points that are not there says so for each of them, and is carried out at the others', async () => {
  const rows = await network.order('STOP', ['CP998', 'CP002', 'CP999']);
  assert.deepEqual(
    rows.map(({ cpId, code }) => [cpId, code]),
    [
      ['CP002', undefined],
      ['CP998', 'CP_UNKNOWN'],
      ['CP999', 'CP_UNKNOWN'],
    ],
  );
  await network.untilPoint('CP002', 'OUT_OF_SERVICE');
  await network.order('RESUME', ['CP002']);
  await network.untilPoint('CP002', 'AVAILABLE');
});

test('R2-28: requests, refusals and stops of a driver are audited with the address of the browser that they came from', async () => {
  for (const action of ['LOGIN', 'CHARGE_REQUEST', 'CHARGE_DENIED', 'CHARGE_STOP_REQUEST']) {
    const found = await network.database.ask<{ source_ip: string | null }>(
      `SELECT host(source_ip) AS source_ip FROM audit_log
        WHERE action = '${action}' AND component = 'central' AND source_entity LIKE 'driver:%'`,
    );
    assert.ok(found.length > 0, `${action} is audited`);
    assert.deepEqual([...new Set(found.map((row) => row.source_ip))], ['127.0.0.1'], action);
  }
});

test('S-REG-12: the panel, the driver apps and the points’ pages are in the directory of services', async () => {
  const kinds = async () => {
    const told = await network.local.ev('admin', 'services');
    return ['central-web', 'driver', 'point-web', 'registry', 'weather'].map(
      (kind) => told.split('\n').filter((line) => new RegExp(`(^|\\s)${kind}(\\s|$)`).test(line)).length,
    );
  };
  await untilAsked('all are there', async () => (await kinds()).join() === '1,2,3,1,1').catch(async () =>
    assert.deepEqual(await kinds(), [1, 2, 3, 1, 1]),
  );
});

test('R2-10, R2-13, R2-40: a point is removed from its Monitor, serves nobody, and comes back with a new token given at its Monitor', async () => {
  const point = network.point('CP003');
  await point.web.post('/api/monitor/unregister', {});
  await untilAsked('it is gone from the panel', async () => (await network.freshStates())?.has('CP003') === false);
  await until('also live', () => network.pointState('CP003') === undefined);
  assert.equal((await point.monitor()).isRegistered, false);
  assert.equal(await refusedAt(ana, 'CP003'), 'CP_UNKNOWN');
  assert.equal(await refusalOf(point.web.post('/api/monitor/authenticate', { intent: 'NEW_KEY' })), 'NOT_REGISTERED');
  const place = { zone: 'ALC', city: 'Elche', country: 'ES', address: 'Calle Mayor 3' };
  const { enrolmentToken: token } = await network.panel.post<{ enrolmentToken: string }>('/api/charging_points', {
    ...{ cpId: 'CP003', ...place, priceE4PerKwh: 2_500, maxPowerW: 50_000 },
  });
  await point.web.post('/api/monitor/register', { token });
  await network.untilPoint('CP003', 'AVAILABLE');
  const supply = await ana.charge('CP003');
  await ana.stop(supply.supplyId);
  await network.untilPoint('CP003', 'AVAILABLE');
});

test('after all this the books are whole', async () => {
  await untilAsked('settled', async () => (await brokenBooks(network.database)).length === 0).catch(() => undefined);
  assert.deepEqual(await brokenBooks(network.database), []);
});
