import type { ChannelLoad } from '../../domain/channel-lease.ts';
import type { ChannelList } from '../../messages/central-history-api.ts';
import type { Lease, LeaseStore } from '../channels/lease-store.ts';
import type { Database, Queries } from './database.ts';

type Row = {
  lease_id: string;
  client_id: string;
  zone: string;
  topic_number: number;
  partition: number;
  session_key_sealed: Buffer | null;
  boot_id: string;
  starts_at: Date;
  expires_at: Date;
};

const COLUMNS =
  'lease_id, client_id, zone, topic_number, partition, session_key_sealed, boot_id, starts_at, expires_at';

const LOADS = `
  SELECT topic_number AS "channelNumber", partition, count(DISTINCT client_id)::int AS clients
    FROM channel_leases WHERE zone = $1 AND ended_at IS NULL GROUP BY 1, 2`;
const NEWEST_LIVE = {
  name: 'newest-live-lease',
  text: `SELECT ${COLUMNS} FROM channel_leases
          WHERE client_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY starts_at DESC, lease_id LIMIT 1`,
};
const BY_ID = { name: 'lease-by-id', text: `SELECT ${COLUMNS} FROM channel_leases WHERE lease_id = $1` };
const INSERT = {
  name: 'insert-lease',
  text: `INSERT INTO channel_leases (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
};
const END_OTHER_BOOTS = {
  name: 'end-leases-of-other-boots',
  text: `UPDATE channel_leases SET ended_at = now()
          WHERE client_id = $1 AND ended_at IS NULL AND boot_id IS DISTINCT FROM $2`,
};
/** Lapsed leases still open their client's records while the topics hold them, and tell a replayed question; then they are forgotten. */
const END_LAPSED = 'UPDATE channel_leases SET ended_at = $1 WHERE ended_at IS NULL AND expires_at <= $1';
const FORGET = `DELETE FROM channel_leases WHERE lease_id IN (
    SELECT lease_id FROM channel_leases WHERE expires_at < $1::timestamptz - interval '2 hours' LIMIT 5000)`;

/** The leases that hold now, by client; at most 500 of them, and how many there are. */
export async function liveLeases(queries: Queries, nowMs: number): Promise<ChannelList> {
  const rows = await queries.rows<Row & { total: number }>(
    `SELECT ${COLUMNS}, count(*) OVER () AS total FROM channel_leases
      WHERE ended_at IS NULL AND expires_at > $1 ORDER BY client_id, starts_at LIMIT 500`,
    [new Date(nowMs)],
  );
  const channels = rows.map((row) => ({
    clientId: row.client_id,
    zone: row.zone,
    channelNumber: row.topic_number,
    partition: row.partition,
    leaseId: row.lease_id,
    startsAtMs: row.starts_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
  }));
  return { channels, total: rows[0]?.total ?? 0 };
}

/** Leases in `channel_leases`; faults are those of the database (`canRetry`). */
export function createLeaseStore(database: Database): LeaseStore {
  return {
    loads: (zone) => database.rows<ChannelLoad>(LOADS, [zone]),
    newestLive: async (clientId, nowMs) => toLease(await database.row<Row>(NEWEST_LIVE, [clientId, new Date(nowMs)])),
    byId: async (leaseId) => toLease(await database.row<Row>(BY_ID, [leaseId])),
    insert: async (lease) => {
      const { leaseId, clientId, zone, channelNumber, partition, sessionKeySealed, bootId } = lease;
      const times = [new Date(lease.startsAtMs), new Date(lease.expiresAtMs)];
      const inserted = await database.run(INSERT, [
        leaseId,
        clientId,
        zone,
        channelNumber,
        partition,
        sessionKeySealed ?? null,
        bootId,
        ...times,
      ]);
      return inserted === 1;
    },
    endOtherBoots: async (clientId, bootId) => {
      await database.run(END_OTHER_BOOTS, [clientId, bootId]);
    },
    sweep: async (nowMs) => {
      await database.run(END_LAPSED, [new Date(nowMs)]);
      await database.run(FORGET, [new Date(nowMs)]);
    },
  };
}

function toLease(row: Row | undefined): Lease | undefined {
  if (!row) return undefined;
  return {
    leaseId: row.lease_id,
    clientId: row.client_id,
    zone: row.zone,
    channelNumber: row.topic_number,
    partition: row.partition,
    bootId: row.boot_id,
    startsAtMs: row.starts_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    ...(row.session_key_sealed ? { sessionKeySealed: row.session_key_sealed } : {}),
  };
}
