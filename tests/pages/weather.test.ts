import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createHttpClient, type HttpClient } from '../../src/io/http/client.ts';
import type { PanelPoint } from '../../src/messages/live-stream.ts';
import type { WeatherService } from '../../src/messages/weather-api.ts';
import type { SimMode } from '../../src/messages/weather-view.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { misdeedsBut50x, type PageBrowser, startPageBrowser, type Viewer } from '../../src/testing/page-browser.ts';
import { type PageHands, pageHands, untilWhAbove } from '../../src/testing/page-hands.ts';
import { formsOf, secretsBelow } from '../../src/testing/secret-hunt.ts';
import { until, untilAsked } from '../../src/testing/until.ts';

/** Whatever asks with it, none of our files may hold it. The stand-in takes every key. */
const API_KEY = 'f00dfeedc0ffee00f00dfeedc0ffee42';
/** A round of EV_W is 4 s; the machine is shared. */
const WITHIN_MS = 40_000;

let network: Network;
let browser: PageBrowser;
let hands: PageHands;
let panel: Viewer;
let point: Viewer;
let driver: Viewer;
let sim: HttpClient;

before(async () => {
  const env = { OPENWEATHER_API_KEY: API_KEY };
  [network, browser] = await Promise.all([startNetwork({ points: 2, env }), startPageBrowser()]);
  for (const cpId of ['CP001', 'CP002']) await network.untilPoint(cpId, 'AVAILABLE');
  hands = await pageHands(network, browser);
  sim = createHttpClient({ baseUrl: (await network.local.read()).weatherSimUrl ?? '' });
  panel = await hands.adminPanel();
  driver = await hands.register('ANA');
  point = await browser.open(hands.pointUrl('CP001'), { width: 1024, height: 600 });
});
after(async () => {
  await browser?.stop();
  await network?.stop();
});

const isState = (value: string) => ({ name: 'data-state', value, withinMs: WITHIN_MS });
const shown = (cpId: string) => network.picture.entity<PanelPoint>('panel', 'points', cpId);
const service = () => network.picture.entity<WeatherService>('panel', 'weatherService', 'service');

async function setTemperature(city: string, celsius: number): Promise<void> {
  const answer = await sim.send('PUT', `/api/places/ES/${encodeURIComponent(city)}`, {
    body: { temperatureCc: celsius * 100 },
  });
  assert.equal(answer.status, 200);
}

async function setMode(mode: SimMode): Promise<void> {
  assert.equal((await sim.send('PUT', '/api/mode', { body: { mode } })).status, 200);
}

test('ux 9.6, F-35, F-37 below the minimum while charging: chip, then orange after the end; normal again: green', async () => {
  await hands.request(driver, 'CP001');
  await point.press('engine-plug');
  const plugged = await untilWhAbove(driver, 'energy', 0);
  await setTemperature('Alicante', -3);
  await panel.sees('tile-pending', WITHIN_MS);
  await panel.reads('tile-pending', 'Se parará al terminar');
  await panel.finds('tile-CP001', isState('CHARGING'));
  // It charges on.
  const pending = await untilWhAbove(driver, 'energy', plugged);
  await untilWhAbove(driver, 'energy', pending);
  await setTemperature('Alicante', 3);
  await panel.losesSight('tile-pending', WITHIN_MS);
  await setTemperature('Alicante', -3);
  await panel.sees('tile-pending', WITHIN_MS);
  await point.press('engine-unplug');
  await panel.finds('tile-CP001', isState('OUT_OF_SERVICE'));
  await panel.reads('tile-reasons', /clima|[Tt]emperatura/);
  await driver.reads('ticket-reason', 'desenchufado');
  await driver.press('ticket-ok');
  await setTemperature('Alicante', 3);
  await panel.finds('tile-CP001', isState('AVAILABLE'));
});

test('ux 9.6, F-39 normal again while an operator holds the point as well: it stays orange for that reason', async () => {
  await setTemperature('Alicante', -3);
  await panel.finds('tile-CP001', isState('OUT_OF_SERVICE'));
  await network.logInAsAdmin();
  await network.order('STOP', ['CP001']);
  await until('both hold it', () => shown('CP001')?.reasons.join(' ') === 'OPERATOR WEATHER', WITHIN_MS);
  await setTemperature('Alicante', 3);
  await until('only one holds it', () => shown('CP001')?.reasons.join(' ') === 'OPERATOR', WITHIN_MS);
  await panel.finds('tile-CP001', isState('OUT_OF_SERVICE'));
  await network.order('RESUME', ['CP001']);
  await panel.finds('tile-CP001', isState('AVAILABLE'));
});

test('ux 3.2, 3.3 near the minimum a driver is warned before asking, and the screen at the point has the temperature', async () => {
  await setTemperature('Alicante', 1);
  await point.reads('band-facts', /· 1\s°C$/, WITHIN_MS);
  await driver.press('tab-/');
  await driver.press('charge-CP001');
  await driver.reads('sheet-weather', 'cerca del mínimo', WITHIN_MS);
  await driver.reads('sheet-temperature', /^1\s°C$/);
  await setTemperature('Alicante', 3);
  await driver.losesSight('sheet-weather', WITHIN_MS);
  await point.reads('band-facts', /· 3\s°C$/, WITHIN_MS);
  await driver.page.keyboard.press('Escape');
  await driver.losesSight('charge-dialog');
});

test('S-WEA-15 thresholds: what they would stop is said while they are typed, asked before, done within rounds, and undone', async () => {
  await panel.press('nav-/clima');
  await panel.reads('city-Alicante', /3,0\s°C/);
  await panel.sees('simulated');
  await panel.at('threshold-min').fill('45');
  await panel.reads('threshold-preview', 'El mínimo debe ser menor');
  await panel.at('threshold-min').fill('5');
  await panel.reads('threshold-preview', /1 punto quedaría fuera de servicio: CP001/);
  await panel.press('threshold-save');
  await panel.press('confirm-ok');
  await network.untilPoint('CP001', 'OUT_OF_SERVICE', WITHIN_MS);
  assert.equal(shown('CP002')?.state, 'AVAILABLE');
  await panel.at('threshold-min').fill('0');
  await panel.reads('threshold-preview', /1 punto volvería/);
  await panel.press('threshold-save');
  await network.untilPoint('CP001', 'AVAILABLE', WITHIN_MS);
});

test('F-42 OpenWeather fails in every way: the last decision stands, the panel says so, and goes on when it answers', async () => {
  await setTemperature('Alicante', -3);
  await network.untilPoint('CP001', 'OUT_OF_SERVICE', WITHIN_MS);
  for (const [mode, failure] of [
    ['HTML', undefined],
    ['WRONG_KEY', 'WRONG_KEY'],
  ] as const) {
    await setMode(mode);
    if (failure === undefined) {
      await panel.reads('city-Alicante', 'respuesta de OpenWeather sin sentido', WITHIN_MS);
    } else {
      await until(`the panel knows of ${failure}`, () => service()?.failure === failure, WITHIN_MS);
      await panel.reads('weather-openweather', 'OpenWeather rechaza la clave');
    }
    assert.deepEqual(shown('CP001')?.reasons, ['WEATHER'], mode);
    assert.equal(shown('CP002')?.state, 'AVAILABLE', mode);
  }
  await setMode('OK');
  await setTemperature('Alicante', 12);
  await network.untilPoint('CP001', 'AVAILABLE', 2 * WITHIN_MS);
});

test('F-43, R2-56 a city is changed while all run, in EV_W’s page and back in the panel', async () => {
  await sim.send('PUT', '/api/places/SE/Kiruna', { body: { temperatureCc: -2_500 } });
  const page = await browser.open((await network.local.read()).weatherUrl, { width: 1280 });
  await page.press('change-Alicante');
  await page.type('city-name', 'Kiruna');
  await page.type('city-country', 'SE');
  await page.press('city-save');
  await page.reads('location-Alicante', 'Kiruna, SE');
  await network.untilPoint('CP001', 'OUT_OF_SERVICE', WITHIN_MS);
  await panel.reads('city-Alicante', /−25,0\s°C/, WITHIN_MS);
  await panel.press('change-Alicante');
  await panel.press('city-reset');
  await network.untilPoint('CP001', 'AVAILABLE', WITHIN_MS);
  await page.reads('location-Alicante', /12,0\s°C/, WITHIN_MS);
  await page.page.context().close();
});

test('F-41 kill -9 of EV_W, then of Central, in bad weather: nothing is forgotten, and the clear comes', async () => {
  await setTemperature('Alicante', -8);
  await network.untilPoint('CP001', 'OUT_OF_SERVICE', WITHIN_MS);
  await network.killAndAwait('weather');
  const earlierAtMs = service()?.seenAtMs ?? 0;
  await network.killAndAwait('central');
  // The picture shows what the dead one said until it hears of the new one: that one is asked itself.
  const isBack = async () => (await network.freshStates())?.get('CP001') === 'OUT_OF_SERVICE';
  await untilAsked('the point is back and still held', isBack, 2 * WITHIN_MS);
  const isHeardOf = () => service()?.isRunning === true && (service()?.seenAtMs ?? 0) > earlierAtMs;
  await until('EV_W is back on the panel', isHeardOf, WITHIN_MS);
  const isShownHeld = () =>
    shown('CP001')?.state === 'OUT_OF_SERVICE' && shown('CP001')?.reasons.join(' ') === 'WEATHER';
  await until('the panel shows it so', isShownHeld, WITHIN_MS);
  await setTemperature('Alicante', 8);
  await network.untilPoint('CP001', 'AVAILABLE', WITHIN_MS);
});

test('S-WEA-18, S-WEA-16 without EV_W all goes on, the panel says that it is away, and drivers see the last temperature', async () => {
  await network.local.ev('stop', 'weather');
  await panel.reads('weather-monitor', 'no responde', WITHIN_MS);
  await driver.press('tab-/');
  await driver.reads('point-CP001', /8\s°C/);
  await hands.request(driver, 'CP001');
  await point.press('engine-plug');
  await untilWhAbove(driver, 'energy', 0);
  await point.press('engine-unplug');
  await driver.press('ticket-ok');
  await network.local.ev('start', 'weather');
  await panel.reads('weather-monitor', 'en marcha', WITHIN_MS);
});

test('F-48 the API key is in no log, no audit file and not in the database', async () => {
  const secrets = formsOf('the OpenWeather key', API_KEY);
  const { folder } = network.local;
  assert.deepEqual(secretsBelow(join(folder, 'logs'), '.log', secrets), []);
  const rows = await network.database.ask<{ found: number }>(
    'SELECT count(*)::integer AS found FROM audit_log WHERE audit_log::text LIKE $1',
    [`%${API_KEY}%`],
  );
  assert.equal(rows[0]?.found, 0);
  assert.deepEqual(misdeedsBut50x(browser), []);
});
