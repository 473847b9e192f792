import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelPoint } from '../../testing/scenes.ts';
import { engineHealth, monitorHealth, sortedModules } from './module-list.ts';

test('modules keep their places: what everything needs first, unknown kinds last', () => {
  const ids = sortedModules([
    { moduleId: 'z', kind: 'novelty', status: 'UP' },
    { moduleId: 'registry a', kind: 'registry', status: 'DOWN' },
    { moduleId: 'kafka', kind: 'kafka', status: 'UP' },
    { moduleId: 'central b', kind: 'central', status: 'UP' },
  ]).map((one) => one.moduleId);
  assert.deepEqual(ids, ['central b', 'kafka', 'registry a', 'z']);
});

test('a lost Monitor is counted once, and nothing is claimed of the engine behind it', () => {
  const points = [
    panelPoint('CP3', { state: 'DISCONNECTED' }),
    panelPoint('CP1', { state: 'FAULTED' }),
    panelPoint('CP2'),
    ...Array.from({ length: 20 }, (_, n) => panelPoint(`X${n + 10}`, { state: 'DISCONNECTED' as const })),
  ];
  assert.deepEqual(engineHealth(points), { up: 1, all: 2, lost: ['CP1'], more: 0 });
  const { up, all, lost, more } = monitorHealth(points);
  assert.deepEqual([up, all, lost.length, more], [2, 23, 12, 9]);
});
