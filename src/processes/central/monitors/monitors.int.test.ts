import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { newRandomId } from '../../../io/new-id.ts';
import { NOTICES } from '../../../io/postgres/notices.ts';
import { renewCredential } from '../../../io/postgres/point-edits.ts';
import { retirePoint } from '../../../io/postgres/retirement.ts';
import { HEARTBEAT_MS, type MonitorCentral, MonitorWorld } from '../../../testing/monitor-world.ts';
import { until } from '../../../testing/until.ts';

let world: MonitorWorld;
let central: MonitorCentral;
before(async () => {
  world = await MonitorWorld.open();
  central = await world.startCentral();
});
after(() => world.close());

const beating = { beatEveryMs: HEARTBEAT_MS };

test('F-49: a registered Monitor comes in over TLS, gets its point, policy and first key, and its key becomes ACTIVE once installed', async () => {
  const secret = await world.register('CP001');
  const monitor = world.connect(central, { cpId: 'CP001', secret }, beating);
  const answer = await monitor.next('authenticated');
  assert.equal(answer.epoch, 1);
  assert.equal(answer.heartbeatMs, HEARTBEAT_MS);
  assert.equal(answer.point.city, 'Alicante');
  assert.equal(answer.isKeyRevoked, false);
  assert.ok(answer.key);
  assert.equal(Buffer.from(answer.key.keyBase64, 'base64').length, 32);
  assert.equal((await central.keys.sendingKey('CP001'))?.keyId, answer.key.keyId);
  monitor.say('key-installed', { keyId: answer.key.keyId });
  await until('ACTIVE', async () => (await world.keyStates('CP001'))[answer.key?.keyId ?? ''] === 'ACTIVE');
  await until('healthy', async () => (await world.facts('CP001')).isEngineOk);
  assert.deepEqual(await world.facts('CP001'), {
    ...{ isConnected: true, epoch: 1, isEngineOk: true, isChannelUp: true, code: null, holds: [] },
  });
  await monitor.next('central-beat', 2);
  assert.equal(central.server.isConnected('CP001'), true);
  assert.equal(await central.server.send('CP001', 'stop-supply', { supplyId: newRandomId(), reason: 'FAULT' }), true);
  await monitor.next('stop-supply');
});

test('F-32: an unknown id, a wrong secret and an unregistered point are refused alike, audited, and leave no trace', async () => {
  const secret = await world.register('CP010');
  await world.enrol('CP011');
  const wrong = secret.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
  for (const [cpId, tried] of [
    ['CP999', secret],
    ['CP010', wrong],
    ['CP011', secret],
  ] as const) {
    const monitor = world.connect(central, { cpId, secret: tried });
    assert.equal((await monitor.next('refused')).code, 'BAD_CREDENTIALS');
    await monitor.closed();
    await monitor.stop();
  }
  assert.equal(await world.db.row("SELECT 1 FROM charging_points WHERE cp_id = 'CP999'"), undefined);
  assert.equal((await world.facts('CP010')).isConnected, false);
  assert.ok(
    world.audited.some((one) => one.category === 'SECURITY' && /CP999 is not registered/.test(one.description)),
  );
  assert.ok(world.auditedActions('CP010').includes('CP_AUTHENTICATE'));
});

test('F-46: a beat before authentication changes nothing, is audited as SECURITY and ends the connection', async () => {
  await world.register('CP012');
  const monitor = world.connect(central, undefined);
  await until('connected', () => monitor.connectionCount > 0);
  monitor.say('monitor-beat', { isEngineOk: true, isChannelUp: true });
  assert.equal((await monitor.next('refused')).code, 'INVALID_MESSAGE');
  await monitor.stop();
  assert.equal((await world.facts('CP012')).isConnected, false);
  assert.ok(world.audited.some((one) => one.category === 'SECURITY' && /before authentication/.test(one.description)));
});

test('F-45: a plaintext dial gets nothing and is audited as SECURITY', async () => {
  const socket = connect(central.server.port, '127.0.0.1');
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write('\x05\x02{"type":"monitor-beat"}\x03\x00');
  await closed;
  assert.ok(!Buffer.concat(received).includes(0x06));
  await until('audit', () =>
    world.audited.some(
      (one) => one.category === 'SECURITY' && /connection to Central refused: tls/.test(one.description),
    ),
  );
});

test('repeated failures of one point are barred for a while; others still come in', async () => {
  await world.register('CP013');
  for (let i = 0; i < 10; i++)
    await central.keys.authenticate({ cpId: 'CP013', secret: 'no' }, { entity: 'cp:CP013', address: '10.9.9.9' });
  const barred = await central.keys.authenticate(
    { cpId: 'CP013', secret: 'no' },
    { entity: 'cp:CP013', address: '10.9.9.9' },
  );
  assert.ok('refusal' in barred && barred.refusal === 'TOO_MANY_REQUESTS' && (barred.retryAfterMs ?? 0) > 0);
  const secret = await world.register('CP014');
  const monitor = world.connect(central, { cpId: 'CP014', secret });
  await monitor.next('authenticated');
  await monitor.stop();
});

test('D-08: a Monitor that has just started says nothing of its engine, but no start may count on the channel yet', async () => {
  const secret = await world.register('CP025');
  const monitor = world.connect(central, { cpId: 'CP025', secret }, beating);
  await monitor.next('authenticated');
  await until('healthy', async () => (await world.facts('CP025')).isChannelUp);
  monitor.beat({ isEngineOk: false, isChannelUp: false, isStarting: true, code: 'NO_ENGINE' });
  await until('no channel', async () => !(await world.facts('CP025')).isChannelUp);
  assert.equal((await world.facts('CP025')).isEngineOk, true, 'no KO: a running supply goes on');
  monitor.beat({ isEngineOk: true, isChannelUp: true });
  await until('up again', async () => (await world.facts('CP025')).isChannelUp);
  await monitor.stop();
});

test('F-27: a closed socket is a lost Monitor at once; F-31: health edges touch only their own facts', async () => {
  const secret = await world.register('CP020');
  await central.points.apply('CP020', { hold: { add: 'OPERATOR' } }, { entity: 'test' });
  const monitor = world.connect(central, { cpId: 'CP020', secret }, beating);
  await until('healthy', async () => (await world.facts('CP020')).isEngineOk);
  const versions = async () =>
    (await world.db.row<{ version: number }>("SELECT version FROM charging_point_facts WHERE cp_id = 'CP020'"))
      ?.version;
  const before = await versions();
  for (let i = 0; i < 5; i++) monitor.beat();
  monitor.beat({ isEngineOk: false, isChannelUp: true, code: 'SIMULATED' });
  await until('KO', async () => (await world.facts('CP020')).code === 'SIMULATED');
  assert.deepEqual((await world.facts('CP020')).holds, ['OPERATOR']);
  monitor.beat({ isEngineOk: true, isChannelUp: true });
  await until('OK again', async () => (await world.facts('CP020')).isEngineOk);
  assert.equal(await versions(), (before ?? 0) + 2, 'beats without news write nothing');
  monitor.break();
  await until('lost', () => world.lossesOf('CP020').length > 0);
  assert.notEqual(world.lossesOf('CP020')[0], 'silence', 'no period has to pass');
  await until('stored', () => world.auditedActions('CP020').includes('MONITOR_DISCONNECTED'));
  await monitor.next('authenticated', 2);
  assert.deepEqual((await world.facts('CP020')).holds, ['OPERATOR']);
});

test('F-28: silence on an open socket is a lost Monitor after three periods, with nobody looking', async () => {
  const secret = await world.register('CP021');
  const beforeItSpokeMs = performance.now();
  const monitor = world.connect(central, { cpId: 'CP021', secret });
  await monitor.next('authenticated');
  await until('lost', () => world.lossesOf('CP021').length > 0);
  assert.ok(performance.now() - beforeItSpokeMs >= HEARTBEAT_MS * 3, 'not before three periods');
  assert.equal(world.lossesOf('CP021')[0], 'silence');
  await monitor.closed();
  await until('stored', () => world.auditedActions('CP021').includes('MONITOR_DISCONNECTED'));
  await monitor.stop();
});

test('F-65: a second Monitor with the same id is refused and audited, unless it takes over; the older one is fenced', async () => {
  const secret = await world.register('CP030');
  const first = world.connect(central, { cpId: 'CP030', secret }, beating);
  await first.next('authenticated');
  const second = world.connect(central, { cpId: 'CP030', secret });
  assert.equal((await second.next('refused')).code, 'ALREADY_CONNECTED');
  await second.stop();
  assert.ok(
    world.audited.some((one) => one.category === 'SECURITY' && /CP030 is connected already/.test(one.description)),
  );
  assert.ok(central.said.includes('MONITOR_TWICE'));
  const third = world.connect(central, { cpId: 'CP030', secret, intent: 'TAKE_OVER' }, beating);
  const { epoch } = await third.next('authenticated');
  assert.equal((await first.next('refused')).code, 'ALREADY_CONNECTED');
  await first.stop();
  await until('fenced', async () => (await world.facts('CP030')).epoch === epoch);
  assert.equal((await world.facts('CP030')).isConnected, true, 'the loss of the older one changes nothing');
});

test('F-65, two Centrals: a socket of an older epoch is closed once another Central has the Monitor, and changes nothing', async () => {
  const other = await world.startCentral('central-2');
  const secret = await world.register('CP033');
  const first = world.connect(central, { cpId: 'CP033', secret }, beating);
  const told = await first.next('authenticated');
  assert.deepEqual(told.centralSockets, ['10.0.0.1:8020', '10.0.0.2:8020'], 'it knows where to go');
  const second = world.connect(other, { cpId: 'CP033', secret, intent: 'TAKE_OVER' }, beating);
  const { epoch } = await second.next('authenticated');
  const { instanceId } = second.greeting;
  central.server.fence('CP033', { epoch: epoch - 1, instanceId: instanceId ?? null });
  assert.equal(central.server.isConnected('CP033'), true, 'its own epoch fences nobody');
  central.server.fence('CP033', { epoch, instanceId: instanceId ?? null });
  assert.equal((await first.next('refused')).code, 'ALREADY_CONNECTED');
  await first.stop();
  assert.equal(central.server.isConnected('CP033'), false, 'orders are left to the other');
  assert.deepEqual(
    [(await world.facts('CP033')).isConnected, (await world.facts('CP033')).epoch],
    [true, epoch],
    'it is not taken for lost',
  );
  await second.stop();
  await other.stop();
});

test('the same Monitor process may come again before its old socket is known to be dead', async () => {
  const secret = await world.register('CP031');
  const instanceId = newRandomId();
  const first = world.connect(central, { cpId: 'CP031', secret, instanceId });
  const before = await first.next('authenticated');
  const again = world.connect(central, { cpId: 'CP031', secret, instanceId }, beating);
  assert.ok((await again.next('authenticated')).epoch > before.epoch);
  await first.stop();
  await until('connected', async () => (await world.facts('CP031')).isConnected);
});

test('F-51: a Monitor that is in with its new secret before the word of it has gone round stays in; one with the old secret does not', async () => {
  const secrets = { CP041: await world.register('CP041'), CP042: await world.register('CP042') };
  const [newer, older] = Object.entries(secrets).map(([cpId, secret]) =>
    world.connect(central, { cpId, secret }, beating),
  );
  for (const monitor of [newer!, older!]) await monitor.next('authenticated');
  // The word of its own registration, late; then that of a secret that is void now.
  await world.db.run('SELECT pg_notify($1, $2)', [NOTICES.credentialReplaced, 'CP041']);
  await world.db.transaction((tx) => renewCredential(tx, 'CP042', { by: 'test', nowMs: Date.now() }));
  assert.equal((await older!.next('refused')).code, 'BAD_CREDENTIALS');
  assert.ok(central.server.isConnected('CP041'));
  await world.db.transaction((tx) => renewCredential(tx, 'CP041', { by: 'test', nowMs: Date.now() }));
  assert.equal((await newer!.next('refused')).code, 'BAD_CREDENTIALS');
  const cameIn = newer!.heard.filter(({ type }) => type === 'authenticated');
  assert.equal(cameIn.length, 1, 'dropped by the first word it would have come in again');
  for (const monitor of [newer!, older!]) await monitor.stop();
});

test('a retired point is dropped at once and never comes back in', async () => {
  const secret = await world.register('CP040');
  const monitor = world.connect(central, { cpId: 'CP040', secret }, beating);
  await monitor.next('authenticated');
  await until('connected', async () => (await world.facts('CP040')).isConnected);
  await world.db.transaction((tx) => retirePoint(tx, { cpId: 'CP040', by: 'test' }));
  assert.equal((await world.facts('CP040')).isConnected, false, 'added again, it would be DISCONNECTED');
  assert.equal((await monitor.next('refused')).code, 'RETIRED');
  assert.equal((await monitor.next('refused', 2)).code, 'RETIRED');
  await monitor.stop();
  assert.equal(central.server.isConnected('CP040'), false);
});

test('F-30, F-54, F-29: after a restart of Central a Monitor comes back by itself, with its key and without a new one', async () => {
  const other = await world.startCentral('central-2');
  const secret = await world.register('CP050');
  const monitor = world.connect(other, { cpId: 'CP050', secret }, beating);
  const { key, epoch } = await monitor.next('authenticated');
  assert.ok(key);
  monitor.say('key-installed', { keyId: key.keyId });
  await until('ACTIVE', async () => (await world.keyStates('CP050'))[key.keyId] === 'ACTIVE');
  monitor.greeting = { ...monitor.greeting, keyId: key.keyId };
  await other.stop();
  await monitor.closed();
  const restarted = await world.startCentral('central-2', other.server.port);
  const answer = await monitor.next('authenticated', 2);
  assert.equal(answer.key, undefined);
  assert.ok(answer.epoch > epoch);
  await restarted.keys.installed('CP050', key.keyId, { entity: 'cp:CP050' });
  assert.deepEqual(await world.keyStates('CP050'), { [key.keyId]: 'ACTIVE' }, 'also when its engine says so again');
  assert.deepEqual(Buffer.from(key.keyBase64, 'base64'), (await restarted.keys.keyById('CP050', key.keyId))?.keyBytes);
});

test('what Central shows of the point is told to its Monitor, newest version only', async () => {
  const secret = await world.register('CP060');
  const monitor = world.connect(central, { cpId: 'CP060', secret }, beating);
  const { point } = await monitor.next('authenticated');
  const shown = {
    ...point,
    state: 'AVAILABLE' as const,
    reasons: [],
    pendingReasons: [],
    stateSinceMs: 1,
    isRegistered: true,
    keyState: 'NONE' as const,
  };
  central.server.notifyPointStatus('CP060', { ...shown, version: 7 }, []);
  central.server.notifyPointStatus('CP060', { ...shown, version: 6 }, ['LOCAL']);
  central.server.notifyPointStatus('CP060', { ...shown, version: 8 }, ['OPERATOR']);
  assert.equal((await monitor.next('point-status', 2)).version, 8);
  const weather = { celsius: 1, isSimulated: false, nearAlert: 'LOW_TEMP' as const };
  central.server.notifyPointStatus('CP060', { ...shown, version: 8, weather }, ['OPERATOR']);
  assert.deepEqual((await monitor.next('point-status', 3)).weather, weather, 'the weather is no version of the point');
});
