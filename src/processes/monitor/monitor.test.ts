import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newRandomId } from '../../io/new-id.ts';
import { centralToMonitorExamples } from '../../messages/examples.ts';
import { PointWorld } from '../../testing/point-world.ts';
import { until } from '../../testing/until.ts';

let world: PointWorld;
beforeEach(async () => {
  world = await PointWorld.create();
});
afterEach(() => world.close());

/** So long that what a test waits for is told as it happens or not at all. */
const NO_BEAT_MEANWHILE_MS = 60_000;
const isReady = (monitor: { view(): { engine: { isOk: boolean }; key: { isInstalled: boolean } } }) =>
  monitor.view().engine.isOk && monitor.view().key.isInstalled;

describe('a charging point comes up', () => {
  const orders: ('central' | 'monitor' | 'engine')[][] = [
    ['central', 'monitor', 'engine'],
    ['engine', 'monitor', 'central'],
    ['monitor', 'engine', 'central'],
  ];
  for (const order of orders) {
    it(`F-01 S-MON-06 in any order of starting: ${order.join(', ')}`, async () => {
      const start = {
        central: () => world.startCentral(),
        monitor: async () => void world.startMonitor(),
        engine: async () => void (await world.startEngine()),
      };
      for (const part of order) {
        await start[part]();
        await new Promise((resolve) => setTimeout(resolve, 120));
      }
      await until('Central knows that the key is installed', () =>
        world.central.typesReceived().includes('key-installed'),
      );
      await until('Central hears OK', () => world.central.beats.at(-1)?.body.isEngineOk === true);
      assert.equal(world.channels.length, 1);
      assert.equal(world.channel.keyIds.at(-1), world.central.keyId);
    });
  }

  it('waits for its token and for Registry, then registers by itself', async () => {
    world.enrolmentToken = undefined;
    world.isRegistryUp = false;
    await world.startCentral();
    const monitor = world.startMonitor();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(monitor.isRegistered, false);
    world.enrolmentToken = 'token';
    await until('a refused try', () => monitor.view().log.some(({ code }) => code === 'REGISTRATION_FAILED'));
    world.isRegistryUp = true;
    await until('connected', () => monitor.isConnected);
    assert.equal(monitor.view().isRegistered, true);
  });
});

describe('a charging point goes', () => {
  it('R2-10 the Monitor unregisters its point: no credential is left, and Central hears no more of it', async () => {
    await world.startCentral();
    const monitor = world.startMonitor();
    await until('connected', () => monitor.isConnected);
    assert.ok(world.credential);
    await monitor.unregister();
    assert.equal(world.credential, undefined);
    await until('gone', () => !monitor.isConnected);
    await monitor.unregister();
  });
});

describe('the Monitor and its engine', () => {
  it('beats from the moment it is authenticated, also without an engine', async () => {
    await world.startCentral();
    world.startMonitor();
    await until('five beats', () => world.central.beats.length >= 5);
    const first = world.central.beats[0];
    assert.deepEqual(first?.body, { isEngineOk: false, isChannelUp: false, isStarting: true, code: 'NO_ENGINE' });
  });

  it('refuses an engine that does not know the pairing token, and audits it', async () => {
    await world.startCentral();
    const monitor = world.startMonitor();
    await world.startEngine({ pairingToken: 'something else' });
    await until('the refusal is audited', () => world.audit.actions().includes('CONNECTION_REFUSED'));
    assert.equal(monitor.view().engine.isPaired, false);
    assert.equal(world.channels.length, 0, 'no key was handed over');
  });

  it('S-MON-03 R1-24 tells Central KO at once when the engine answers KO, and OK again', async () => {
    world.central.heartbeatMs = NO_BEAT_MEANWHILE_MS;
    await world.startCentral();
    world.startMonitor();
    const engine = await world.startEngine();
    await until('OK', () => world.central.beats.at(-1)?.body.isEngineOk === true);
    engine.setFault(true);
    await until('KO', () => world.central.beats.at(-1)?.body.isEngineOk === false);
    assert.equal(world.central.beats.at(-1)?.body.code, 'FAULT_KEY');
    engine.setFault(false);
    await until('OK again', () => world.central.beats.at(-1)?.body.isEngineOk === true);
    assert.ok(world.audit.actions().includes('ENGINE_FAULT') && world.audit.actions().includes('ENGINE_RECOVERED'));
  });

  it('D-10 a closed link is KO at once', async () => {
    world.central.heartbeatMs = NO_BEAT_MEANWHILE_MS;
    await world.startCentral();
    world.startMonitor();
    await world.startEngine();
    await until('OK', () => world.central.beats.at(-1)?.body.isEngineOk === true);
    await world.stopNewest();
    await until('KO', () => world.central.beats.at(-1)?.body.isEngineOk === false);
    assert.equal(world.central.beats.at(-1)?.body.code, 'ENGINE_GONE');
  });

  it('hands the same key to a restarted engine', async () => {
    await world.startCentral();
    const monitor = world.startMonitor();
    await world.startEngine();
    await until('ready', () => isReady(monitor));
    const { keyId } = world.central;
    await world.stopNewest();
    await world.startEngine();
    await until('ready again', () => world.channels.length > 1 && isReady(monitor));
    assert.equal(world.channels.length, 2);
    assert.equal(world.channel.keyIds.at(-1), keyId);
  });

  it('relays stop-supply, also to an engine that is just coming back', async () => {
    await world.startCentral();
    const monitor = world.startMonitor();
    await until('connected', () => monitor.isConnected);
    const supplyId = newRandomId();
    world.central.send('stop-supply', { supplyId, reason: 'OPERATOR_STOP' });
    await world.startEngine();
    await until('channel', () => world.channels.length === 1);
    world.channel.greet();
    await until('paired', () => monitor.view().engine.isPaired && monitor.view().key.isInstalled);
    const expiresAtMs = world.channel.centralNowMs() + 5_000;
    const start = { supplyId, requestId: newRandomId(), origin: 'POINT', priceE4PerKwh: 4_500, expiresAtMs } as const;
    world.channel.deliver('start-supply', start);
    await until('a start that the stop overtook is declined, one that it followed is ended', () => {
      const declined = world.channel.last('supply-declined');
      const ended = world.channel.last('supply-ended')?.supply;
      const isDeclined = declined?.supplyId === supplyId && declined.code === 'CANCELLED';
      return isDeclined || (ended?.supplyId === supplyId && ended.endReason === 'OPERATOR_STOP');
    });
  });
});

describe('the Monitor and Central', () => {
  it('F-30 F-54 reconnects after a restart of Central with its key, and needs no new one', async () => {
    await world.startCentral();
    const monitor = world.startMonitor();
    await world.startEngine();
    await until('ready', () => isReady(monitor));
    const { keyId } = world.central;
    await world.central.stop();
    await until('the connection is gone', () => !monitor.isConnected);
    await world.startCentral();
    await until('connected again', () => monitor.isConnected);
    const authentications = world.central.received.filter(({ type }) => type === 'authenticate');
    const [first, last] = [authentications[0]?.body, authentications.at(-1)?.body] as {
      keyId?: string;
      instanceId: string;
    }[];
    assert.equal(last?.keyId, keyId);
    assert.equal(first?.instanceId, last?.instanceId);
    assert.equal(world.central.keyId, keyId, 'no key was issued');
  });

  it('ux 3.3 has the temperature that Central last told for the point’s page, and none once Central is gone', async () => {
    await world.startCentral();
    const monitor = world.startMonitor();
    await until('connected', () => monitor.isConnected);
    assert.equal(monitor.view().weather, undefined, 'a Central of the version before says nothing of it');
    const { 'point-status': status } = centralToMonitorExamples;
    world.central.send('point-status', status);
    await until('the weather', () => monitor.view().weather !== undefined);
    assert.deepEqual(monitor.view().weather, status.weather);
    await world.central.stop();
    await until('the connection is gone', () => !monitor.isConnected);
    assert.equal(monitor.view().weather, undefined);
  });

  it('D-09 tells the engine that Central is silent, drops the dead socket and audits CENTRAL_DISCONNECTED', async () => {
    await world.startCentral();
    const monitor = world.startMonitor();
    const engine = await world.startEngine();
    await until('ready', () => isReady(monitor) && engine.view().isCentralReachable);
    world.channel.greet();
    world.central.silence();
    world.central.refusal = { code: 'SERVICE_UNAVAILABLE' };
    await until('the engine knows', () => !engine.view().isCentralReachable);
    assert.equal(engine.view().startBlockedBy, 'NO_CENTRAL');
    await until('audited', () => world.audit.actions().includes('CENTRAL_DISCONNECTED'));
    assert.ok(monitor.view().engine.isOk, 'the engine itself is fine');
    world.central.refusal = undefined;
    world.central.speak();
    await until('recovered', () => engine.view().isCentralReachable);
    assert.ok(world.audit.actions().includes('CENTRAL_RECONNECTED'));
  });

  it('F-65 shows ALREADY_CONNECTED and takes the place over when a person says so', async () => {
    world.central.refusal = { code: 'ALREADY_CONNECTED' };
    await world.startCentral();
    const monitor = world.startMonitor();
    await until('refused', () => monitor.view().central.refusal === 'ALREADY_CONNECTED');
    world.central.refusal = undefined;
    monitor.authenticate('TAKE_OVER');
    await until('connected', () => monitor.isConnected);
    const last = world.central.received.findLast(({ type }) => type === 'authenticate')?.body as { intent: string };
    assert.equal(last.intent, 'TAKE_OVER');
    assert.equal(monitor.view().central.refusal, undefined);
  });

  it('registers again by itself, once, when Central does not know its secret and a token is at hand', async () => {
    world.central.refusal = { code: 'BAD_CREDENTIALS' };
    await world.startCentral();
    const monitor = world.startMonitor();
    await until('refused twice', () => world.central.received.length >= 2);
    assert.equal(world.registrations, 2);
    const secrets = world.central.received.map(({ body }) => (body as { secret: string }).secret);
    assert.notEqual(secrets[0], secrets[1]);
    world.central.refusal = undefined;
    monitor.authenticate('CONNECT');
    await until('connected', () => monitor.isConnected);
    assert.equal(world.registrations, 2);
  });

  it('F-53 D-12 shows a revoked key and comes back with a new one without any restart', async () => {
    await world.startCentral();
    const monitor = world.startMonitor();
    const engine = await world.startEngine();
    await until('ready', () => isReady(monitor));
    world.channel.greet();
    const revoked = world.central.keyId;
    world.central.isKeyRevoked = true;
    world.central.send('key-revoked', { keyId: revoked });
    await until('shown', () => monitor.view().key.isRevoked && !engine.view().hasKey);
    assert.equal(engine.view().startBlockedBy, 'NO_KEY');
    assert.equal(world.channel.isStopped, true, 'nothing more under the revoked key');
    world.central.isKeyRevoked = false;
    monitor.authenticate('NEW_KEY');
    await until('a new key is installed', () => monitor.view().key.isInstalled && engine.view().hasKey);
    assert.notEqual(engine.view().keyId, revoked);
    assert.equal(monitor.view().key.isRevoked, false);
  });
});
