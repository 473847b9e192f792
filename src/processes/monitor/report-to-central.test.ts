import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Audit } from '../../io/audit/audit.ts';
import { createActivityLog } from '../../io/live/activity-log.ts';
import { createLog } from '../../io/log.ts';
import type { FrameConnection } from '../../io/sockets/frame-connection.ts';
import { frameMessage } from '../../io/sockets/frame-messages.ts';
import type { TlsPeer } from '../../io/sockets/tls-peer.ts';
import { centralToMonitorExamples } from '../../messages/examples.ts';
import type { CentralToMonitor } from '../../messages/monitor-central.ts';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { ioClockOf } from '../../testing/io-clock.ts';
import { CentralLink } from './report-to-central.ts';

const MINUTE = 60_000;
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A link to a Central that answers every dial with this message. */
function linkAnsweredBy<T extends 'authenticated' | 'refused'>(type: T, body: CentralToMonitor[T]) {
  const fake = createFakeClock();
  const clock = ioClockOf(fake);
  const dialledAtMs: number[] = [];
  const audited: string[] = [];
  let beats = 0;
  const installed: string[] = [];
  const addresses: string[][] = [];
  const hear: ((raw: object) => void)[] = [];
  const connection = {
    send: async () => undefined,
    sendBeat: () => {
      beats += 1;
    },
    close: async () => undefined,
    destroy: () => undefined,
    isOpen: () => true,
  } as unknown as FrameConnection;
  const link = new CentralLink({
    ...{ cpId: 'CP001', instanceId: 'i', addresses: [], caPem: '', secret: 's', lostMs: 6_000, auditMs: 1e9, clock },
    ...{ log: createLog('test', { level: 'silent' }), activity: createActivityLog(clock) },
    audit: { record: ({ action }: { action: string }) => void audited.push(action) } as unknown as Audit,
    dial: (options) => {
      dialledAtMs.push(fake.nowMs());
      const handlers = options.onConnection(connection, { address: '127.0.0.1', port: 1 } as TlsPeer);
      hear.push((raw) => handlers.onMessage(raw));
      setImmediate(() => handlers.onMessage(frameMessage(type, body, { nowMs: fake.nowMs() })));
      return {
        connection: () => undefined,
        setAddresses: (known) => addresses.push(known.map(({ host }) => host)),
        setTls: () => undefined,
        redialAfter: () => undefined,
        stop: async () => undefined,
      };
    },
    installedKeyId: () => undefined,
    health: () => ({ isEngineOk: true, isChannelUp: true }),
    ...{ onAuthenticated: () => undefined, onKeyRevoked: () => undefined },
    onInstallKey: ({ key }) => installed.push(key.keyId),
    ...{ onStopSupply: () => undefined, onPointStatus: () => undefined, onRefused: () => undefined },
    onChange: () => undefined,
  });
  const pass = async (minutes: number): Promise<void> => {
    for (let step = 0; step < minutes * 6; step += 1) {
      fake.advance(MINUTE / 6);
      await settled();
    }
  };
  const say = <K extends keyof CentralToMonitor>(later: K, told: CentralToMonitor[K]) =>
    hear.at(-1)?.(frameMessage(later, told, { nowMs: fake.nowMs() }));
  return { link, dialledAtMs, audited, pass, installed, addresses, say, beats: () => beats };
}

test('a Monitor whose point was removed knocks less and less, is audited once, and at once when a person asks', async () => {
  const { link, dialledAtMs, audited, pass } = linkAnsweredBy('refused', { code: 'RETIRED' });
  await settled();
  await pass(24 * 60);
  const pauses = dialledAtMs.slice(1).map((atMs, index) => Math.round((atMs - (dialledAtMs[index] ?? 0)) / MINUTE));
  assert.deepEqual(pauses.slice(0, 8), [1, 2, 4, 8, 16, 32, 60, 60]);
  assert.equal(audited.length, 1);
  const before = dialledAtMs.length;
  link.authenticate('CONNECT');
  await settled();
  assert.equal(dialledAtMs.length, before + 1);
  await settled();
  assert.equal(audited.length, 2, 'what came of a person’s own try is told');
  await link.stop();
});

test('a Monitor that waits for another to go asks every ten seconds', async () => {
  const { link, dialledAtMs, audited, pass } = linkAnsweredBy('refused', { code: 'ALREADY_CONNECTED' });
  await settled();
  await pass(2);
  assert.ok(dialledAtMs.length >= 10, `${dialledAtMs.length} tries`);
  assert.equal(audited.length, 1);
  await link.stop();
});

test('an answer that was on its way when the Monitor dialled anew, or stopped, starts nothing', async () => {
  const answer = { ...centralToMonitorExamples.authenticated, heartbeatMs: 1_000 };
  const { link, dialledAtMs, audited, beats } = linkAnsweredBy('authenticated', answer);
  link.renewSecret('another');
  await settled();
  assert.deepEqual(audited, [], 'the answer to the first secret counts no more');
  await settled();
  assert.equal(dialledAtMs.length, 2);
  assert.deepEqual(audited, ['CP_AUTHENTICATE']);
  assert.equal(beats(), 1);
  await link.stop();

  const stopped = linkAnsweredBy('authenticated', answer);
  await stopped.link.stop();
  await settled();
  await stopped.pass(1);
  assert.equal(stopped.beats(), 0, 'nobody beats on after the end');
});

test('a refusal of the former secret is none of the new one', async () => {
  const once = linkAnsweredBy('refused', { code: 'BAD_CREDENTIALS' });
  await settled();
  const renewed = linkAnsweredBy('refused', { code: 'BAD_CREDENTIALS' });
  renewed.link.renewSecret('another');
  await settled();
  await settled();
  assert.equal(renewed.dialledAtMs.length, 2);
  assert.equal(renewed.link.status.retryAtMs, once.link.status.retryAtMs, 'no longer to wait than after one refusal');
  await once.link.stop();
  await renewed.link.stop();
});

test('a key that was on its way when the point was given up is not taken', async () => {
  const { link, say, installed } = linkAnsweredBy('authenticated', centralToMonitorExamples.authenticated);
  await settled();
  const order = centralToMonitorExamples['install-key'];
  say('install-key', order);
  await link.stop();
  say('install-key', order);
  assert.deepEqual(installed, [order.key.keyId]);
});

test('F-29: a Central that was away stays known: it may be back, and the only one left, before anybody tells of it again', async () => {
  const answer = { ...centralToMonitorExamples.authenticated, centralSockets: ['10.0.0.1:8020', '10.0.0.2:8020'] };
  const { link, addresses, say } = linkAnsweredBy('authenticated', answer);
  await settled();
  say('central-beat', { serverTimeMs: 0, centralSockets: ['10.0.0.1:8020'] });
  assert.deepEqual(addresses.at(-1), ['10.0.0.1', '10.0.0.2']);
  say('central-beat', { serverTimeMs: 0, centralSockets: ['10.0.0.1:8020', '10.0.0.3:8020'] });
  assert.deepEqual(addresses.at(-1), ['10.0.0.1', '10.0.0.3', '10.0.0.2'], 'last, while it is away');
  await link.stop();
});
