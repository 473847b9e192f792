import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointCard } from '../../testing/scenes.ts';
import { fitView, gridOf, labelsOf, latitudeOf, mercatorY, moved, pinsOf, zoomed } from './map-view.ts';

const ALICANTE = { city: 'Alicante', latitude: 38.3452, longitude: -0.4953 };
const points = [
  pointCard('CP1', ALICANTE),
  pointCard('CP2', { ...ALICANTE, latitude: 38.3453 }),
  pointCard('CP3', { city: 'Madrid', latitude: 40.4189, longitude: -3.6962 }),
  pointCard('CP4'),
];

test('all points with a place are in the first view, those that cover each other share a pin, north is up', () => {
  const pins = pinsOf(points, fitView(points));
  assert.deepEqual(
    pins.map((pin) => pin.points.map(({ cpId }) => cpId)),
    [['CP1', 'CP2'], ['CP3']],
  );
  const [alicante, madrid] = pins;
  assert.ok(madrid!.y < alicante!.y && madrid!.x < alicante!.x);
  assert.deepEqual(
    labelsOf(points, fitView(points)).map(({ text }) => text),
    ['Alicante', 'Madrid'],
  );
});

test('zooming and moving keep the middle and the scale; what leaves the picture has no pin', () => {
  const view = fitView(points);
  const near = zoomed(view, 0.5);
  assert.ok(Math.abs(near.left + near.width / 2 - (view.left + view.width / 2)) < 1e-9);
  assert.equal(pinsOf(points, moved(view, { x: 3, y: 0 })).length, 0);
  assert.ok(zoomed(view, 1e-9).width > 0);
});

test('the grid lies inside the picture, and Mercator goes there and back', () => {
  const { meridians, parallels } = gridOf(fitView(points));
  assert.ok(meridians.length >= 3 && parallels.length >= 2);
  assert.ok([...meridians, ...parallels].every(([, share]) => share >= -1e-9 && share <= 1 + 1e-9));
  assert.ok(Math.abs(latitudeOf(mercatorY(40.4)) - 40.4) < 1e-9);
  assert.equal(pinsOf([], fitView([])).length, 0);
});
