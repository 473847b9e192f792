import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PointCard } from '../../messages/entities.ts';
import { centralToDriverExamples } from '../../messages/examples.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { createPoints } from './points.ts';

const [example] = centralToDriverExamples['points-chunk'].points as [PointCard];
const card = (cpId: string, version: number, state: PointCard['state'] = 'AVAILABLE'): PointCard => ({
  ...example,
  cpId,
  version,
  state,
});

function setUp() {
  const fake = createFakeClock();
  return createPoints({
    clock: ioClockOf(fake),
    upstream: () => ({ isCentralReachable: true }),
    dataAtMs: () => fake.nowMs(),
  });
}

test('a snapshot in chunks replaces the picture: what it does not name is gone', () => {
  const points = setUp();
  points.beginSnapshot();
  points.takeChunk([card('CP001', 1), card('CP002', 1)], true);
  points.beginSnapshot();
  points.takeChunk([card('CP002', 2)], false);
  points.takeChunk([card('CP003', 1)], true);
  assert.deepEqual(
    points
      .all()
      .map((one) => one.cpId)
      .toSorted(),
    ['CP002', 'CP003'],
  );
  points.feed.stop();
});

test('a change that overtook the snapshot wins over it', () => {
  const points = setUp();
  points.beginSnapshot();
  points.takeChanges([card('CP001', 9, 'CHARGING')]);
  points.takeChunk([card('CP001', 8)], true);
  assert.equal(points.all()[0]?.state, 'CHARGING');
  points.feed.stop();
});

test('an older change is ignored, an equal version tells what only time did, a retired point goes', () => {
  const points = setUp();
  points.takeChanges([card('CP001', 5, 'CHARGING')]);
  points.takeChanges([card('CP001', 4, 'AVAILABLE')]);
  assert.equal(points.all()[0]?.state, 'CHARGING');
  points.takeChanges([card('CP001', 5, 'DISCONNECTED')]);
  assert.equal(points.all()[0]?.state, 'DISCONNECTED');
  points.takeChanges([{ ...card('CP001', 6), isRetired: true }]);
  assert.deepEqual(points.all(), []);
  points.feed.stop();
});
