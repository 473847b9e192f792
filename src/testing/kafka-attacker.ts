import { KafkaConnection } from '../io/channels/kafka.ts';
import { headerText, type IncomingRecord, type OutgoingRecord } from '../io/channels/kafka-records.ts';
import { systemClock } from '../io/clock.ts';
import { createLog } from '../io/log.ts';
import { centralToDriver } from '../messages/driver-central.ts';
import { PARTITIONS_PER_CHANNEL, zoneTopics } from '../messages/topics.ts';
import { compileCatalogue } from '../messages/validators.ts';
import { RecordingClient } from './channel-parts.ts';
import { until } from './until.ts';

const log = createLog('attacker', { level: 'silent' });
const HEADERS = ['version', 'from', 'to', 'keyId', 'lease', 'sequence'];

/** Somebody who reaches a network's broker and its CA's certificate, and has no key. */
export function attackKafka(of: { brokers: string; zone: string; caPem: string }) {
  const kafka = new KafkaConnection({
    brokers: of.brokers.split(','),
    clientId: 'attacker',
    clock: systemClock,
    log,
  });
  const partitions = zoneTopics(of.zone)
    .filter(({ topic }) => topic.endsWith('_req'))
    .flatMap(({ topic }) => Array.from({ length: PARTITIONS_PER_CHANNEL }, (_, partition) => ({ topic, partition })));
  return {
    /** Everything that clients have sent to Central in this zone. */
    async recordedRequests(): Promise<IncomingRecord[]> {
      const found: IncomingRecord[] = [];
      for (const { topic, partition } of partitions) {
        const endOffset = await kafka.endOffset(topic, partition);
        if (endOffset === 0n) continue;
        let isRead = false;
        const onRecord = (record: IncomingRecord): void => {
          if (record.offset < endOffset) found.push(record);
          if (record.offset >= endOffset - 1n) isRead = true;
        };
        const following = kafka.follow({ topic, partition, fromOffset: 0n, onRecord, onLost: () => undefined });
        await until(`${topic} ${partition} is read`, () => isRead, 20_000);
        following.stop();
      }
      return found;
    },
    /** Sends a recorded request again, changed as said. */
    send(record: IncomingRecord, change: Partial<OutgoingRecord> = {}): Promise<void> {
      const { topic, partition } = record;
      const headers = Object.fromEntries(HEADERS.map((name) => [name, headerText(record, name)]));
      const value = record.value ?? Buffer.alloc(0);
      const key = record.key?.toString() ?? '';
      return kafka.send({ topic, partition, key, headers, value, isUrgent: true, ...change });
    },
    /** Asks for a channel as a driver application of this name. */
    posingAs(clientId: string): RecordingClient {
      const client: RecordingClient = new RecordingClient({
        ...{ kafka, clientId, zone: of.zone, credential: { kind: 'driver', caPem: of.caPem } },
        validators: compileCatalogue(centralToDriver),
        buildHello: () => ({ bootId: client.bootId }),
      });
      return client;
    },
    close: () => kafka.close(),
  };
}
