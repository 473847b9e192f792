import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AuditEntry } from '../../io/audit/audit.ts';
import { type HttpAnswer, HttpUnreachable } from '../../io/http/client.ts';
import { createLog } from '../../io/log.ts';
import type { CpLocations, WeatherAlertReport, WeatherStatusReport } from '../../messages/weather-api.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { CityFile } from './city-file.ts';
import { runMenuLine } from './menu.ts';
import type { WeatherAnswer } from './open-weather.ts';
import { WeatherMonitor } from './weather.ts';

const log = createLog('test', { level: 'silent' });
const ALICANTE = { locationId: 1, city: 'Alicante', country: 'ES', watched: { city: 'Alicante', country: 'ES' } };

/** EV_W between an OpenWeather and a Central that the test plays. */
function start(cities?: CityFile) {
  const fake = createFakeClock();
  const audit: AuditEntry[] = [];
  const sent: { method: string; path: string; body: unknown }[] = [];
  const world = {
    answer: { reading: { temperatureCc: 1_500, isSimulated: true } } as WeatherAnswer,
    isCentralUp: true,
    isTakingChanges: true,
    locations: {
      locations: [{ ...ALICANTE, cpIds: ['CP001'] }],
      thresholds: { minCc: 0, maxCc: 4_000, revision: 1 },
    } as CpLocations,
  };
  const respond = (method: string, path: string, body: unknown): HttpAnswer => {
    if (!world.isCentralUp) throw new HttpUnreachable('no', { cause: undefined });
    sent.push({ method, path, body });
    if (path === '/api/cp_locations') return { status: 200, headers: {}, body: structuredClone(world.locations) };
    if (method === 'PUT' && !world.isTakingChanges) return { status: 404, headers: {}, body: { code: 'CP_UNKNOWN' } };
    if (path === '/api/weather_alert') {
      const level = (body as WeatherAlertReport).alert_type;
      const alert = level === 'TEMP_NORMALIZED' ? {} : { alert: level };
      return { status: 200, headers: {}, body: { status: 'ok', edge: 'NONE', cpIds: [], ...alert } };
    }
    return { status: 204, headers: {}, body: undefined };
  };
  const monitor = new WeatherMonitor({
    clock: ioClockOf(fake),
    log,
    ...(cities && { cities }),
    audit: { record: (entry) => void audit.push(entry), addSink() {}, isWritable: () => true, stop: async () => {} },
    central: { send: async (method, path, call = {}) => respond(method, path, call.body) },
    openWeather: { ask: async () => world.answer },
    findKey: () => ({ value: 'key', place: 'ENVIRONMENT' }),
    settings: { callsPerMinute: 60, pollMs: 4_000, source: 'https://test', url: 'http://test', mayChange: true },
  });
  const settle = async () => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const round = async () => {
    fake.advance(4_000);
    await settle();
  };
  const levels = () =>
    sent.filter(({ path }) => path === '/api/weather_alert').map(({ body }) => (body as WeatherAlertReport).alert_type);
  const status = () =>
    sent.filter(({ path }) => path === '/api/weather_status').at(-1)?.body as WeatherStatusReport | undefined;
  monitor.start();
  return { world, monitor, sent, audit, settle, round, levels, status };
}

test('F-41 the level goes to Central with every reading, not only when it changes', async () => {
  const { world, monitor, settle, round, levels } = start();
  await settle();
  world.answer = { reading: { temperatureCc: -100, isSimulated: true } };
  for (let turn = 0; turn < 3; turn += 1) await round();
  assert.deepEqual(levels(), ['TEMP_NORMALIZED', 'LOW_TEMP', 'LOW_TEMP', 'LOW_TEMP']);
  await monitor.stop();
});

test('F-41 what could not be told while Central was away is told when it is back; OpenWeather is asked on meanwhile', async () => {
  const { world, monitor, settle, round, levels, status } = start();
  await settle();
  world.isCentralUp = false;
  world.answer = { reading: { temperatureCc: -700, isSimulated: true } };
  await round();
  await round();
  const [place] = monitor.view().places;
  assert.deepEqual([place?.temperatureCc, place?.isReported], [-700, false]);
  assert.equal(monitor.view().monitor.isCentralReachable, false);
  world.isCentralUp = true;
  await round();
  assert.deepEqual(levels(), ['TEMP_NORMALIZED', 'LOW_TEMP']);
  assert.equal(status()?.failure, undefined);
  await monitor.stop();
});

test('F-42 unknown weather is never a level: nothing is raised, nothing cleared, the failure is told and audited', async () => {
  const { world, monitor, audit, settle, round, levels, status } = start();
  await settle();
  world.answer = { failure: 'WRONG_KEY' };
  await round();
  await round();
  assert.deepEqual(levels(), ['TEMP_NORMALIZED']);
  assert.equal(status()?.failure, 'WRONG_KEY');
  assert.deepEqual(
    audit.map((entry) => entry.action),
    ['WEATHER_UNAVAILABLE'],
  );
  assert.equal(monitor.view().places[0]?.temperatureCc, 1_500, 'the last reading, with its age');
  await monitor.stop();
});

test('S-WEA-05 thresholds are Central’s: changed ones count with the next reading', async () => {
  const { world, monitor, settle, round, levels } = start();
  await settle();
  world.locations = { ...world.locations, thresholds: { minCc: 2_000, maxCc: 4_000, revision: 2 } };
  await round();
  await round();
  assert.deepEqual(levels(), ['TEMP_NORMALIZED', 'LOW_TEMP', 'LOW_TEMP'].slice(0, levels().length));
  assert.equal(levels().at(-1), 'LOW_TEMP');
  await monitor.stop();
});

test('R2-50 a file of cities moves points through Central, again until Central takes it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'ev-cities-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'cities.txt'), 'CP001 Oslo,NO\n');
  const { monitor, sent, settle, round, world } = start(new CityFile(join(folder, 'cities.txt'), log));
  world.isTakingChanges = false;
  await settle();
  await round();
  world.isTakingChanges = true;
  await round();
  await round();
  const moves = sent.filter(({ path }) => path === '/api/charging_points/CP001/location').map(({ body }) => body);
  assert.deepEqual(moves, Array(3).fill({ city: 'Oslo', country: 'NO' }), 'two were refused, the third was taken');
  await monitor.stop();
});

test('R2-50, R2-56, F-66 the menu changes a city while it runs, and says what it does not understand', async () => {
  const { monitor, sent, settle } = start();
  await settle();
  assert.match(await runMenuLine('list', monitor, 'en'), /1 {2}Alicante,ES {2}15\.0 °C .*CP001/);
  assert.equal(await runMenuLine('watch 1 San Sebastián, es', monitor, 'en'), 'done');
  assert.equal(await runMenuLine('watch 1 own', monitor, 'en'), 'done');
  assert.equal(await runMenuLine('move CP001 Oslo,NO', monitor, 'en'), 'done');
  const changes = sent.filter(({ method }) => method === 'PUT').map(({ path, body }) => [path, body]);
  assert.deepEqual(changes, [
    ['/api/cp_locations/1', { watched: { city: 'San Sebastián', country: 'ES' } }],
    ['/api/cp_locations/1', { watched: null }],
    ['/api/charging_points/CP001/location', { city: 'Oslo', country: 'NO' }],
  ]);
  for (const line of ['', 'help', 'watch', 'watch one Oslo,NO', 'watch 1 Oslo', 'move cp001 Oslo,NO'])
    assert.match(await runMenuLine(line, monitor, 'en'), /watch NUMBER/, line);
  assert.match(await runMenuLine('help', monitor, 'es'), /preguntar por otra ciudad/);
  await monitor.stop();
});
