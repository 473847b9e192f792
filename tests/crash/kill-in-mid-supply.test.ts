import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDice, type Dice } from '../../src/testing/crash-model-dice.ts';
import type { Pair } from '../../src/testing/crash-person.ts';
import { crashRound, type Victim } from '../../src/testing/crash-round.ts';
import { type Network, startNetwork } from '../../src/testing/network-processes.ts';
import { testSeed } from '../../src/testing/seed.ts';

const POINTS = ['CP001', 'CP002'];
const ROUNDS = 2;

let network: Network;
let pairs: Pair[];
let dice: Dice;
before(async () => {
  dice = createDice(testSeed('kill in mid-supply'));
  network = await startNetwork({ points: POINTS.length, drivers: 1, env: { ENGINE_SPEED: '20' } });
  pairs = [];
  for (const [index, cpId] of POINTS.entries()) {
    await network.untilPoint(cpId, 'AVAILABLE');
    pairs.push({ driver: await network.newDriver(`ANA${index + 1}`), point: network.point(cpId) });
  }
});
after(() => network?.stop());

async function killed(victim: Victim): Promise<Set<string | null>> {
  const reasons = new Set<string | null>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const result = await crashRound(network, { victim, pairs, dice, isAnywhere: false });
    assert.equal(result.livedThroughKill.length, POINTS.length, 'each supply was open when it was killed');
    for (const supply of result.livedThroughKill) {
      assert.deepEqual([supply.tickets, supply.corrections, supply.is_estimated], [1, 0, false]);
      reasons.add(supply.end_reason);
    }
    const seconds = result.recoveredAfterMs.map((ms) => (ms / 1_000).toFixed(1)).join(' and ');
    console.log(
      `${victim}: ${result.livedThroughKill.length} supplies lived through it, usable again after ${seconds} s`,
    );
  }
  return reasons;
}

test('D-08: kill -9 of the Monitors: the charges go on to their normal end', async () => {
  assert.deepEqual([...(await killed('monitor'))], ['UNPLUGGED']);
});

test('D-10 F-20: kill -9 of the engines: each charge is ticketed with the last Wh on disk, once', async () => {
  assert.deepEqual([...(await killed('engine'))], ['ENGINE_RESTART']);
});

test('F-18 F-63: kill -9 of the driver app: the charges go on, and the page comes back with the ticket', async () => {
  assert.deepEqual([...(await killed('driver'))], ['UNPLUGGED']);
});

test('D-09 F-12 F-19 F-30: kill -9 of Central: the charges go on, everybody is back by himself, one ticket each', async () => {
  assert.deepEqual([...(await killed('central'))], ['UNPLUGGED']);
});

test('F-11: kill -9 of Kafka: what happened meanwhile is ticketed when it is back', async () => {
  assert.deepEqual([...(await killed('kafka'))], ['UNPLUGGED']);
});

test('F-12: kill -9 of PostgreSQL: nothing that was committed is lost, and what was not is done again', async () => {
  assert.deepEqual([...(await killed('postgres'))], ['UNPLUGGED']);
});
