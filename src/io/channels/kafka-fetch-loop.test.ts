import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Consumer } from '@platformatic/kafka';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { createLog } from '../log.ts';
import { FetchLoop } from './kafka-fetch-loop.ts';

const TOPIC = 'a-topic';
const OUT_OF_RANGE = 1;
const settled = () => new Promise((resolve) => setImmediate(resolve));
const loops: FetchLoop[] = [];
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.stop();
});

/** A loop whose one broker answers when the test says so. */
function setUp() {
  const fake = createFakeClock();
  const asked: { offset: bigint; answer: PromiseWithResolvers<unknown> }[] = [];
  const lost: string[] = [];
  const consumer = {
    topics: { track: () => undefined, untrack: () => undefined },
    metadata: async () => ({ topics: new Map([[TOPIC, { id: 'id', partitions: [{ leader: 1 }] }]]) }),
    clearMetadata: () => undefined,
    fetch: ({ topics }: { topics: { partitions: { fetchOffset: bigint }[] }[] }) => {
      const answer = Promise.withResolvers<unknown>();
      asked.push({ offset: topics[0]!.partitions[0]!.fetchOffset, answer });
      return answer.promise;
    },
  };
  const loop = new FetchLoop({
    context: {
      ...{ address: { brokers: ['127.0.0.1:1'], clientId: 'test' }, clock: ioClockOf(fake) },
      ...{ log: createLog('test', { level: 'silent' }), signal: new AbortController().signal },
      ...{ report: () => undefined, retryDelayMs: () => 200 },
    },
    consumer: consumer as unknown as Consumer,
    maxWaitMs: 500,
    onRecords: () => undefined,
    onOutOfRange: (topic, partition) => lost.push(`${topic}:${partition}`),
    onTopicGone: () => undefined,
    isOpen: () => true,
  });
  loops.push(loop);
  return { loop, fake, asked, lost };
}

test('a fetch that was given up as stalled and comes back after all does not start a second one beside its successor', async () => {
  const { loop, fake, asked } = setUp();
  loop.seek(TOPIC, 0, 5n);
  await settled();
  fake.advance(31_000);
  loop.poke();
  await settled();
  assert.equal(asked.length, 2);
  asked[0]?.answer.resolve({ responses: [] });
  await settled();
  assert.equal(asked.length, 2, 'one at a time');
  asked[1]?.answer.resolve({ responses: [] });
  await settled();
  assert.equal(asked.length, 3, 'and it goes on');
});

test('an answer that a place has left the log is none about where the partition is read by now', async () => {
  const { loop, asked, lost } = setUp();
  loop.seek(TOPIC, 0, 5n);
  await settled();
  const partitions = [{ partitionIndex: 0, errorCode: OUT_OF_RANGE }];
  const outOfRange = () =>
    Object.assign(new Error('out of range'), { response: { responses: [{ topicId: 'id', partitions }] } });
  loop.seek(TOPIC, 0, 9n);
  asked[0]?.answer.reject(outOfRange());
  await settled();
  assert.deepEqual([lost, asked.at(-1)?.offset], [[], 9n]);
  asked[1]?.answer.reject(outOfRange());
  await settled();
  assert.deepEqual([lost, loop.position(TOPIC, 0)], [[`${TOPIC}:0`], undefined]);
});
