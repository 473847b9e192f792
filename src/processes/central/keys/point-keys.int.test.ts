import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newTimeOrderedId } from '../../../io/new-id.ts';
import { HEARTBEAT_MS, type MonitorCentral, MonitorWorld } from '../../../testing/monitor-world.ts';
import type { TestMonitor } from '../../../testing/test-monitor.ts';
import { until } from '../../../testing/until.ts';

let world: MonitorWorld;
let central: MonitorCentral;
before(async () => {
  world = await MonitorWorld.open();
  central = await world.startCentral();
});
after(() => world.close());

const operator = { entity: 'operator:ana', address: '10.0.0.7' };

/** A connected point whose engine holds an active key. */
async function activePoint(cpId: string): Promise<{ monitor: TestMonitor; secret: string; keyId: string }> {
  const secret = await world.register(cpId);
  const monitor = world.connect(central, { cpId, secret }, { beatEveryMs: HEARTBEAT_MS });
  const { key } = await monitor.next('authenticated');
  assert.ok(key);
  await install(cpId, monitor, key.keyId);
  return { monitor, secret, keyId: key.keyId };
}

async function install(cpId: string, monitor: TestMonitor, keyId: string): Promise<void> {
  monitor.say('key-installed', { keyId });
  await until('ACTIVE', async () => (await world.keyStates(cpId))[keyId] === 'ACTIVE');
}

async function charging(cpId: string): Promise<string> {
  const supplyId = newTimeOrderedId();
  await world.db.run(
    `INSERT INTO supplies (supply_id, request_id, client_id, cp_id, origin, state, price_e4_per_kwh, requested_at,
       authorised_at, plugged_at, deadline_at)
     VALUES ($1, $2, $3, $4, 'POINT', 'CHARGING', 2500, now(), now(), now(), now() + interval '1 hour')`,
    [supplyId, newTimeOrderedId(), `cp:${cpId}`, cpId],
  );
  return supplyId;
}

test('F-53, D-12: a revocation while charging is one transaction: key, hold, stop by the Monitor only, and only that supply may still be closed', async () => {
  const { monitor, keyId } = await activePoint('CP100');
  const supplyId = await charging('CP100');
  assert.equal((await central.keys.sendingKey('CP100'))?.keyId, keyId);
  assert.equal(await central.keys.revoke('CP100', operator), 'REVOKED');
  assert.deepEqual((await world.facts('CP100')).holds, ['KEY_REVOKED']);
  const key = await central.keys.keyById('CP100', keyId);
  assert.equal(key?.state, 'REVOKED');
  assert.equal(key?.closingSupplyId, supplyId);
  assert.equal(await central.keys.sendingKey('CP100'), undefined);
  const queued =
    "SELECT 1 FROM outbox WHERE message_type IN ('stop-supply', 'cancel-supply') AND transport <> 'MONITOR'";
  assert.deepEqual(await world.db.rows(queued), []);
  assert.deepEqual(await monitor.next('stop-supply'), { supplyId, reason: 'KEY_REVOKED' });
  assert.equal((await monitor.next('key-revoked')).keyId, keyId);
  assert.ok(world.audited.some((one) => one.action === 'KEY_REVOKED' && one.source_entity === 'operator:ana'));
});

test('two Centrals: a key revoked at one is taken from the Monitor that is connected to the other', async () => {
  const other = await world.startCentral('central-2');
  const { monitor, keyId } = await activePoint('CP150');
  assert.equal(await other.keys.revoke('CP150', operator), 'REVOKED');
  assert.equal((await monitor.next('key-revoked')).keyId, keyId);
  await other.stop();
});

test('F-53, F-55: pulling the cable does not undo a revocation, a person does: CONNECT gets no key, NEW_KEY brings the point back', async () => {
  const { monitor, secret, keyId } = await activePoint('CP101');
  await central.keys.revoke('CP101', operator);
  monitor.greeting = { ...monitor.greeting, keyId };
  monitor.break();
  const withheld = await monitor.next('authenticated', 2);
  assert.equal(withheld.isKeyRevoked, true);
  assert.equal(withheld.key, undefined);
  await until('connected', async () => (await world.facts('CP101')).isConnected);
  const byRest = await central.keys.authenticate({ cpId: 'CP101', secret }, { entity: 'cp:CP101' });
  assert.deepEqual(byRest, { refusal: 'KEY_REVOKED' });
  monitor.say('key-installed', { keyId });
  monitor.say('new-key-wanted', {});
  const { key } = await monitor.next('install-key');
  assert.notEqual(key.keyId, keyId);
  assert.deepEqual((await world.facts('CP101')).holds, []);
  await install('CP101', monitor, key.keyId);
  assert.deepEqual(await world.keyStates('CP101'), { [keyId]: 'REVOKED', [key.keyId]: 'ACTIVE' });
});

test('F-55: after a rotation the old key is accepted for a minute, and Central seals with the new one only once it is installed', async () => {
  const { monitor, keyId } = await activePoint('CP102');
  monitor.say('new-key-wanted', {});
  const { key } = await monitor.next('install-key');
  assert.equal((await central.keys.sendingKey('CP102'))?.keyId, keyId);
  const beforeMs = Date.now();
  await install('CP102', monitor, key.keyId);
  const afterMs = Date.now();
  await until('sealed with the new key', async () => (await central.keys.sendingKey('CP102'))?.keyId === key.keyId);
  const old = await central.keys.keyById('CP102', keyId);
  assert.equal(old?.state, 'RETIRING');
  const rotatedAtMs = (old?.acceptUntilMs ?? 0) - 60_000;
  assert.ok(rotatedAtMs >= beforeMs && rotatedAtMs <= afterMs);
});

test('a Monitor that starts again without a key gets one to hand over; asking again gives that same one', async () => {
  const { monitor, secret, keyId } = await activePoint('CP103');
  await monitor.stop();
  const restarted = world.connect(central, { cpId: 'CP103', secret, intent: 'TAKE_OVER' });
  const first = (await restarted.next('authenticated')).key;
  assert.ok(first && first.keyId !== keyId);
  restarted.break();
  assert.deepEqual((await restarted.next('authenticated', 2)).key, first);
  assert.deepEqual(await world.keyStates('CP103'), { [keyId]: 'ACTIVE', [first.keyId]: 'PENDING' });
  await restarted.stop();
});

test('POST /api/authenticate returns the ACTIVE key, else the one that waits, and never replaces one', async () => {
  const secret = await world.register('CP104');
  const ask = () => central.keys.authenticate({ cpId: 'CP104', secret }, { entity: 'cp:CP104' });
  const answers = await Promise.all([ask(), ask(), ask()]);
  const ids = new Set(answers.map((answer) => ('keyId' in answer ? answer.keyId : answer.refusal)));
  assert.equal(ids.size, 1, 'three at once make one key');
  assert.deepEqual(await world.keyStates('CP104'), { [[...ids][0] ?? '']: 'PENDING' });
});

test('a revocation by another replica reaches the memory of this one', async () => {
  const { keyId } = await activePoint('CP105');
  assert.equal((await central.keys.keyById('CP105', keyId))?.state, 'ACTIVE');
  const other = await world.startCentral('central-9');
  assert.equal(await other.keys.revoke('CP105', operator), 'REVOKED');
  await until('forgotten', async () => (await central.keys.keyById('CP105', keyId))?.state === 'REVOKED');
});

test('revoking where there is nothing to revoke says so and sets no hold', async () => {
  await world.register('CP106');
  assert.equal(await central.keys.revoke('CP106', operator), 'NO_KEY');
  assert.equal(await central.keys.revoke('CP998', operator), 'CP_UNKNOWN');
  assert.deepEqual((await world.facts('CP106')).holds, []);
});

test('F-48: neither secrets nor keys are in logs, audit or database in clear', async () => {
  const { secret, keyId } = await activePoint('CP107');
  const key = await central.keys.keyById('CP107', keyId);
  assert.ok(key);
  const clear = [secret, Buffer.from(key.keyBytes).toString('base64'), Buffer.from(key.keyBytes).toString('hex')];
  const dump: string[] = [];
  for (const table of ['cp_credentials', 'encryption_keys', 'enrolment_tokens', 'settings', 'outbox', 'audit_log']) {
    const rows = await world.db.rows<{ row: string }>(`SELECT t::text AS row FROM ${table} t`);
    dump.push(...rows.map(({ row }) => row));
  }
  const texts = [world.logLines.join(''), JSON.stringify(world.audited), dump.join('')];
  for (const word of clear) for (const text of texts) assert.ok(!text.includes(word));
  assert.ok(dump.length > 0 && world.logLines.length > 0);
});
