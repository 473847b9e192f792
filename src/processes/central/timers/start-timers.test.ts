import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../io/log.ts';
import { countingClock } from '../../../testing/counting-clock.ts';
import { createFakeClock } from '../../../testing/fake-clock.ts';
import { ioClockOf } from '../../../testing/io-clock.ts';
import type { CentralRooms } from '../central-rooms.ts';
import { startTimers } from './start-timers.ts';

test('Central stops while a new zone waits for a broker that is away: the wait ends only with what is stopped later', async () => {
  const fake = createFakeClock();
  const counted = countingClock(ioClockOf(fake));
  const asked: string[] = [];
  const connection = Promise.withResolvers<void>();
  const channels = {
    addZone: (zone: string) => {
      asked.push(zone);
      return connection.promise;
    },
  };
  const rooms = {
    ...{ clock: counted.clock, log: createLog('test', { level: 'silent' }), audit: {}, points: {}, replica: {} },
    database: { rows: async () => [], row: async () => undefined, run: async () => 0 },
    picture: { points: () => [] },
    late: { isDatabaseUp: true, replicas: [], channels },
  } as unknown as CentralRooms;
  const timers = startTimers(rooms, { newZones: new Set(['MAD']), knownZones: new Set() });
  fake.advance(500);
  assert.deepEqual(asked, ['MAD']);
  let isStopped = false;
  void Promise.resolve(timers.stop()).then(() => {
    isStopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([isStopped, counted.repeating], [true, 0]);
  connection.reject(new Error('the connection was closed'));
});
