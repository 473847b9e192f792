import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect as connectPlain } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { until } from '../../testing/until.ts';
import { createAuthorityMaterial, openAuthority } from '../crypto/certificate-authority.ts';
import { createDialGate } from './dial-gate.ts';
import { type DownReport, type FrameClientOptions, startFrameClient } from './frame-client.ts';
import type { FrameConnection } from './frame-connection.ts';
import { type FrameServerOptions, startFrameServer, type TurnedAway } from './frame-server.ts';
import { isPairingProven, pairingProof } from './pairing.ts';
import type { TlsPeer } from './tls-peer.ts';

const nowMs = Date.now();
const authority = await openAuthority(await createAuthorityMaterial('EV test', nowMs));
const impostor = await openAuthority(await createAuthorityMaterial('EV test', nowMs));
const localNames = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
const central = await authority.issueLeaf({ subject: 'central', ...localNames }, nowMs);
const point = await authority.issueLeaf({ subject: 'cp:CP001' }, nowMs);

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.stop();
});

async function server(options: Partial<FrameServerOptions> = {}) {
  const received: unknown[] = [];
  const peers: TlsPeer[] = [];
  const connections: FrameConnection[] = [];
  const turnedAway: TurnedAway[] = [];
  const listening = await startFrameServer({
    host: '127.0.0.1',
    port: 0,
    tls: central,
    onConnection(connection, peer) {
      connections.push(connection);
      peers.push(peer);
      return { onMessage: (message) => void received.push(message), onClose: () => {} };
    },
    onTurnedAway: (one) => void turnedAway.push(one),
    ...options,
  });
  started.push(listening);
  return { listening, received, peers, connections, turnedAway };
}

function client(port: number, options: Partial<FrameClientOptions> = {}) {
  const received: unknown[] = [];
  const peers: TlsPeer[] = [];
  const downs: DownReport[] = [];
  const dialling = startFrameClient({
    addresses: [{ host: '127.0.0.1', port }],
    tls: { caPem: authority.certificatePem },
    backOff: { minMs: 10, maxMs: 50 },
    onConnection: (_connection, peer) => {
      peers.push(peer);
      return { onMessage: (message) => void received.push(message), onClose: () => {} };
    },
    onDown: (down) => void downs.push(down),
    ...options,
  });
  started.push(dialling);
  return { dialling, received, peers, downs };
}

/** The code of the first failed dial. */
async function dialFault(downs: DownReport[]): Promise<unknown> {
  await until('a failed dial', () => downs.length > 0);
  const { reason } = downs[0]!;
  return reason.code === 'dial-failed' ? (reason.detail as { code?: string }).code : reason.code;
}

describe('frame server and client over TLS', () => {
  it('carries messages both ways, by address and by name', async () => {
    const at = await server();
    for (const host of ['127.0.0.1', 'localhost']) {
      const from = client(0, { addresses: [{ host, port: at.listening.port }] });
      await until('connected', () => from.dialling.connection() !== undefined);
      await from.dialling.connection()!.send({ type: 'up', host });
      await at.connections.at(-1)!.send({ type: 'down', host });
      assert.deepEqual(from.received, [{ type: 'down', host }]);
      assert.equal(from.peers[0]?.subject, 'central');
      assert.equal(at.peers.at(-1)?.address, '127.0.0.1');
    }
    assert.deepEqual(at.received, [
      { type: 'up', host: '127.0.0.1' },
      { type: 'up', host: 'localhost' },
    ]);
  });

  it('refuses a server of another authority, even one of the same name (F-50)', async () => {
    const at = await server({ tls: await impostor.issueLeaf({ subject: 'central', ...localNames }, nowMs) });
    const from = client(at.listening.port);
    assert.match(String(await dialFault(from.downs)), /CERT|SELF_SIGNED|UNABLE_TO/);
    assert.equal(from.peers.length, 0);
  });

  it('refuses a server whose certificate is for another host (F-50)', async () => {
    const at = await server({ tls: await authority.issueLeaf({ subject: 'central', dnsNames: ['elsewhere'] }, nowMs) });
    assert.equal(await dialFault(client(at.listening.port).downs), 'ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('refuses an expired certificate (F-50)', async () => {
    const old = await authority.issueLeaf({ subject: 'central', ...localNames }, nowMs - 100 * 86_400_000);
    const at = await server({ tls: old });
    assert.equal(await dialFault(client(at.listening.port).downs), 'CERT_HAS_EXPIRED');
  });

  it('knows a peer by its name alone, learns which, and refuses others (8010)', async () => {
    const at = await server({ tls: point });
    const isPoint = (subject: string) => subject.startsWith('cp:');
    const good = client(at.listening.port, { tls: { caPem: authority.certificatePem, isSubjectAccepted: isPoint } });
    await until('connected', () => good.peers.length === 1);
    assert.equal(good.peers[0]?.subject, 'cp:CP001');
    const wrong = await server();
    const bad = client(wrong.listening.port, { tls: { caPem: authority.certificatePem, isSubjectAccepted: isPoint } });
    assert.equal(await dialFault(bad.downs), 'EV_WRONG_SUBJECT');
  });

  it('asks clients for a certificate when told to, and serves nobody without one of ours', async () => {
    const at = await server({ clientCaPem: authority.certificatePem });
    const stranger = await impostor.issueLeaf({ subject: 'cp:CP001' }, nowMs);
    const tlsOf = (one: { certificatePem: string; privateKeyPem: string }) => ({
      caPem: authority.certificatePem,
      ...one,
    });
    const [without, forged] = [client(at.listening.port), client(at.listening.port, { tls: tlsOf(stranger) })];
    await until('both refused', () => without.downs.length > 0 && forged.downs.length > 0);
    await Promise.all([without.dialling.stop(), forged.dialling.stop()]);
    assert.deepEqual([at.peers.length, without.peers.length, forged.peers.length], [0, 0, 0]);
    const good = client(at.listening.port, { tls: tlsOf(point) });
    await until('connected', () => at.peers.length === 1);
    assert.equal(at.peers[0]?.subject, 'cp:CP001');
    await good.dialling.stop();
  });

  it('speaks no plaintext and nothing older than TLS 1.3 (F-49)', async () => {
    const at = await server();
    const answer = await new Promise<Buffer>((resolve) => {
      const chunks: Buffer[] = [];
      const socket = connectPlain(at.listening.port, '127.0.0.1', () => socket.write(Buffer.of(0x05)));
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('error', () => {});
      socket.on('close', () => resolve(Buffer.concat(chunks)));
      socket.write('\u0002GET / HTTP/1.1\r\n\r\n');
    });
    assert.notEqual(answer[0], 0x06, 'no ACK to an ENQ in plaintext');
    const old = connectTls({
      port: at.listening.port,
      host: '127.0.0.1',
      ca: authority.certificatePem,
      maxVersion: 'TLSv1.2',
    });
    const error = await new Promise<Error>((resolve) => old.once('error', resolve));
    assert.match(error.message, /version|handshake/i);
    await until('told', () => at.turnedAway.length >= 2);
    assert.equal(at.peers.length, 0);
  });

  it('pairs over the exporter: same token and same connection only', async () => {
    const at = await server();
    const [one, two] = [client(at.listening.port), client(at.listening.port)];
    await until('both', () => one.peers.length === 1 && two.peers.length === 1 && at.peers.length === 2);
    const exported = one.peers[0]!.exportPairingMaterial();
    const proof = pairingProof({ token: 'shared', side: 'engine', exportedMaterial: exported });
    const accepted = at.peers.filter((peer) =>
      isPairingProven({ token: 'shared', side: 'engine', exportedMaterial: peer.exportPairingMaterial() }, proof),
    );
    assert.equal(accepted.length, 1, 'the other connection has other key material');
    const input = { token: 'shared', side: 'engine' as const, exportedMaterial: exported };
    assert.equal(isPairingProven({ ...input, token: 'other' }, proof), false);
    assert.equal(isPairingProven({ ...input, side: 'monitor' }, proof), false, 'a proof cannot be mirrored');
    assert.equal(isPairingProven({ ...input, token: '' }, pairingProof({ ...input, token: '' })), false);
  });

  it('comes back when the server does, and tries several addresses in turn', async () => {
    const first = await server();
    const dead = { host: '127.0.0.1', port: first.listening.port };
    const second = await server();
    const from = client(0, { addresses: [dead, { host: '127.0.0.1', port: second.listening.port }] });
    await until('connected', () => from.dialling.connection() !== undefined);
    await first.listening.stop();
    const connectedBefore = second.peers.length;
    if (connectedBefore === 1) await second.connections[0]!.close();
    await until('at the second', () => second.peers.length === connectedBefore + 1);
    await until('usable', () => from.dialling.connection() !== undefined);
    await from.dialling.connection()!.send({ type: 'again' });
    assert.deepEqual(second.received.at(-1), { type: 'again' });
  });

  it('resumes a session at another replica that shares the ticket keys, still knowing the peer', async () => {
    const ticketKeys = randomBytes(48);
    const first = await server({ tls: { ...point, ticketKeys } });
    const { port } = first.listening;
    const tls = { caPem: authority.certificatePem, isSubjectAccepted: (subject: string) => subject === 'cp:CP001' };
    const from = client(port, { tls });
    await until('connected', () => from.peers.length === 1);
    await first.connections[0]!.send({ type: 'so that the ticket has come' });
    await first.listening.stop();
    const second = await server({ port, tls: { ...point, ticketKeys } });
    await until('reconnected', () => from.peers.length === 2);
    assert.deepEqual(
      from.peers.map((peer) => [peer.subject, peer.isResumed]),
      [
        ['cp:CP001', false],
        ['cp:CP001', true],
      ],
    );
    assert.equal(second.peers.length, 1);
  });

  it('serves a renewed certificate without a restart', async () => {
    const at = await server();
    const renewed = await authority.issueLeaf({ subject: 'central-renewed', ...localNames }, nowMs);
    const before = client(at.listening.port);
    await until('connected', () => before.peers.length === 1);
    at.listening.setTls(renewed);
    const later = client(at.listening.port);
    await until('connected', () => later.peers.length === 1);
    assert.deepEqual([before.peers[0]?.subject, later.peers[0]?.subject], ['central', 'central-renewed']);
    assert.ok(before.dialling.connection(), 'the old connection stays');
  });

  it('turns away what is beyond its limits: connections, rate and address', async () => {
    const full = await server({ limits: { maxConnections: 1 } });
    client(full.listening.port);
    await until('one', () => full.peers.length === 1);
    client(full.listening.port);
    await until('refused', () => full.turnedAway.some(({ why }) => why === 'too-many-connections'));
    const rated = await server({ limits: { burstPerAddress: 2, perAddressPerSecond: 0.001 } });
    for (let n = 0; n < 3; n++) client(rated.listening.port);
    await until('rated', () => rated.turnedAway.some(({ why }) => why === 'address-rate'));
    assert.ok(rated.peers.length <= 2);
    const closed = await server({ isAddressAllowed: (address) => address === '10.0.0.1' });
    client(closed.listening.port);
    await until('closed', () => closed.turnedAway.some(({ why }) => why === 'address-not-allowed'));
    assert.equal(closed.peers.length, 0);
  });

  it('drops whoever connects and says nothing', async () => {
    const at = await server({ limits: { handshakeTimeoutMs: 100 }, frameLimits: { greetingTimeoutMs: 100 } });
    const mute = connectPlain(at.listening.port, '127.0.0.1');
    mute.resume();
    mute.on('error', () => {});
    await new Promise<void>((resolve) => mute.once('close', () => resolve()));
    const tls = connectTls({ port: at.listening.port, host: '127.0.0.1', ca: authority.certificatePem });
    tls.resume();
    tls.on('error', () => {});
    await new Promise<void>((resolve) => tls.once('close', () => resolve()));
    assert.equal(at.peers.length, 0);
  });

  it('gives up on a peer that accepts and never answers', async () => {
    const at = await server();
    const silent = await startSilentListener();
    const from = client(silent.port, { connectTimeoutMs: 1_000 });
    assert.equal(await dialFault(from.downs), 'EV_CONNECT_TIMEOUT');
    from.dialling.setAddresses([{ host: '127.0.0.1', port: at.listening.port }]);
    await until('elsewhere', () => from.dialling.connection() !== undefined);
  });

  it('waits as long as it was told after a refusal', async () => {
    const at = await server();
    const from = client(at.listening.port);
    await until('connected', () => from.dialling.connection() !== undefined);
    from.dialling.redialAfter(60_000);
    await until('down', () => from.downs.length === 1);
    assert.equal(from.downs[0]?.retryInMs, 60_000);
    assert.equal(from.downs[0]?.reason.code, 'local');
  });

  it('keeps no more handshakes in flight than the gate lets in', async () => {
    const gate = createDialGate(2);
    let inside = 0;
    let most = 0;
    const enter = async () => {
      const leave = await gate.enter();
      most = Math.max(most, ++inside);
      return () => {
        inside -= 1;
        leave();
        leave();
      };
    };
    const leaves = [enter(), enter(), enter(), enter(), enter()];
    for (const leave of leaves) {
      (await leave)();
      await delay(1);
    }
    assert.deepEqual([most, inside], [2, 0]);
  });
});

async function startSilentListener(): Promise<{ port: number }> {
  const { createServer } = await import('node:net');
  const sockets = new Set<{ destroy(): void }>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  started.push({
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  });
  return { port: (listener.address() as { port: number }).port };
}
