import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EngineSupplyRecord } from '../../../domain/engine-supply.ts';
import { newRandomId, newTimeOrderedId } from '../../../io/new-id.ts';
import { lockPoint } from '../../../io/postgres/charging-points.ts';
import type { WeatherAlertReport } from '../../../messages/weather-api.ts';
import { type CentralWorld, createCentralWorld, eventually } from '../../../testing/central-world.ts';
import type { RunningCentral } from '../central.ts';
import type { Actor, PointOutcome } from '../parts.ts';
import type { ReportOutcome } from './weather-report.ts';

const EV_W: Actor = { entity: 'token:weather' };
const OPERATOR: Actor = { entity: 'operator:ana' };
const COUNTRY = 'ES';
let world: CentralWorld;
let central: RunningCentral;
let points = 0;

before(async () => {
  world = await createCentralWorld();
  central = await world.start();
});
after(() => world.stop());

/** A connected point in a city of its own, or in this one. */
async function newPoint(city = `City ${points + 1}`): Promise<{ cpId: string; city: string }> {
  points += 1;
  const cpId = `CP${String(points).padStart(3, '0')}`;
  await world.addPoint(cpId);
  await world.connect(central, cpId);
  await central.rooms.picture.settled();
  assert.equal(await central.rooms.weather.movePoint(cpId, { city, country: COUNTRY }, OPERATOR), 'MOVED');
  await central.rooms.picture.settled();
  return { cpId, city };
}

async function report(city: string, level: Partial<WeatherAlertReport> & { temperature: number }) {
  const { temperature } = level;
  const alert_type = level.alert_type ?? (temperature < 0 ? 'LOW_TEMP' : 'TEMP_NORMALIZED');
  const outcome = await central.rooms.weather.report({ city, country: COUNTRY, ...level, alert_type }, EV_W);
  if (typeof outcome === 'string') throw new Error(outcome);
  return outcome;
}

async function shown(cpId: string) {
  await central.rooms.picture.settled();
  const point = central.rooms.picture.point(cpId);
  assert.ok(point, `${cpId} is shown`);
  return point;
}

const cp = (cpId: string) => `cp:${cpId}`;

async function request(cpId: string): Promise<PointOutcome> {
  const asked = { requestId: newRandomId(), clientId: cp(cpId), driverId: null, origin: 'POINT' } as const;
  return central.rooms.requests.request(cpId, { ...asked, supplyId: newTimeOrderedId(), isExpired: false }, EV_W);
}

const tell = (cpId: string, event: Parameters<typeof central.rooms.points.apply>[1]) =>
  central.rooms.points.apply(cpId, event, { entity: cp(cpId) });

async function endSupply(cpId: string, supplyId: string): Promise<void> {
  const record: EngineSupplyRecord = {
    supplyId,
    requestId: newRandomId(),
    origin: 'POINT',
    priceE4PerKwh: 2_500,
    phase: 'ENDED',
    acceptedAtMs: 1,
    pluggedAtMs: 1,
    endedAtMs: Date.now(),
    energyWh: 10,
    sequence: 9,
    endReason: 'UNPLUGGED',
  };
  await tell(cpId, { event: { kind: 'supply-ended', record } });
}

test('F-35 an alert during a charge: it goes on with a pending stop, and the point is out of service by WEATHER at its end', async () => {
  const { cpId, city } = await newPoint();
  const { supply } = await request(cpId);
  const { edge, effect } = await report(city, { temperature: -3 });
  assert.deepEqual([edge, effect.cpIds], ['RAISED', [cpId]]);
  const during = await shown(cpId);
  assert.deepEqual([during.state, during.pendingReasons], ['CHARGING', ['WEATHER']]);
  assert.deepEqual(during.weather, { celsius: -3, isSimulated: false, alert: 'LOW_TEMP' });
  await endSupply(cpId, supply!.supplyId);
  const afterwards = await shown(cpId);
  assert.deepEqual([afterwards.state, afterwards.reasons], ['OUT_OF_SERVICE', ['WEATHER']]);
  const stored = await world.database.rows('SELECT 1 FROM charging_point_holds WHERE cp_id = $1', [cpId]);
  assert.equal(stored.length, 0, 'the hold is derived, never stored');
  await report(city, { temperature: 1 });
  assert.equal((await shown(cpId)).state, 'AVAILABLE');
});

test('F-36 alert and request at the same instant: each time either a denial or a charge with a pending stop', async () => {
  const seen = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const { cpId, city } = await newPoint();
    const both = [() => report(city, { temperature: -5 }), () => request(cpId)];
    if (round % 2 === 1) both.reverse();
    const outcomes = await Promise.all(both.map((start) => start()));
    const outcome = outcomes.find((one): one is PointOutcome => 'wasKnown' in one)!;
    const point = await shown(cpId);
    seen.add(point.state);
    if (outcome.refusal) {
      assert.deepEqual(outcome.refusal, { code: 'CP_OUT_OF_SERVICE', reasons: ['WEATHER'] });
      assert.deepEqual([point.state, point.reasons], ['OUT_OF_SERVICE', ['WEATHER']]);
    } else {
      assert.deepEqual([point.state, point.pendingReasons], ['CHARGING', ['WEATHER']]);
    }
  }
  assert.ok(seen.size >= 1);
});

test('F-37 alert, then clear, while it still charges: nothing is left pending', async () => {
  const { cpId, city } = await newPoint();
  const { supply } = await request(cpId);
  await report(city, { temperature: -1 });
  await report(city, { temperature: 2 });
  assert.deepEqual((await shown(cpId)).pendingReasons, []);
  await endSupply(cpId, supply!.supplyId);
  assert.equal((await shown(cpId)).state, 'AVAILABLE');
});

test('F-38 an alert that came while the point was broken or away counts when it recovers', async () => {
  const { cpId, city } = await newPoint();
  await tell(cpId, { edge: { kind: 'monitor-lost', epoch: 1 } });
  await report(city, { temperature: -9 });
  assert.equal((await shown(cpId)).state, 'DISCONNECTED');
  await world.connect(central, cpId, 2);
  assert.deepEqual((await shown(cpId)).reasons, ['WEATHER']);
  await tell(cpId, { edge: { kind: 'engine-health', epoch: 2, isEngineOk: false, isChannelUp: true, code: 'KO' } });
  assert.equal((await shown(cpId)).state, 'FAULTED');
  await tell(cpId, { edge: { kind: 'engine-health', epoch: 2, isEngineOk: true, isChannelUp: true } });
  assert.equal((await shown(cpId)).state, 'OUT_OF_SERVICE');
});

test('F-39 a clear does not bring back a point that an operator stopped; the operator’s resume does not lift the weather', async () => {
  const { cpId, city } = await newPoint();
  await central.rooms.points.apply(cpId, { event: { kind: 'operator-stop', when: 'NOW' } }, OPERATOR);
  await report(city, { temperature: -4 });
  assert.deepEqual((await shown(cpId)).reasons, ['OPERATOR', 'WEATHER']);
  await report(city, { temperature: 4 });
  assert.deepEqual((await shown(cpId)).reasons, ['OPERATOR']);
  await report(city, { temperature: -4 });
  await central.rooms.points.apply(cpId, { event: { kind: 'operator-resume' } }, OPERATOR);
  assert.deepEqual((await shown(cpId)).reasons, ['WEATHER']);
});

test('F-41 a level is sent again for ever without effect, a restarted Central knows it, and a restarted EV_W clears it', async () => {
  const { cpId, city } = await newPoint();
  const first = await report(city, { temperature: -2 });
  const version = (await shown(cpId)).version;
  const again: ReportOutcome[] = [];
  for (let round = 0; round < 3; round += 1) again.push(await report(city, { temperature: -2 }));
  assert.deepEqual([first, ...again].map((one) => one.edge).join(' '), 'RAISED NONE NONE NONE');
  assert.equal((await shown(cpId)).version, version, 'nothing was written anew');
  await central.stop();
  central = await world.start();
  await world.connect(central, cpId, 5);
  assert.deepEqual((await shown(cpId)).reasons, ['WEATHER']);
  const [location] = (await central.rooms.weather.locations()).locations.filter((one) => one.city === city);
  assert.equal(location?.alert, 'LOW_TEMP', 'what a restarted EV_W begins with');
  assert.equal((await report(city, { temperature: 7 })).edge, 'CLEARED');
  assert.equal((await shown(cpId)).state, 'AVAILABLE');
});

test('F-43 a point moves between a cold and a warm city while all run; a report about the city of before is refused', async () => {
  const cold = await newPoint('Coldville');
  const warm = await newPoint('Coldville del Mar');
  await report(cold.city, { temperature: -6 });
  await report(warm.city, { temperature: 18 });
  assert.deepEqual((await shown(cold.cpId)).reasons, ['WEATHER']);
  assert.equal((await shown(warm.cpId)).state, 'AVAILABLE', 'a name that is part of another is another city');
  await central.rooms.weather.movePoint(cold.cpId, { city: warm.city, country: COUNTRY }, OPERATOR);
  const moved = await shown(cold.cpId);
  assert.deepEqual([moved.state, moved.city, moved.weather?.celsius], ['AVAILABLE', warm.city, 18]);
  await central.rooms.weather.movePoint(warm.cpId, { city: cold.city, country: COUNTRY }, OPERATOR);
  assert.deepEqual((await shown(warm.cpId)).reasons, ['WEATHER'], 'the weather there counts at once');

  const [location] = (await central.rooms.weather.locations()).locations.filter((one) => one.city === cold.city);
  const watched = { city: 'Murcia', country: COUNTRY };
  await central.rooms.weather.watch(location!.locationId, watched, OPERATOR);
  assert.equal((await shown(warm.cpId)).state, 'AVAILABLE', 'the alert was about another city');
  const late = { city: cold.city, country: COUNTRY, temperature: -6, alert_type: 'LOW_TEMP' as const };
  const own = { city: cold.city, country: COUNTRY };
  assert.equal(await central.rooms.weather.report({ ...late, watched: own }, EV_W), 'LOCATION_CHANGED');
  await central.rooms.weather.report({ ...late, watched }, EV_W);
  assert.deepEqual((await shown(warm.cpId)).reasons, ['WEATHER']);
});

test('F-68 two points in one city are stopped together, and one that is removed leaves the other watched', async () => {
  const first = await newPoint('Twin City');
  const second = await newPoint('Twin City');
  const { effect } = await report('Twin City', { temperature: -1 });
  assert.deepEqual(effect.cpIds, [first.cpId, second.cpId]);
  await world.database.run('UPDATE charging_points SET retired_at = now() WHERE cp_id = $1', [first.cpId]);
  const { locations } = await central.rooms.weather.locations();
  assert.deepEqual(locations.find((one) => one.city === 'Twin City')?.cpIds, [second.cpId]);
  assert.deepEqual((await shown(second.cpId)).reasons, ['WEATHER']);
  const third = await newPoint('Twin City');
  assert.deepEqual((await shown(third.cpId)).reasons, ['WEATHER'], 'one that comes later is held as well');
  await report('Twin City', { temperature: 9 });
  assert.deepEqual([(await shown(second.cpId)).state, (await shown(third.cpId)).state], ['AVAILABLE', 'AVAILABLE']);
});

test('S-WEA-12 an alert of one point is cleared by itself only; the city’s alert still holds', async () => {
  const one = await newPoint('Own City');
  const other = await newPoint('Own City');
  await central.rooms.weather.report({ cp_id: one.cpId, temperature: 45, alert_type: 'ALERT' }, EV_W);
  assert.deepEqual(
    [(await shown(one.cpId)).weather?.alert, (await shown(other.cpId)).state],
    ['HIGH_TEMP', 'AVAILABLE'],
  );
  await report('Own City', { temperature: 46, alert_type: 'CRITICAL_TEMP' });
  await central.rooms.weather.report({ cp_id: one.cpId, temperature: 20, alert_type: 'CLEAR' }, EV_W);
  assert.deepEqual((await shown(one.cpId)).reasons, ['WEATHER'], 'another alert exists for it');
  await report('Own City', { temperature: 20 });
  assert.equal((await shown(one.cpId)).state, 'AVAILABLE');
});

test('ux 3.2 near a threshold the point says so: as it gets colder within one degree, and when thresholds are saved', async () => {
  const { cpId, city } = await newPoint();
  const near = async () => (await shown(cpId)).weather;
  await report(city, { temperature: 2.04 });
  assert.deepEqual(await near(), { celsius: 2, isSimulated: false });
  await report(city, { temperature: 1.96 });
  assert.deepEqual(await near(), { celsius: 2, isSimulated: false, nearAlert: 'LOW_TEMP' });
  await report(city, { temperature: -1 });
  assert.deepEqual(await near(), { celsius: -1, isSimulated: false, alert: 'LOW_TEMP' }, 'it is there: no longer near');
  await report(city, { temperature: 20 });
  const { weather } = central.rooms;
  const before = weather.view.thresholds;
  const saved = await weather.saveThresholds({ ...before, maxCc: 2_150 }, OPERATOR);
  assert.deepEqual(await near(), { celsius: 20, isSimulated: false, nearAlert: 'HIGH_TEMP' });
  await weather.saveThresholds({ ...saved!, maxCc: before.maxCc }, OPERATOR);
  assert.deepEqual(await near(), { celsius: 20, isSimulated: false });
});

test('the hold is what supply decisions see, and the engine is told it as a level', async () => {
  const { cpId, city } = await newPoint();
  await report(city, { temperature: -1 });
  const point = await world.database.transaction((tx) => lockPoint(tx, cpId, undefined));
  assert.deepEqual([...point!.holds], ['WEATHER']);
  const told = () =>
    world.database.rows<{ payload: { holds: string[] } }>(
      "SELECT payload FROM outbox WHERE recipient = $1 AND message_type = 'point-updated' ORDER BY outbox_id",
      [cp(cpId)],
    );
  const [message] = (await told()).slice(-1);
  assert.deepEqual(message?.payload.holds, ['WEATHER']);
});

test('S-WEA-13 the history keeps changes, the thresholds their revision, and orphaned alerts end', async () => {
  const { city } = await newPoint();
  for (const temperature of [10, 10, 10.5, 10.5, 11]) await report(city, { temperature });
  const place = central.rooms.weather.view.places().find((one) => one.city === city);
  assert.equal(place?.temperatureCc, 1_100);
  const rows = await world.database.rows('SELECT 1 FROM weather_history WHERE location_id = $1', [place!.locationId]);
  assert.equal(rows.length, 3);
  const { weather } = central.rooms;
  const before = weather.view.thresholds;
  const saved = await weather.saveThresholds({ minCc: 500, maxCc: 4_000, revision: before.revision }, OPERATOR);
  assert.equal(saved?.revision, before.revision + 1);
  assert.equal(await weather.saveThresholds({ ...before, maxCc: 3_000 }, OPERATOR), undefined, 'somebody was faster');
  await eventually('the service is shown', () => weather.view.service().thresholds.minCc === 500 || undefined);
});
