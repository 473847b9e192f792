import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { systemClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { DISPATCH_LIMITS } from './central-contract.ts';
import { Dispatch, GIVEN_UP, type Task } from './dispatch.ts';
import type { IncomingRecord } from './kafka-records.ts';

const log = createLog('dispatch-test', { level: 'silent' });
const record = (offset: number, client: string): IncomingRecord => ({
  topic: 't',
  partition: 0,
  offset: BigInt(offset),
  appendedAtMs: 0,
  key: Buffer.from(client),
  headers: [],
  value: null,
});
const clientOf = ({ key }: IncomingRecord) => key!.toString();

function bench(work: (task: Task) => undefined | Promise<unknown>, limits: Partial<typeof DISPATCH_LIMITS> = {}) {
  const committed: bigint[] = [];
  let drained = 0;
  const dispatch = new Dispatch({
    limits: { ...DISPATCH_LIMITS, commitEveryMs: 3_600_000, ...limits },
    clock: systemClock,
    log,
    seriesOf: clientOf,
    work,
    commit: async ([only]) => {
      committed.push(only!.nextOffset);
    },
    onDrained: () => {
      drained += 1;
    },
  });
  return { dispatch, committed, drained: () => drained };
}

/** Work that ends when the test says so. */
function held() {
  const doors = new Map<bigint, () => void>();
  const begun: bigint[] = [];
  const work = ({ record: { offset } }: Task) => {
    begun.push(offset);
    return new Promise<void>((resolve) => doors.set(offset, resolve));
  };
  const finish = async (offset: bigint) => {
    doors.get(offset)!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { work, begun, finish };
}

test('one client in series, others at the same time; nothing unfinished is committed over (F-12, F-34)', async () => {
  const { work, begun, finish } = held();
  const { dispatch, committed } = bench(work);
  dispatch.accept([record(0, 'slow'), record(1, 'slow'), record(2, 'quick'), record(3, 'other')]);
  assert.deepEqual(begun, [0n, 2n, 3n]);
  await finish(2n);
  await finish(3n);
  await dispatch.commitFinished();
  assert.deepEqual(committed, []);
  await finish(0n);
  assert.deepEqual(begun, [0n, 2n, 3n, 1n]);
  await dispatch.commitFinished();
  assert.deepEqual(committed, [1n]);
  await finish(1n);
  await dispatch.commitFinished();
  assert.deepEqual(committed, [1n, 4n]);
  await dispatch.stop();
});

test('what is done at once needs no queue and is committed', async () => {
  const { dispatch, committed } = bench(() => undefined);
  dispatch.accept(Array.from({ length: 1_000 }, (_, offset) => record(offset, `c${offset % 7}`)));
  assert.equal(dispatch.queued, 0);
  await dispatch.commitFinished();
  assert.deepEqual(committed, [1_000n]);
  await dispatch.stop();
});

test('reading pauses when the queue is full and goes on when there is room', async () => {
  const { work, finish } = held();
  const { dispatch, drained } = bench(work, { maxQueued: 4, parallel: 2 });
  assert.equal(dispatch.isOpen(), true);
  dispatch.accept(Array.from({ length: 6 }, (_, offset) => record(offset, `c${offset}`)));
  assert.equal(dispatch.isOpen(), false);
  for (let offset = 0n; offset < 6n; offset += 1n) await finish(offset);
  assert.equal(dispatch.isOpen(), true);
  assert.equal(drained(), 1);
  await dispatch.stop();
});

test('a revoked partition: what has not begun is dropped and nothing of it is committed', async () => {
  const { work, begun, finish } = held();
  const { dispatch, committed } = bench(work);
  dispatch.accept([record(0, 'a'), record(1, 'a')]);
  dispatch.forget([{ topic: 't', partition: 0 }]);
  await finish(0n);
  assert.deepEqual(begun, [0n]);
  await dispatch.commitFinished();
  assert.deepEqual(committed, []);
  dispatch.accept([record(5, 'a')]);
  await finish(5n);
  await dispatch.commitFinished();
  assert.deepEqual(committed, [6n]);
  await dispatch.stop();
});

test('a dispatch that stops begins nothing more of what is still read, and commits nothing of it', async () => {
  const { work, begun, finish } = held();
  const { dispatch, committed } = bench(work);
  dispatch.accept([record(0, 'one')]);
  const stopping = dispatch.stop();
  assert.equal(dispatch.isOpen(), false);
  dispatch.accept([record(1, 'two')]);
  await finish(0n);
  await stopping;
  assert.deepEqual([begun, committed], [[0n], [1n]]);
});

test('work that was given up is not committed over: it is done again (F-12)', async () => {
  const { dispatch, committed } = bench(async ({ record: { offset } }) => (offset === 1n ? GIVEN_UP : undefined));
  dispatch.accept([record(0, 'one'), record(1, 'two'), record(2, 'three')]);
  await dispatch.stop();
  assert.deepEqual(committed, [1n]);
});

test('whatever the clients and the order of finishing: order per client, at most the bound at once, all committed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ client: fc.constantFrom('a', 'b', 'c', 'd'), isSlow: fc.boolean() }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      async (plan, parallel) => {
        const done: IncomingRecord[] = [];
        let atWork = 0;
        const work = (task: Task) => {
          const { isSlow } = plan[Number(task.record.offset)]!;
          if (!isSlow) {
            done.push(task.record);
            return undefined;
          }
          atWork += 1;
          assert.ok(atWork <= parallel);
          return new Promise<void>((resolve) => {
            setImmediate(() => {
              atWork -= 1;
              done.push(task.record);
              resolve();
            });
          });
        };
        const { dispatch, committed } = bench(work, { parallel });
        if (plan.length > 0) dispatch.accept(plan.map(({ client }, offset) => record(offset, client)));
        while (dispatch.running > 0) await new Promise((resolve) => setImmediate(resolve));
        await dispatch.commitFinished();
        assert.equal(done.length, plan.length);
        for (const client of ['a', 'b', 'c', 'd']) {
          const offsets = done.filter((one) => clientOf(one) === client).map(({ offset }) => offset);
          assert.deepEqual(
            offsets,
            offsets.toSorted((one, other) => Number(one - other)),
          );
        }
        if (plan.length > 0) assert.deepEqual(committed, [BigInt(plan.length)]);
        await dispatch.stop();
      },
    ),
  );
});
