import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { createLog } from '../log.ts';
import type { Database } from './database.ts';
import { signInService } from './service-instances.ts';

test('S-REG-12 a service says good-bye after its last sign of life, never before: that would be taken for a fall', async () => {
  const fake = createFakeClock();
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const db = {
    run: (statement: string) => {
      asked.push(statement.slice(0, 6));
      return new Promise<number>((resolve) => answers.push(() => resolve(1)));
    },
  } as unknown as Database;
  const parts = { db, clock: ioClockOf(fake), log: createLog('test', { level: 'silent' }) };
  const signedIn = signInService(parts, { instanceId: 'i', kind: 'registry', url: 'https://r', version: '1' });
  answers[0]?.();
  fake.advance(5_000);
  const stopping = signedIn.stop();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(asked, ['INSERT', 'INSERT']);
  answers[1]?.();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(asked, ['INSERT', 'INSERT', 'DELETE']);
  answers[2]?.();
  await stopping;
});
