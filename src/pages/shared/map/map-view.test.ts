import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointCard } from '../../testing/scenes.ts';
import {
  areInseparable,
  cityLabels,
  fitView,
  moved,
  onScreen,
  pinsOf,
  placedPoints,
  project,
  zoomed,
} from './map-view.ts';

const HERE = { latitude: 40.4, longitude: -3.7 };
const BOX = { widthPx: 600, heightPx: 400 };
const { placed, unplaced } = placedPoints([
  pointCard('A', HERE),
  pointCard('B', { ...HERE, longitude: -3.701 }),
  pointCard('C', { latitude: 38.3, longitude: -0.5, city: 'Elche' }),
  pointCard('D'),
]);
const view = fitView(
  placed.map(({ place }) => place),
  BOX,
);
const cpIds = (points: readonly { cpId: string }[]) => points.map(({ cpId }) => cpId);

test('a place stays under the pointer while zooming, near points share a pin, the Canaries are beside', () => {
  assert.deepEqual(cpIds(unplaced), ['D']);
  assert.deepEqual(
    pinsOf(placed, view, BOX).map(({ points }) => cpIds(points)),
    [['A', 'B'], ['C']],
  );
  const at = onScreen(placed[2]!.place, view, BOX);
  const after = onScreen(placed[2]!.place, zoomed(view, 4, { at, box: BOX }), BOX);
  assert.ok(Math.hypot(after.x - at.x, after.y - at.y) < 0.001);
  assert.deepEqual(
    cityLabels(placed, view, BOX).map(({ city }) => city),
    ['Alicante', 'Elche'],
  );
  assert.ok(project(-15.4, 28.1).x > -10);
});

test('no pin covers another, wherever the grid of the map cuts; what leaves the picture has none', () => {
  const row = Array.from({ length: 40 }, (_, n) => pointCard(`P${n}`, { latitude: 40, longitude: -4 + n * 0.013 }));
  const many = placedPoints(row).placed;
  const pins = pinsOf(many, { middle: project(-3.7, 40), pxPerDegree: 1_200 }, BOX);
  assert.ok(pins.length > 3);
  for (const [index, { at }] of pins.entries())
    for (const other of pins.slice(index + 1)) assert.ok(Math.hypot(at.x - other.at.x, at.y - other.at.y) >= 46);
  assert.deepEqual(pinsOf(placed, moved(view, { x: 9_000, y: 0 }), BOX), []);
});

test('points of one address stay one pin at any distance, points of one town do not', () => {
  assert.equal(areInseparable([pointCard('A', HERE), pointCard('B', { ...HERE, longitude: -3.7001 })]), true);
  assert.equal(areInseparable([pointCard('A', HERE), pointCard('B', { ...HERE, longitude: -3.72 })]), false);
});
