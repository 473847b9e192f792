import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../io/log.ts';
import type { ServerTls } from '../../io/sockets/frame-server.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { RecordingAudit } from '../../testing/point-world.ts';
import type { Credential } from './credential.ts';
import { type MonitorParts, startMonitor } from './monitor.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

class Door {
  readonly tls: ServerTls;
  readonly renewedWith: string[] = [];
  readonly opened = Promise.withResolvers<Door>();
  isStopped = false;

  constructor(tls: ServerTls) {
    this.tls = tls;
  }
  setTls({ privateKeyPem }: ServerTls): void {
    this.renewedWith.push(privateKeyPem);
  }
  async stop(): Promise<void> {
    this.isStopped = true;
  }
}

/** A registered Monitor whose doors for the engine open, or fail, when the test says so. */
function setUp() {
  const fake = createFakeClock();
  const doors: Door[] = [];
  let registrations = 0;
  const registered = async (): Promise<Credential> => {
    registrations += 1;
    return {
      ...{
        cpId: 'CP001',
        secret: `secret ${registrations}`,
        certificatePem: '',
        privateKeyPem: `key ${registrations}`,
      },
      ...{ caPem: '', registeredAtMs: 0 },
    };
  };
  const monitor = startMonitor(
    {
      ...{ cpId: 'CP001', centralAddresses: [], pairingToken: 'p', healthPeriodMs: 1_000 },
      ...{ centralLostMs: 6_000, centralAuditMs: 15_000 },
    },
    {
      ...{
        clock: ioClockOf(fake),
        log: createLog('test', { level: 'silent' }),
        audit: new RecordingAudit(),
        caPem: '',
      },
      credentials: { load: () => undefined, save: () => undefined, remove: () => undefined },
      registry: { register: registered, unregister: async () => undefined },
      enrolmentToken: () => 'token',
      dialCentral: () => ({ setAddresses: () => undefined, stop: async () => undefined }),
      listenForEngine: (tls: ServerTls) => {
        const door = new Door(tls);
        doors.push(door);
        return door.opened.promise;
      },
    } as unknown as MonitorParts,
  );
  return { monitor, doors, fake };
}

test('a point that is given up and registered again at once has one door, with its new certificate', async () => {
  const { monitor, doors } = setUp();
  await settled();
  await monitor.unregister();
  const again = monitor.register('token');
  await settled();
  const [former, next] = doors;
  assert.deepEqual(
    doors.map((door) => door.tls.privateKeyPem),
    ['key 1', 'key 2'],
  );
  former?.opened.resolve(former);
  next?.opened.resolve(next);
  await again;
  await settled();
  assert.deepEqual([former?.isStopped, next?.isStopped], [true, false]);
  await monitor.stop();
  assert.equal(next?.isStopped, true);
});

test('a door that cannot be opened is not tried again for a registration that is over', async () => {
  const { monitor, doors, fake } = setUp();
  await settled();
  doors[0]?.opened.reject(new Error('EADDRINUSE'));
  await settled();
  await monitor.unregister();
  const again = monitor.register('token');
  await settled();
  doors[1]?.opened.resolve(doors[1]);
  await again;
  fake.advance(10_000);
  await settled();
  assert.equal(doors.length, 2);
  await monitor.stop();
});

test('a door that opens after another registration serves the newer certificate', async () => {
  const { monitor, doors } = setUp();
  await settled();
  await monitor.register('token');
  doors[0]?.opened.resolve(doors[0]);
  await settled();
  assert.deepEqual(doors[0]?.renewedWith, ['key 2']);
  await monitor.stop();
});
