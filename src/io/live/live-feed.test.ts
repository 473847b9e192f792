import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveChanges, LiveFrame, LiveHello } from '../../messages/live-stream.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { createLiveFeed, type LiveSocket } from './live-feed.ts';

type Viewer = LiveSocket & {
  frames: LiveFrame[];
  raw: string[];
  bufferedAmount: number;
  isTerminated: boolean;
  leave(): void;
};

function viewer(): Viewer {
  const listeners: (() => void)[] = [];
  const one: Viewer = {
    frames: [],
    raw: [],
    bufferedAmount: 0,
    readyState: 1,
    isTerminated: false,
    send: (data) => {
      one.raw.push(data);
      one.frames.push(JSON.parse(data) as LiveFrame);
    },
    terminate: () => {
      one.isTerminated = true;
    },
    on: (_event, listener) => listeners.push(listener),
    leave: () => {
      for (const listener of listeners) listener();
    },
  };
  return one;
}

function setUp() {
  const fake = createFakeClock();
  const feed = createLiveFeed({
    feed: 'panel',
    clock: ioClockOf(fake),
    upstream: () => ({ isCentralReachable: true }),
    maxBufferedBytes: 1_000,
  });
  return { feed, fake };
}

test('who joins gets the whole picture, then only what changed, the newest of several', () => {
  const { feed, fake } = setUp();
  feed.set('points', 'CP001', { state: 'AVAILABLE' });
  const one = viewer();
  feed.attach(one);
  const hello = one.frames[0] as LiveHello;
  assert.deepEqual(hello.snapshot, { points: { CP001: { state: 'AVAILABLE' } } });
  feed.set('points', 'CP001', { state: 'CHARGING' });
  feed.set('points', 'CP001', { state: 'FAULTED' });
  feed.set('points', 'CP002', { state: 'AVAILABLE' });
  fake.advance(250);
  const changes = one.frames[1] as LiveChanges;
  assert.equal(changes.seq, hello.seq + 1);
  assert.deepEqual(changes.changes, [
    ['points', 'CP001', { state: 'FAULTED' }],
    ['points', 'CP002', { state: 'AVAILABLE' }],
  ]);
  feed.stop();
});

test('a frame is serialised once for all viewers and nothing is said when nothing changed', () => {
  const { feed, fake } = setUp();
  const [one, two] = [viewer(), viewer()];
  feed.attach(one);
  feed.attach(two);
  feed.set('points', 'CP001', { n: 1 });
  fake.advance(1_000);
  assert.equal(one.raw.length, 2);
  assert.equal(one.raw[1], two.raw[1]);
  feed.stop();
});

test('a late joiner and the others count on from the same seq', () => {
  const { feed, fake } = setUp();
  const [early, late] = [viewer(), viewer()];
  feed.attach(early);
  feed.set('points', 'CP001', { n: 1 });
  feed.attach(late);
  feed.set('points', 'CP001', { n: 2 });
  fake.advance(250);
  assert.deepEqual(
    early.frames.map((frame) => frame.seq),
    [0, 1, 2],
  );
  assert.deepEqual(
    late.frames.map((frame) => frame.seq),
    [1, 2],
  );
  feed.stop();
});

test('readings reach viewers and late joiners, and go with their supply', () => {
  const { feed, fake } = setUp();
  const one = viewer();
  feed.attach(one);
  feed.setReading([3, 47_000, 120, 3]);
  feed.setReading([3, 47_100, 133, 3]);
  fake.advance(250);
  assert.deepEqual((one.frames[1] as LiveChanges).readings, [[3, 47_100, 133, 3]]);
  const late = viewer();
  feed.attach(late);
  assert.deepEqual((late.frames[0] as LiveHello).readings, [[3, 47_100, 133, 3]]);
  feed.dropReading(3);
  const later = viewer();
  feed.attach(later);
  assert.deepEqual((later.frames[0] as LiveHello).readings, []);
  feed.stop();
});

test('a viewer that cannot keep up is dropped, the others are not kept waiting', () => {
  const { feed, fake } = setUp();
  const [slow, quick] = [viewer(), viewer()];
  feed.attach(slow);
  feed.attach(quick);
  slow.bufferedAmount = 2_000;
  feed.set('points', 'CP001', { n: 1 });
  fake.advance(250);
  assert.equal(slow.isTerminated, true);
  assert.equal(quick.frames.length, 2);
  slow.leave();
  assert.equal(feed.viewerCount, 1);
  feed.stop();
});

test('a beat comes every two seconds and a reset is a new hello for all', () => {
  const { feed, fake } = setUp();
  const one = viewer();
  feed.attach(one);
  fake.advance(4_000);
  assert.deepEqual(
    one.frames.slice(1).map((frame) => frame.type),
    ['beat', 'beat'],
  );
  feed.reset({ points: {} });
  assert.equal(one.frames.at(-1)?.type, 'hello');
  feed.stop();
});

test('a page that was closed before it could be served is no viewer: nobody would tell of its end', () => {
  const { feed } = setUp();
  feed.attach(Object.assign(viewer(), { readyState: 3 }));
  assert.equal(feed.viewerCount, 0);
});
