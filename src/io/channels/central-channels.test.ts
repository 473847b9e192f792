import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { engineToCentral } from '../../messages/engine-central.ts';
import { engineToCentralExamples } from '../../messages/examples.ts';
import { requestTopic } from '../../messages/topics.ts';
import { compileCatalogue } from '../../messages/validators.ts';
import { systemClock } from '../clock.ts';
import { deriveChannelKey } from '../crypto/channel-key.ts';
import { createLog } from '../log.ts';
import { newRandomId } from '../new-id.ts';
import { startCentralChannels } from './central-channels.ts';
import type { CentralChannelsOptions } from './central-contract.ts';
import type { GroupReaderOptions, PartitionOf } from './kafka-group.ts';
import { CENTRAL, sealRecord } from './seal.ts';

type Committed = PartitionOf & { nextOffset: bigint };

test('a message whose handler waits for the database when Central stops is not committed: the next one reads it (F-12)', async () => {
  const [keyId, keyBytes] = [newRandomId(), randomBytes(32)];
  const committed: bigint[] = [];
  let reading: GroupReaderOptions | undefined;
  const kafka = {
    groupReader: (options: GroupReaderOptions) => {
      reading = options;
      return {
        commit: async (offsets: Committed[]) => void committed.push(...offsets.map(({ nextOffset }) => nextOffset)),
        ...{ start: async () => undefined, addTopics: async () => undefined, positioned: async () => undefined },
        close: async () => undefined,
      };
    },
    ...{
      ensureRights: async () => undefined,
      ensureTopics: async () => undefined,
      onStateChange: () => () => undefined,
    },
  };
  const channels = startCentralChannels({
    ...{ kafka, replicaId: newRandomId(), zones: [], clock: systemClock, log: createLog('test', { level: 'silent' }) },
    keys: { keyById: () => ({ keyId, keyBytes, state: 'ACTIVE' }), sendingKey: () => undefined },
    ...{ leases: { byId: async () => undefined }, secrets: {}, identity: () => undefined },
    validators: { point: compileCatalogue(engineToCentral), driver: new Map() },
    onMessage: () => Promise.reject(Object.assign(new Error('the database does not answer'), { canRetry: true })),
    limits: { firstRetryMs: 60_000, lastRetryMs: 60_000 },
  } as unknown as CentralChannelsOptions);
  await channels.ready;
  const topic = requestTopic('ALC_3');
  const headers = { from: 'cp:CP001', to: CENTRAL, keyId, lease: '', sequence: 1 };
  const body = engineToCentralExamples['supply-accepted'];
  const envelope = { id: newRandomId(), type: 'supply-accepted', sentAtMs: Date.now(), body };
  const record = sealRecord({ topic, partition: 0, headers, envelope }, deriveChannelKey(keyBytes).toCentral);
  reading?.onRecords([
    {
      ...{ topic, partition: 0, offset: 41n, appendedAtMs: Date.now(), key: null, value: Buffer.from(record.value) },
      headers: Object.entries(record.headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)] as const),
    },
  ]);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(channels.figures.retried, 1);
  await channels.stop();
  assert.deepEqual(committed, []);
});
