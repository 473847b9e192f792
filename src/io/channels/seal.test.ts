import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Envelope } from '../../messages/envelope.ts';
import { deriveChannelKey } from '../crypto/channel-key.ts';
import type { IncomingRecord, OutgoingRecord } from './kafka-records.ts';
import { CENTRAL, openRecord, plainRecord, readHeaders, readPlainRecord, type Sealing, sealRecord } from './seal.ts';

const key = deriveChannelKey(randomBytes(32));
const sealing = (body: unknown = { energyWh: 12 }): Sealing => ({
  topic: 'ALC_3_req',
  partition: 1,
  headers: { from: 'cp:CP001', to: CENTRAL, keyId: randomUUID(), lease: randomUUID(), sequence: 7 },
  envelope: { id: randomUUID(), type: 'meter-reading', sentAtMs: 1, body },
});

/** What the broker makes of it. */
function received(record: OutgoingRecord, change: Partial<IncomingRecord> = {}): IncomingRecord {
  const headers = Object.entries(record.headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)] as const);
  const { topic, partition } = record;
  const value = Buffer.from(record.value);
  return { topic, partition, offset: 0n, appendedAtMs: 1, key: Buffer.from(record.key), headers, value, ...change };
}
function open(record: IncomingRecord, keys = key.toCentral): Envelope | undefined {
  const headers = readHeaders(record);
  return headers && openRecord(record, headers, keys);
}

test('what was sealed opens to the same message, whatever its body', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      const sealed = sealing(body);
      const opened = open(received(sealRecord(sealed, key.toCentral)));
      assert.deepEqual(JSON.parse(JSON.stringify(opened)), JSON.parse(JSON.stringify(sealed.envelope)));
    }),
  );
});

test('any changed byte of IV, body or tag is refused, and any truncation (F-56)', () => {
  const record = received(sealRecord(sealing(), key.toCentral));
  const value = record.value!;
  for (let at = 0; at < value.length; at += 1) {
    const changed = Buffer.from(value);
    changed[at]! ^= 1 << (at % 8);
    assert.equal(open({ ...record, value: changed }), undefined, `byte ${at}`);
    assert.equal(open({ ...record, value: value.subarray(0, at) }), undefined, `cut at ${at}`);
  }
  assert.equal(open({ ...record, value: Buffer.concat([value, Buffer.alloc(16)]) }), undefined);
  assert.equal(open({ ...record, value: null }), undefined);
});

test('every header, the topic and the partition are authenticated (F-47)', () => {
  const outgoing = sealRecord(sealing(), key.toCentral);
  for (const name of Object.keys(outgoing.headers)) {
    const forged = { ...outgoing, headers: { ...outgoing.headers, [name]: name === 'sequence' ? '8' : 'cp:CP002' } };
    assert.equal(open(received(forged)), undefined, name);
    const { [name]: _, ...without } = outgoing.headers;
    assert.equal(readHeaders(received({ ...outgoing, headers: without })), undefined, `without ${name}`);
  }
  assert.equal(open(received(outgoing, { partition: 0 })), undefined);
  assert.equal(open(received(outgoing, { topic: 'ALC_4_req' })), undefined);
});

test('another key, and the key of the other direction, open nothing', () => {
  const record = received(sealRecord(sealing(), key.toCentral));
  assert.equal(open(record, deriveChannelKey(randomBytes(32)).toCentral), undefined);
  assert.equal(open(record, key.toClient), undefined);
});

test('plaintext in place of a sealed body is refused (F-45)', () => {
  assert.equal(open(received(plainRecord(sealing()))), undefined);
  assert.equal(readPlainRecord(received(plainRecord(sealing())))?.type, 'meter-reading');
});

test('doubled headers, control characters and other versions are not headers of ours', () => {
  const record = received(sealRecord(sealing(), key.toCentral));
  const doubled = { ...record, headers: [...record.headers, [Buffer.from('from'), Buffer.from('cp:CP002')] as const] };
  assert.equal(readHeaders(doubled), undefined);
  const outgoing = sealRecord(sealing(), key.toCentral);
  for (const bad of ['cp:CP001\n', 'cp CP001', 'cp:CP001\0', 'x'.repeat(65)]) {
    assert.equal(readHeaders(received({ ...outgoing, headers: { ...outgoing.headers, from: bad } })), undefined);
  }
  assert.equal(readHeaders(received({ ...outgoing, headers: { ...outgoing.headers, version: '2' } })), undefined);
  assert.equal(readHeaders({ ...record, headers: [] }), undefined);
});

test('two records with the same message share no bytes to compare', () => {
  const same = sealing();
  const one = sealRecord(same, key.toCentral).value;
  const other = sealRecord(same, key.toCentral).value;
  assert.notDeepEqual(one.subarray(0, 16), other.subarray(0, 16));
  assert.notDeepEqual(one.subarray(16), other.subarray(16));
});
