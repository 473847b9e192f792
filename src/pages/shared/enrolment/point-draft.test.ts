import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOfPoint, emptyPointDraft, pointFromDraft } from './point-draft.ts';

const typed = {
  ...emptyPointDraft(),
  ...{ cpId: ' CP004 ', zone: 'ALC', address: 'C/ Mayor 1', city: 'Elche', priceEuro: '0.29', powerKw: '7.4' },
};

test('a new point goes out in the API’s integers', () => {
  const point = pointFromDraft(typed);
  assert.equal(point.cpId, 'CP004');
  assert.equal(point.priceE4PerKwh, 2_900);
  assert.equal(point.maxPowerW, 7_400);
  assert.equal('latitude' in point, false);
});

test('a place is two coordinates or none', () => {
  assert.equal('latitude' in pointFromDraft({ ...typed, latitude: '38.3' }), false);
  const placed = pointFromDraft({ ...typed, latitude: '38.34517', longitude: '-0.48149' });
  assert.deepEqual([placed.latitude, placed.longitude], [38.34517, -0.48149]);
});

test('what is edited and saved unchanged is the same point', () => {
  const point = pointFromDraft({ ...typed, latitude: '38.3', longitude: '-0.4' });
  assert.deepEqual(pointFromDraft(draftOfPoint(point)), point);
});
