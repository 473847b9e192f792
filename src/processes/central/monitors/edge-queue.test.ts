import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../io/clock.ts';
import { DatabaseUnavailable } from '../../../io/postgres/database.ts';
import { until } from '../../../testing/until.ts';
import type { FactsEdge } from '../parts.ts';
import { createEdgeQueue } from './edge-queue.ts';

const actor = { entity: 'cp:CP1' };
const outcome = { supply: null, wasKnown: true };
const ok = { kind: 'engine-health', epoch: 1, isEngineOk: true, isChannelUp: true } as const;
const ko = { ...ok, isEngineOk: false, code: 'SIMULATED' } as const;
const lost = { kind: 'monitor-lost', epoch: 1 } as const;

test('edges told while the database is away are stored once it is back: the last health and the loss, in order', async () => {
  const stored: FactsEdge[] = [];
  let isAway = true;
  const faults: unknown[] = [];
  const queue = createEdgeQueue({
    clock: systemClock,
    onFault: (_cpId, _edge, fault) => faults.push(fault),
    points: {
      async apply(_cpId, change) {
        if (isAway) throw new DatabaseUnavailable('away');
        if ('edge' in change) stored.push(change.edge);
        return outcome;
      },
    },
  });
  queue.put('CP1', ok, actor);
  for (const edge of [ko, ok, ko, lost]) queue.put('CP1', edge, actor);
  assert.equal(queue.waitingCount, 3, 'healths between the first, on its way, and the last are no news any more');
  isAway = false;
  await until('stored', () => queue.waitingCount === 0);
  assert.deepEqual(stored, [ok, ko, lost]);
  assert.deepEqual(faults, []);
  queue.stop();
});

test('a fault that waiting does not cure is told, and does not hold back what comes after it, nor another point', async () => {
  const stored: string[] = [];
  const faults: string[] = [];
  const queue = createEdgeQueue({
    clock: systemClock,
    onFault: (cpId, edge) => faults.push(`${cpId} ${edge.kind}`),
    points: {
      async apply(cpId, change) {
        if ('edge' in change && change.edge.kind === 'engine-health') throw new Error('bad');
        stored.push(cpId);
        return outcome;
      },
    },
  });
  queue.put('CP1', ok, actor);
  queue.put('CP1', lost, actor);
  queue.put('CP2', lost, actor);
  await until('stored', () => queue.waitingCount === 0);
  assert.deepEqual(stored.toSorted(), ['CP1', 'CP2']);
  assert.deepEqual(faults, ['CP1 engine-health']);
  queue.stop();
});
