import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { ApiRefused } from '../../src/testing/api-client.ts';
import { brokenBooks } from '../../src/testing/network-database.ts';
import type { DriverPerson } from '../../src/testing/network-driver.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { untilAsked } from '../../src/testing/until.ts';

const CP_IDS = ['CP001', 'CP002'];
const SOAK_MS = Number(process.env.SOAK_MS ?? 20_000);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** Nothing of this network may take as long, also on a busy machine: a lock taken twice would last for ever. */
const FROZEN_MS = 20_000;
const PAUSE_MS = 100;

let network: Network;
let people: DriverPerson[];
before(async () => {
  network = await startNetwork({
    points: CP_IDS.length,
    drivers: 1,
    env: { ENGINE_SPEED: '60', PLUG_TIMEOUT_MS: '5000' },
  });
  for (const cpId of CP_IDS) await network.untilPoint(cpId, 'AVAILABLE');
  await network.logInAsAdmin();
  people = await Promise.all(['ANA', 'BEN', 'CLARA', 'DANI'].map((driverId) => network.newDriver(driverId)));
});
after(() => network?.stop());

/** What a hand may do; refusals are answers too. */
function action(name: string, cpId: string, person: DriverPerson): Promise<unknown> {
  const point = network.point(cpId);
  const openSupply = person.me()?.openSupply;
  switch (name) {
    case 'request':
      return person.request(cpId);
    case 'driver-stop':
      return openSupply === undefined ? person.points() : person.stop(openSupply.supplyId);
    case 'anonymous':
      return point.start();
    case 'plug':
      return point.plug();
    case 'unplug':
      return point.unplug();
    case 'point-stop':
      return point.stop();
    case 'fault':
      return point.setFault(true).then(() => point.setFault(false));
    case 'hold':
      return point.setLocalHold(true).then(() => point.setLocalHold(false));
    case 'operator':
      return network.order('STOP', [cpId]).then(() => network.order('RESUME', [cpId]));
    default:
      return person.history();
  }
}

const NAMES = [
  ...['request', 'request', 'request', 'plug', 'plug', 'plug', 'unplug', 'driver-stop', 'anonymous'],
  ...['point-stop', 'fault', 'hold', 'operator', 'history'],
];

test(`random hands at all pages at once freeze nothing, and leave the books in order (F-33, seed ${SEED})`, async () => {
  const endMs = performance.now() + SOAK_MS;
  let done = 0;
  let slowestMs = 0;
  const hand = async (index: number): Promise<void> => {
    const steps = fc.sample(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...CP_IDS)), {
      ...{ seed: SEED + index, numRuns: Math.ceil(SOAK_MS / PAUSE_MS) },
    });
    const person = people[index % people.length] as DriverPerson;
    for (const [name, cpId] of steps) {
      if (performance.now() > endMs) return;
      const beganMs = performance.now();
      await action(name, cpId, person).catch((error: unknown) => {
        if (!(error instanceof ApiRefused) || error.status === 500) throw error;
      });
      done += 1;
      slowestMs = Math.max(slowestMs, performance.now() - beganMs);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  await Promise.all(people.map((_, index) => hand(index)));
  assert.ok(done > SOAK_MS / 1_000, `${done} actions`);
  assert.ok(slowestMs < FROZEN_MS, `the slowest of ${done} actions took ${Math.round(slowestMs)} ms`);

  for (const cpId of CP_IDS)
    await network
      .point(cpId)
      .stop()
      .catch(() => undefined);
  for (const cpId of CP_IDS)
    await network
      .point(cpId)
      .unplug()
      .catch(() => undefined);
  let broken: string[] = [];
  const isSettled = async () => {
    broken = await brokenBooks(network.database);
    return broken.length === 0;
  };
  await untilAsked('the books are in order', isSettled, 60_000).catch(() => assert.deepEqual(broken, []));
  await network.order('RESUME');
  for (const cpId of CP_IDS) await network.untilPoint(cpId, 'AVAILABLE');
  const { processes } = await network.local.read();
  assert.deepEqual(
    processes.filter((one) => one.restarts > 0).map((one) => one.name),
    [],
    'no process died of it',
  );
});
