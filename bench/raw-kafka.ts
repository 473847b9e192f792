import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, Consumer, Producer } from '@platformatic/kafka';
import { BadArgument, readCommandLine, wholeNumber } from '../src/io/command-line.ts';
import { quantile } from './statistics.ts';

/** What the raw consumer saw in its last seconds. */
export type RawRecord = { received: number; p50Ms: number; p99Ms: number };

const TOPICS = 20;
const PARTITIONS = 2;
const TICK_MS = 50;
const HEADERS = { version: '1', from: 'cp:FL00001', to: 'central', sequence: '123' };

const topicNames = Array.from({ length: TOPICS }, (_, index) => `raw_${index}`);

/** Creates as many topics and partitions as two zones' request channels have. */
export async function createRawTopics(brokers: string): Promise<void> {
  const admin = new Admin({ clientId: 'raw-admin', bootstrapBrokers: [brokers] });
  await admin.createTopics({ topics: topicNames, partitions: PARTITIONS, replicas: 1 });
  await admin.close();
}

// As many records of the same size and headers as the fleet's readings, in batches of 50 ms, one send in flight.
async function produce(brokers: string, perSecond: number, valueBytes: number): Promise<void> {
  const producer = new Producer({ clientId: 'raw-producer', bootstrapBrokers: [brokers], idempotent: true });
  const filler = Buffer.alloc(valueBytes, 'x');
  const lease = crypto.randomUUID();
  const headers = new Map(
    Object.entries({ ...HEADERS, keyId: lease, lease }).map(([name, value]) => [Buffer.from(name), Buffer.from(value)]),
  );
  const beganMs = performance.now();
  let sent = 0;
  for (;;) {
    const due = Math.floor(((performance.now() - beganMs) / 1_000) * perSecond) - sent;
    const messages = Array.from({ length: due }, (_, index) => {
      const value = Buffer.from(filler);
      value.writeDoubleBE(Date.now());
      const place = (sent + index) % (TOPICS * PARTITIONS);
      return {
        topic: topicNames[Math.floor(place / PARTITIONS)]!,
        partition: place % PARTITIONS,
        key: Buffer.from('cp:FL00001'),
        value,
        headers,
      };
    });
    sent += due;
    if (due > 0) await producer.send({ messages });
    await sleep(TICK_MS);
  }
}

async function consume(brokers: string, output: string): Promise<void> {
  const consumer = new Consumer({ clientId: 'raw-consumer', bootstrapBrokers: [brokers], groupId: 'raw' });
  const stream = await consumer.consume({ topics: topicNames, mode: 'latest', autocommit: 1_000, maxWaitTime: 500 });
  const latenciesMs: number[] = [];
  process.once('SIGTERM', () => {
    const seen: RawRecord = {
      received: latenciesMs.length,
      p50Ms: quantile(latenciesMs, 0.5),
      p99Ms: quantile(latenciesMs, 0.99),
    };
    writeFileSync(output, JSON.stringify(seen));
    process.exit();
  });
  for await (const message of stream) latenciesMs.push(Date.now() - (message.value as Buffer).readDoubleBE());
}

const USAGE = `node bench/raw-kafka.ts produce BROKER PER-SECOND BYTES
node bench/raw-kafka.ts consume BROKER OUTPUT

Producer and consumer without our code, for bench/hot-path.ts; SIGTERM ends them, and OUTPUT has what the consumer saw.`;

function workFrom([role, brokers, first, second]: readonly string[]): () => Promise<void> {
  const numberOf = (name: string, typed = ''): number => wholeNumber(typed, { name, min: 1, max: 1_000_000 });
  if (brokers !== undefined && role === 'produce') {
    const [perSecond, bytes] = [numberOf('PER-SECOND', first), numberOf('BYTES', second)];
    return () => produce(brokers, perSecond, bytes);
  }
  if (brokers !== undefined && first !== undefined && role === 'consume') return () => consume(brokers, first);
  throw new BadArgument(`'${role ?? ''}' is neither produce nor consume with all of its arguments`);
}

if (import.meta.main) {
  const work = readCommandLine(process.argv.slice(2), {
    usage: USAGE,
    positionals: ['ROLE', 'BROKER', 'FIRST', 'SECOND'],
    read: ({ positionals }) => workFrom(positionals),
  });
  await work?.();
}
