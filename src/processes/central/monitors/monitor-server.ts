import type { HoldKind } from '../../../domain/vocabulary.ts';
import { error as errors, security } from '../../../io/audit/audit-events.ts';
import { liveCredential } from '../../../io/postgres/credentials.ts';
import { NOTICES } from '../../../io/postgres/notices.ts';
import { startFrameServer, type TurnedAway } from '../../../io/sockets/frame-server.ts';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { type CentralToMonitor, MONITOR_BEATS } from '../../../messages/monitor-central.ts';
import type { MonitorLinks } from '../parts.ts';
import { createConnectionBatch } from './connection-batch.ts';
import { createEdgeQueue } from './edge-queue.ts';
import { type Connecting, serveMonitor } from './monitor-connection.ts';
import type { MonitorParts } from './monitor-parts.ts';
import { MonitorRoster } from './monitor-roster.ts';
import type { MonitorSession } from './monitor-session.ts';

/** The running server of this replica's Monitors. */
export type MonitorServer = MonitorLinks & {
  port: number;
  /** The point as Central shows it now: a level for the point's pages. Called by the picture whenever it changes. */
  notifyPointStatus(cpId: string, point: PanelPoint, holds: readonly HoldKind[]): void;
  /** Another replica has this point's Monitor since that epoch: an older socket here would be taken for its own (F-65). */
  fence(cpId: string, holder: { epoch: number; instanceId: string | null }): void;
  /** Edges that wait for the database. */
  readonly waitingEdgeCount: number;
  /** Closes the sockets without telling anybody that the Monitors are lost: they come back, here or elsewhere. */
  stop(): Promise<void>;
};

/** Listens on CENTRAL_SOCKET_PORT with TLS 1.3 (protocol 2.2). Rejects with the error of listening. */
export async function startMonitorServer(parts: MonitorParts): Promise<MonitorServer> {
  const { clock, config, db, leaf, log, points } = parts;
  let isStopping = false;
  const lose = (session: MonitorSession, cause: string) => {
    if (!roster.leave(session) || isStopping) return;
    log.info({ cpId: session.cpId, cause }, 'a Monitor is lost');
    edges.put(session.cpId, { kind: 'monitor-lost', epoch: session.epoch }, session.actor);
  };
  const roster = new MonitorRoster({
    clock,
    heartbeatMs: config.heartbeatMs,
    onSilent(session) {
      lose(session, 'silence');
      session.destroy('silent');
    },
  });
  const batch = createConnectionBatch(points, clock);
  const edges = createEdgeQueue({
    points,
    clock,
    onFault(cpId, edge, fault) {
      const problem = fault instanceof Error ? fault.message : String(fault);
      parts.audit.record(
        errors.faultCaught({ entity: 'central' }, { where: edge.kind, code: 'EDGE_NOT_STORED', problem, cpId }),
      );
      // When it comes again, what it says is compared with what is stored.
      roster.of(cpId)?.destroy('its state could not be stored');
    },
  });
  const shared: Connecting = { parts, roster, batch, edges, lose };
  const server = await startFrameServer({
    host: config.host,
    port: config.port,
    tls: { ...leaf.current(), ticketKeys: parts.ticketKeys },
    clock,
    unacknowledgedTypes: MONITOR_BEATS,
    onConnection: (connection, peer) => serveMonitor(connection, peer.address, shared),
    onTurnedAway: (turnedAway) => tellTurnedAway(parts, turnedAway),
  });
  leaf.onRenewed((renewed) => server.setTls({ ...renewed, ticketKeys: parts.ticketKeys }));

  const drop = (cpId: string, code: CentralToMonitor['refused']['code']) => {
    const session = roster.of(cpId);
    if (!session) return;
    lose(session, code);
    void session.refuse(code);
  };
  // The word of a new secret may come after the Monitor that holds it: that one stays, or it would wait half a minute.
  const dropIfReplaced = async (cpId: string): Promise<void> => {
    if (!roster.of(cpId)) return;
    const live = await liveCredential(db, cpId).catch(() => undefined);
    if (live !== undefined && roster.of(cpId)?.credentialId === live.credentialId) return;
    drop(cpId, live?.isRetired ? 'RETIRED' : 'BAD_CREDENTIALS');
  };
  const listening = await Promise.all([
    db.listen(NOTICES.pointRetired, (cpId) => drop(cpId, 'RETIRED')),
    db.listen(NOTICES.credentialReplaced, (cpId) => void dropIfReplaced(cpId)),
  ]);
  const send = async (cpId: string, type: string, body: unknown) =>
    (await roster.joined(cpId)?.send(type, body)) ?? false;

  return {
    port: server.port,
    isConnected: (cpId) => roster.joined(cpId) !== undefined,
    send,
    drop: (cpId, reason) => drop(cpId, reason.toUpperCase() === 'RETIRED' ? 'RETIRED' : 'ALREADY_CONNECTED'),
    lastSeenAtMs: (cpId) => roster.joined(cpId)?.lastSeenAtMs,
    get connectedCount() {
      return roster.size;
    },
    get waitingEdgeCount() {
      return edges.waitingCount;
    },
    notifyPointStatus(cpId, point, holds) {
      roster.of(cpId)?.tellStatus(statusOf(point, holds));
    },
    fence(cpId, { epoch, instanceId }) {
      const session = roster.of(cpId);
      if (!session || session.epoch >= epoch) return;
      roster.leave(session);
      if (session.instanceId === instanceId) return session.destroy('its Monitor is at another Central');
      const cause = `${cpId} was taken over at another Central`;
      parts.audit.record(security.connectionRefused(session.actor, { where: 'Central', cause }));
      void session.refuse('ALREADY_CONNECTED');
    },
    async stop() {
      isStopping = true;
      roster.stop();
      batch.stop();
      edges.stop();
      await Promise.all(listening.map((one) => one.stop()));
      await server.stop();
    },
  };
}

function statusOf(point: PanelPoint, holds: readonly HoldKind[]): CentralToMonitor['point-status'] {
  const { cpId, zone, address, city, country, priceE4PerKwh, maxPowerW, state, version, weather } = point;
  return {
    point: { cpId, zone, address, city, country, priceE4PerKwh, maxPowerW },
    ...{ state, holds: [...holds], version },
    ...(weather && { weather }),
  };
}

/** A scan that only opens and closes the port is no attack; plaintext, a wrong protocol or too many are (F-45). */
function tellTurnedAway({ audit, log }: MonitorParts, turnedAway: TurnedAway) {
  const { address, why, detail } = turnedAway;
  if (why === 'tls' && /ECONNRESET|EPIPE|hang up|disconnected/i.test(detail ?? '')) {
    return log.debug({ address, detail }, 'a connection ended before TLS');
  }
  const cause = detail === undefined ? why : `${why}: ${detail}`;
  audit.record(security.connectionRefused({ entity: 'unknown', address }, { where: 'Central', cause }));
}
