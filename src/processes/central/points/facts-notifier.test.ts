import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../io/log.ts';
import { createFakeClock } from '../../../testing/fake-clock.ts';
import { ioClockOf } from '../../../testing/io-clock.ts';
import { startFactsNotifier } from './facts-notifier.ts';

function start(answer: () => Promise<number>) {
  const fake = createFakeClock();
  const payloads: string[] = [];
  const database = {
    run: (_statement: unknown, values: readonly unknown[] = []) => {
      payloads.push(String(values[1]));
      return answer();
    },
  };
  const log = createLog('test', { level: 'silent' });
  return { fake, payloads, notifier: startFactsNotifier({ database, clock: ioClockOf(fake), log, replicaId: 'r1' }) };
}

test('a burst of changes is told once, each point once', async () => {
  const { fake, payloads, notifier } = start(async () => 1);
  notifier.changed(['CP1', 'CP2']);
  notifier.changed(['CP2', 'CP3']);
  fake.advance(100);
  await notifier.stop();
  assert.deepEqual(payloads, ['r1 CP1 CP2 CP3']);
});

test('a notice never outgrows what PostgreSQL takes (8,000 bytes), with the longest ids', async () => {
  const { payloads, notifier } = start(async () => 1);
  notifier.changed(Array.from({ length: 1_000 }, (_, index) => `CP${index}`.padEnd(32, 'X')));
  await notifier.stop();
  assert.ok(payloads.every((payload) => payload.length < 8_000));
  assert.equal(payloads.flatMap((payload) => payload.split(' ').slice(1)).length, 1_000);
});

test('F-61 what could not be told while the database was away is told when it is back', async () => {
  let isAway = true;
  const { fake, payloads, notifier } = start(async () => {
    if (isAway) throw new Error('away');
    return 1;
  });
  notifier.changed(['CP1']);
  fake.advance(100);
  await new Promise(setImmediate);
  isAway = false;
  fake.advance(100);
  await notifier.stop();
  assert.deepEqual(payloads, ['r1 CP1', 'r1 CP1']);
});
