import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../io/clock.ts';
import { createConnectionBatch } from './connection-batch.ts';

const edge = { kind: 'monitor-connected', epoch: 1, instanceId: 'i', address: undefined } as const;

test('a storm of reconnections becomes few statements, and each Monitor is told when its own is stored', async () => {
  const sizes: number[] = [];
  const batch = createConnectionBatch(
    {
      async applyConnections(edges) {
        sizes.push(edges.length);
        await new Promise((resolve) => setTimeout(resolve, 5));
      },
    },
    systemClock,
  );
  await Promise.all(Array.from({ length: 1_200 }, (_, i) => batch.add(`CP${i}`, edge)));
  assert.deepEqual(sizes, [500, 500, 200]);
});

test('a batch that the database refuses is told to each of its Monitors, and the next one is tried', async () => {
  let calls = 0;
  const batch = createConnectionBatch(
    {
      async applyConnections() {
        calls += 1;
        if (calls === 1) throw new Error('away');
      },
    },
    systemClock,
  );
  const results = await Promise.allSettled([batch.add('CP1', edge), batch.add('CP2', edge)]);
  assert.deepEqual(
    results.map((one) => one.status),
    ['rejected', 'rejected'],
  );
  await batch.add('CP1', edge);
  assert.equal(calls, 2);
});
