import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Base, type ClusterMetadata, kMetadata } from '@platformatic/kafka';
import { withWholeMetadata } from './whole-metadata.ts';

type Asked = { forceUpdate?: boolean };

/** Answers in turn; `undefined` for a topic is what the library gives after its memory was cleared. */
function clientThatKnows(...answers: Record<string, object | undefined>[]) {
  const asked: Asked[] = [];
  const client = new Base({ clientId: 'test', bootstrapBrokers: ['127.0.0.1:1'] });
  client[kMetadata] = (options, answer) => {
    asked.push(options);
    const topics = new Map(Object.entries(answers.shift() ?? {}));
    answer(null, { topics, brokers: new Map() } as unknown as ClusterMetadata);
  };
  return { client: withWholeMetadata(client), asked };
}

const topicsOf = (client: Base) =>
  new Promise<string[]>((resolve, reject) => {
    client[kMetadata]({ topics: ['A', 'B'] }, (error, metadata) =>
      error ? reject(error) : resolve([...(metadata?.topics.keys() ?? [])]),
    );
  });

test('an answer with all topics is passed on', async () => {
  const { client, asked } = clientThatKnows({ A: {}, B: {} });
  assert.deepEqual(await topicsOf(client), ['A', 'B']);
  assert.equal(asked.length, 1);
});

test('an answer from which topics are missing is asked for again, all of it, before the library sees it', async () => {
  const { client, asked } = clientThatKnows({ A: undefined, B: {} }, { A: {}, B: {} });
  assert.deepEqual(await topicsOf(client), ['A', 'B']);
  assert.deepEqual(
    asked.map(({ forceUpdate }) => forceUpdate),
    [undefined, true],
  );
});

test('topics that are missing for good are an error that is tried again, not a crash', async () => {
  const { client } = clientThatKnows({ A: undefined }, { A: undefined });
  await assert.rejects(topicsOf(client), { code: 'KAFKA_UNAVAILABLE' });
});
