import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelPoint } from '../../testing/scenes.ts';
import { draftOf, previewOf, readDraft } from './threshold-draft.ts';

test('S-WEA-15 thresholds are read as people type them, and what cannot be saved says why', () => {
  assert.deepEqual(readDraft({ min: '5', max: '40' }), { thresholds: { minCc: 500, maxCc: 4_000 } });
  assert.deepEqual(readDraft({ min: '−3,5', max: ' 40.25 ' }), { thresholds: { minCc: -350, maxCc: 4_025 } });
  assert.deepEqual(readDraft({ min: '40', max: '5' }), { problem: 'ORDER' });
  assert.deepEqual(readDraft({ min: '-41', max: '5' }), { problem: 'RANGE' });
  assert.deepEqual(readDraft({ min: '', max: '5' }), { problem: 'RANGE' });
  assert.deepEqual(readDraft({ min: '1e1', max: '5' }), { problem: 'RANGE' });
  assert.deepEqual(draftOf({ minCc: -350, maxCc: 4_000 }), { min: '-3.5', max: '40' });
});

test('S-WEA-15 the preview names the points of the cities that would stop or come back', () => {
  const place = { country: 'ES', pointCount: 1, isSimulated: false };
  const places = [
    { ...place, locationId: 1, city: 'Alicante', temperatureCc: 450 },
    { ...place, locationId: 2, city: 'Ávila', temperatureCc: -310, alert: 'LOW_TEMP' as const },
    { ...place, locationId: 3, city: 'Sin datos' },
  ];
  const points = [1, 1, 2, 3].map((locationId, index) => panelPoint(`CP${index + 1}`, { locationId }));
  const { stopped, freed } = previewOf({ minCc: 500, maxCc: 4_000 }, places, points);
  assert.deepEqual([stopped.map((one) => one.cpId), freed], [['CP1', 'CP2'], []]);
  assert.deepEqual(
    previewOf({ minCc: -1_000, maxCc: 4_000 }, places, points).freed.map((one) => one.cpId),
    ['CP3'],
  );
});
