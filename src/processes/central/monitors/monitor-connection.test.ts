import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../io/log.ts';
import { newRandomId } from '../../../io/new-id.ts';
import type { FrameConnection } from '../../../io/sockets/frame-connection.ts';
import { frameMessage } from '../../../io/sockets/frame-messages.ts';
import type { FrameHandlers } from '../../../io/sockets/frame-server.ts';
import { monitorToCentralExamples } from '../../../messages/examples.ts';
import type { MonitorToCentral } from '../../../messages/monitor-central.ts';
import { createFakeClock } from '../../../testing/fake-clock.ts';
import { ioClockOf } from '../../../testing/io-clock.ts';
import type { KeyMaterial } from '../keys/point-keys.ts';
import { type Connecting, serveMonitor } from './monitor-connection.ts';
import { MonitorRoster } from './monitor-roster.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a new key that a Monitor asked for on a line that broke meanwhile goes out on the line that it has now', async () => {
  const clock = ioClockOf(createFakeClock());
  const made = Promise.withResolvers<KeyMaterial>();
  const login = {
    ...{ cpId: 'CP001', credentialId: 'c', zone: 'ALC', city: 'Alicante', country: 'ES', address: 'Calle 1' },
    ...{ priceE4PerKwh: 4_500, maxPowerW: 50_000, monitorEpoch: 0, isEngineOk: true, isChannelUp: true },
  };
  const roster = new MonitorRoster({ clock, heartbeatMs: 1_000, onSilent: () => undefined });
  const shared = {
    parts: {
      ...{ clock, log: createLog('test', { level: 'silent' }), audit: { record: () => undefined } },
      ...{ config: { brokers: 'b', heartbeatMs: 1_000 }, centralSockets: () => [] },
      keys: {
        authenticatePoint: async () => ({ login }),
        keyForMonitor: async () => ({ key: undefined, isKeyRevoked: false }),
        newKey: () => made.promise,
      },
    },
    ...{ roster, batch: { add: async () => undefined }, edges: { put: () => undefined } },
    lose: () => undefined,
  } as unknown as Connecting;
  /** A line of the same Monitor process, and what Central has said on it. */
  const dial = () => {
    const heard: string[] = [];
    let handlers: FrameHandlers | undefined;
    const connection: FrameConnection = {
      send: async (message) => void heard.push((message as { type: string }).type),
      sendBeat: () => true,
      close: async () => undefined,
      destroy: () => handlers?.onClose({ code: 'local' }),
      isOpen: () => true,
    };
    handlers = serveMonitor(connection, '10.0.0.1', shared);
    const say = async <K extends keyof MonitorToCentral>(type: K, body: MonitorToCentral[K]) => {
      const message = { ...frameMessage(type, body, { nowMs: clock.nowMs() }), id: newRandomId() };
      await Promise.race([handlers?.onMessage(message), settled()]);
    };
    return { heard, say };
  };
  const authenticate = { ...monitorToCentralExamples.authenticate, cpId: 'CP001' };
  const first = dial();
  await first.say('authenticate', authenticate);
  await first.say('new-key-wanted', {});
  const second = dial();
  await second.say('authenticate', authenticate);
  made.resolve({ keyId: newRandomId(), keyBase64: '' });
  await settled();
  assert.deepEqual(first.heard, ['authenticated']);
  assert.deepEqual(second.heard, ['authenticated', 'install-key']);
  roster.stop();
});
