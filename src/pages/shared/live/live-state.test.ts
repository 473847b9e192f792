import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveHello } from '../../../messages/live-stream.ts';
import { applyFrame, type FeedState } from './live-state.ts';

const hello: LiveHello = {
  type: 'hello',
  feed: 'panel',
  streamId: 'a',
  seq: 7,
  serverTimeMs: 1_000,
  dataAtMs: 1_000,
  upstream: { isCentralReachable: true },
  snapshot: { points: { CP001: { cpId: 'CP001' } }, supplies: { s1: { supplyId: 's1', readingIndex: 4 } } },
  readings: [[4, 1_000, 20, 1]],
};

function greeted(): FeedState {
  const state = applyFrame(undefined, hello, 50);
  assert.notEqual(state, 'GAP');
  return state as FeedState;
}

test('a hello replaces everything known before', () => {
  const next = applyFrame(greeted(), { ...hello, streamId: 'b', seq: 0, snapshot: { points: {} }, readings: [] }, 60);
  assert.deepEqual(next, {
    streamId: 'b',
    seq: 0,
    dataAtMs: 1_000,
    upstream: { isCentralReachable: true },
    collections: { points: {} },
    readings: {},
  });
});

test('changes replace, add and remove entities and leave untouched collections as they were', () => {
  const before = greeted();
  const after = applyFrame(
    before,
    {
      type: 'changes',
      feed: 'panel',
      seq: 8,
      serverTimeMs: 2_000,
      changes: [
        ['points', 'CP001', null],
        ['points', 'CP002', { cpId: 'CP002' }],
      ],
    },
    70,
  ) as FeedState;
  assert.deepEqual(after.collections.points, { CP002: { cpId: 'CP002' } });
  assert.equal(after.collections.supplies, before.collections.supplies);
  assert.deepEqual(before.collections.points, { CP001: { cpId: 'CP001' } });
  assert.equal(after.dataAtMs, 2_000);
});

test('a missed change, a beat ahead of what is known and a change before hello are gaps', () => {
  const changes = { type: 'changes', feed: 'panel', serverTimeMs: 2_000, changes: [] } as const;
  assert.equal(applyFrame(greeted(), { ...changes, seq: 9 }, 0), 'GAP');
  assert.equal(applyFrame(greeted(), { ...changes, seq: 7 }, 0), 'GAP');
  assert.equal(applyFrame(undefined, { ...changes, seq: 8 }, 0), 'GAP');
  const { snapshot: _snapshot, readings: _readings, streamId: _streamId, ...rest } = hello;
  assert.equal(applyFrame(greeted(), { ...rest, type: 'beat', seq: 8 }, 0), 'GAP');
});

test('the figures of a closed supply do not show at the next one with the same reading index', () => {
  const after = applyFrame(
    greeted(),
    { type: 'changes', feed: 'panel', seq: 8, serverTimeMs: 2_000, changes: [['supplies', 's1', null]] },
    70,
  ) as FeedState;
  assert.deepEqual(after.readings, {});
});

test('a reading keeps the moment at which it came', () => {
  const after = applyFrame(
    greeted(),
    { type: 'changes', feed: 'panel', seq: 8, serverTimeMs: 2_000, changes: [], readings: [[4, 2_000, 25, 2]] },
    70,
  ) as FeedState;
  assert.deepEqual(after.readings[4], { powerW: 2_000, energyWh: 25, amountCents: 2, receivedAtMs: 70 });
});

test('while Central is away the age of the data keeps growing whatever else changes', () => {
  const away = applyFrame(greeted(), { ...hello, upstream: { isCentralReachable: false } }, 60) as FeedState;
  const after = applyFrame(
    away,
    { type: 'changes', feed: 'panel', seq: 8, serverTimeMs: 9_000, changes: [['me', 'me', {}]] },
    70,
  ) as FeedState;
  assert.equal(after.dataAtMs, 1_000);
});
