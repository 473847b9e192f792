import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveShape, niceTop, readingAt } from './curve-shape.ts';

test('axes end on numbers that one can read, and the limit of the point is in the picture', () => {
  assert.deepEqual([0, 3, 47_230, 50_000, 312].map(niceTop), [1, 5, 50_000, 50_000, 500]);
  const shape = curveShape(
    [
      [0, 0, 0],
      [1, 47_230, 13],
    ],
    150_000,
  );
  assert.equal(shape.topPowerW, 200_000);
  assert.equal(shape.limitY, 25);
});

test('missing readings are a gap and never a line or a zero', () => {
  const points = [0, 1, 2, 3, 30, 31].map((second) => [second, 20_000, second * 5]);
  const { powerLine, powerArea } = curveShape(points);
  assert.equal(powerLine.split('M').length - 1, 2);
  assert.equal(powerArea.split('Z').length - 1, 2);
  assert.equal(curveShape([]).powerLine, '');
});

test('who looks in mid-charge sees the time since the plug, from the first reading to the last', () => {
  const points = [300, 301, 340].map((second) => [second, 20_000, second * 5]);
  const shape = curveShape(points);
  assert.deepEqual([shape.startSecond, shape.spanSeconds], [300, 40]);
  assert.match(shape.powerLine, /^M0 /);
  assert.deepEqual(
    [0, 0.02, 0.4, 1].map((share) => readingAt(points, shape, share)),
    [0, 1, 1, 2],
  );
});
