import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createHttpClient, type HttpClient } from '../../src/io/http/client.ts';
import type { PanelPoint } from '../../src/messages/live-stream.ts';
import type { DriverPerson } from '../../src/testing/network-driver.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { untilAsked } from '../../src/testing/until.ts';

let network: Network;
let simulator: HttpClient;
let ana: DriverPerson;
before(async () => {
  network = await startNetwork({ points: 1, drivers: 1, env: { ENGINE_SPEED: '60' } });
  simulator = createHttpClient({ baseUrl: (await network.local.read()).weatherSimUrl ?? '' });
  await network.untilPoint('CP001', 'AVAILABLE');
  ana = await network.newDriver('ANA');
});
after(() => network?.stop());

async function setTemperature(celsius: number): Promise<void> {
  const { city, country } = await network.panel.get<PanelPoint>('/api/charging_points/CP001');
  const path = `/api/places/${country}/${encodeURIComponent(city)}`;
  const { status } = await simulator.send('PUT', path, { body: { temperatureCc: celsius * 100 } });
  assert.equal(status, 200);
}

/** What the driver's page shows, and what the engine itself would answer. */
async function untilEverywhere(state: 'AVAILABLE' | 'OUT_OF_SERVICE'): Promise<void> {
  await network.untilPoint('CP001', state);
  await untilAsked(`the driver's app shows ${state}`, async () => (await ana.points())[0]?.state === state);
  const isHeld = state === 'OUT_OF_SERVICE';
  const ofEngine = async () => (await network.point('CP001').engine()).holds.includes('WEATHER');
  await untilAsked(`the engine is ${isHeld ? '' : 'not '}held`, async () => (await ofEngine()) === isHeld);
}

/** What Central itself says, not the panel's last picture of it. */
async function untilCentralSays(state: 'AVAILABLE' | 'OUT_OF_SERVICE'): Promise<void> {
  const says = async () => (await network.freshStates())?.get('CP001') === state;
  await untilAsked(`Central says ${state}`, says, 60_000);
}

test('S-DB-15, F-41: a backup that was taken during a weather alert is restored in mild weather: the next reports drop the hold, and everybody follows what changes from then on', async () => {
  const { folder, ev } = network.local;
  const passphraseFile = join(folder, 'passphrase');
  const archive = join(folder, 'network.evb');
  await writeFile(passphraseFile, 'correct horse battery staple\n', { mode: 0o600 });
  await setTemperature(-5);
  await untilEverywhere('OUT_OF_SERVICE');
  await ev('admin', 'backup', archive, '--passphrase-file', passphraseFile);
  await setTemperature(15);
  await untilEverywhere('AVAILABLE');
  // What happens after the backup makes everybody know newer versions of the point than the backup has.
  const { supplyId } = await ana.charge('CP001');
  await network.point('CP001').plugWhenAuthorised();
  await network.point('CP001').unplug();
  await ana.ticketOf(supplyId);
  await ev('stop', 'central', 'registry');
  await ev('admin', 'restore', archive, '--passphrase-file', passphraseFile, '--replace');
  await ev('start', 'central', 'registry');
  await untilCentralSays('AVAILABLE');
  // The app hears of Central by another way than the panel.
  const hearsCentral = () => ana.app.get('/readyz').then(Boolean, () => false);
  await untilAsked('the driver app hears Central', hearsCentral, 60_000);
  // Logins are not restored, the account of the backup is.
  ana = await network.logIn('ANA');
  await untilEverywhere('AVAILABLE');
  await setTemperature(-5);
  await untilEverywhere('OUT_OF_SERVICE');
  await setTemperature(15);
  await untilEverywhere('AVAILABLE');
  const next = await ana.charge('CP001');
  await ana.stop(next.supplyId);
});
