import type { MeterSnapshot, Supply } from '../../domain/supply.ts';
import type { HoldKind } from '../../domain/vocabulary.ts';
import type { PointIdentity } from '../../messages/engine-central.ts';
import { msOf, msOrNull, type TimeColumn, timeOrNull } from './column-values.ts';
import type { Queries } from './database.ts';
import { OPEN_STATES_SQL, type SupplyRow, supplyOf } from './supplies.ts';
import { HELD_BY_WEATHER_SQL } from './weather-alerts.ts';

/** The row of `charging_point_facts`, one to one. */
export type StoredFacts = {
  readonly cpId: string;
  readonly monitorReplicaId: string | null;
  readonly monitorEpoch: number;
  readonly monitorInstanceId: string | null;
  readonly monitorAddress: string | null;
  readonly monitorSinceMs: number | null;
  readonly monitorLostAtMs: number | null;
  readonly isEngineOk: boolean;
  readonly engineChangedAtMs: number | null;
  readonly engineFaultCode: string | null;
  readonly isChannelUp: boolean;
  readonly version: number;
  readonly engineBootId: string | null;
  readonly engineSequence: number;
};

/** What a decision about a point stands on. The caller holds the row's lock until its transaction ends. */
export type LockedPoint = {
  identity: PointIdentity;
  facts: StoredFacts;
  /** The Monitor's replica has a fresh heartbeat. */
  isReplicaFresh: boolean;
  holds: ReadonlySet<HoldKind>;
  openSupply: Supply | null;
  /** The supply asked for by id, open or not. */
  namedSupply: Supply | null;
  /** Of the named supply, else of the open one. */
  snapshot: MeterSnapshot | null;
};

type LockRow = {
  cp_id: string;
  zone: string;
  address: string;
  city: string;
  country: string;
  price_e4_per_kwh: number;
  max_power_w: number;
  monitor_replica_id: string | null;
  monitor_epoch: number;
  monitor_instance_id: string | null;
  monitor_address: string | null;
  monitor_since: TimeColumn;
  monitor_lost_at: TimeColumn;
  is_engine_ok: boolean;
  engine_changed_at: TimeColumn;
  engine_fault_code: string | null;
  is_channel_up: boolean;
  version: number;
  engine_boot_id: string | null;
  engine_sequence: number;
  is_replica_fresh: boolean;
};

/** A replica without a heartbeat for this long counts as dead, and its Monitors as gone (protocol 6). */
export const REPLICA_FRESH_SQL = "interval '5 seconds'";

const LOCK = {
  name: 'lock-point',
  text: `SELECT p.cp_id, p.zone, p.address, l.city, l.country, p.price_e4_per_kwh, p.max_power_w,
      f.monitor_replica_id, f.monitor_epoch, f.monitor_instance_id, host(f.monitor_address) AS monitor_address,
      f.monitor_since, f.monitor_lost_at, f.is_engine_ok, f.engine_changed_at, f.engine_fault_code, f.is_channel_up,
      f.version, f.engine_boot_id, f.engine_sequence,
      EXISTS (SELECT 1 FROM central_replicas r WHERE r.replica_id = f.monitor_replica_id
        AND r.heartbeat_at > now() - ${REPLICA_FRESH_SQL}) AS is_replica_fresh
    FROM charging_point_facts f JOIN charging_points p USING (cp_id) JOIN weather_locations l USING (location_id)
    WHERE f.cp_id = $1 AND p.retired_at IS NULL FOR UPDATE OF f`,
};

/** A second statement: its snapshot is taken after the lock, so that it sees what the last holder of the lock committed. */
const LOAD = {
  name: 'load-point',
  text: `SELECT (SELECT coalesce(array_agg(kind), '{}') FROM charging_point_holds WHERE cp_id = $1)
        || (SELECT array_agg('WEATHER'::text) FROM charging_points p WHERE p.cp_id = $1 AND ${HELD_BY_WEATHER_SQL}) AS holds,
      (SELECT to_jsonb(s) FROM supplies s WHERE s.cp_id = $1 AND s.state IN ${OPEN_STATES_SQL}) AS open_supply,
      (SELECT to_jsonb(s) FROM supplies s WHERE s.supply_id = $2) AS named_supply,
      (SELECT to_jsonb(m) FROM meter_snapshots m WHERE m.supply_id = coalesce($2,
        (SELECT supply_id FROM supplies s WHERE s.cp_id = $1 AND s.state IN ${OPEN_STATES_SQL}))) AS snapshot`,
};

export type SnapshotRow = {
  sequence: number;
  energy_wh: number;
  power_w: number;
  measured_at: Date | string;
  received_at: Date | string;
};

/** A row of `meter_snapshots`. */
export function snapshotOf(row: SnapshotRow): MeterSnapshot {
  return {
    sequence: row.sequence,
    energyWh: row.energy_wh,
    powerW: row.power_w,
    measuredAtMs: msOf(row.measured_at),
    receivedAtMs: msOf(row.received_at),
  };
}

/** Locks the point's facts row, then loads the rest. Undefined: unknown or retired. */
export async function lockPoint(
  tx: Queries,
  cpId: string,
  namedSupplyId: string | undefined,
): Promise<LockedPoint | undefined> {
  const row = await tx.row<LockRow>(LOCK, [cpId]);
  if (!row) return undefined;
  const rest = await tx.row<{
    holds: HoldKind[];
    open_supply: SupplyRow | null;
    named_supply: SupplyRow | null;
    snapshot: SnapshotRow | null;
  }>(LOAD, [cpId, namedSupplyId ?? null]);
  return {
    identity: identityOf(row),
    facts: factsOf(row),
    isReplicaFresh: row.is_replica_fresh,
    holds: new Set(rest?.holds ?? []),
    openSupply: rest?.open_supply ? supplyOf(rest.open_supply) : null,
    namedSupply: rest?.named_supply ? supplyOf(rest.named_supply) : null,
    snapshot: rest?.snapshot ? snapshotOf(rest.snapshot) : null,
  };
}

function identityOf(row: LockRow): PointIdentity {
  return {
    cpId: row.cp_id,
    zone: row.zone,
    address: row.address,
    city: row.city,
    country: row.country,
    priceE4PerKwh: row.price_e4_per_kwh,
    maxPowerW: row.max_power_w,
  };
}

function factsOf(row: LockRow): StoredFacts {
  return {
    cpId: row.cp_id,
    monitorReplicaId: row.monitor_replica_id,
    monitorEpoch: row.monitor_epoch,
    monitorInstanceId: row.monitor_instance_id,
    monitorAddress: row.monitor_address,
    monitorSinceMs: msOrNull(row.monitor_since),
    monitorLostAtMs: msOrNull(row.monitor_lost_at),
    isEngineOk: row.is_engine_ok,
    engineChangedAtMs: msOrNull(row.engine_changed_at),
    engineFaultCode: row.engine_fault_code,
    isChannelUp: row.is_channel_up,
    version: row.version,
    engineBootId: row.engine_boot_id,
    engineSequence: row.engine_sequence,
  };
}

const SAVE = {
  name: 'save-point-facts',
  text: `UPDATE charging_point_facts SET monitor_replica_id = $2, monitor_epoch = $3, monitor_instance_id = $4,
      monitor_address = $5, monitor_since = $6, monitor_lost_at = $7, is_engine_ok = $8, engine_changed_at = $9,
      engine_fault_code = $10, is_channel_up = $11, engine_boot_id = $12, engine_sequence = $13, version = version + 1
    WHERE cp_id = $1 RETURNING version`,
};

/** Writes the facts and raises the version, which it returns. */
export async function saveFacts(tx: Queries, facts: StoredFacts): Promise<number> {
  const row = await tx.row<{ version: number }>(SAVE, [
    facts.cpId,
    facts.monitorReplicaId,
    facts.monitorEpoch,
    facts.monitorInstanceId,
    facts.monitorAddress,
    timeOrNull(facts.monitorSinceMs),
    timeOrNull(facts.monitorLostAtMs),
    facts.isEngineOk,
    timeOrNull(facts.engineChangedAtMs),
    facts.engineFaultCode,
    facts.isChannelUp,
    facts.engineBootId,
    facts.engineSequence,
  ]);
  return row?.version ?? facts.version;
}

/** Adds a hold; an existing one keeps who set it and when. */
export async function addHold(tx: Queries, hold: { cpId: string; kind: HoldKind; setBy: string }): Promise<void> {
  await tx.run('INSERT INTO charging_point_holds (cp_id, kind, set_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    hold.cpId,
    hold.kind,
    hold.setBy,
  ]);
}

/** Removes one kind of hold; every other one stays (F-39). */
export async function removeHold(tx: Queries, cpId: string, kind: HoldKind): Promise<void> {
  await tx.run('DELETE FROM charging_point_holds WHERE cp_id = $1 AND kind = $2', [cpId, kind]);
}

/** One `monitor-connected` of a batch. */
export type MonitorConnection = { cpId: string; epoch: number; instanceId: string; address: string | null };

/** Many Monitors at once, only of points without an open supply; returns which were written. An older epoch changes nothing. */
export async function connectMonitors(
  queries: Queries,
  connections: readonly MonitorConnection[],
  replicaId: string,
): Promise<string[]> {
  const rows = await queries.rows<{ cp_id: string }>(
    `UPDATE charging_point_facts f SET monitor_replica_id = $5, monitor_epoch = c.epoch, monitor_instance_id = c.instance_id,
        monitor_address = c.address, monitor_since = now(), monitor_lost_at = NULL, version = f.version + 1
      FROM unnest($1::text[], $2::bigint[], $3::uuid[], $4::inet[]) AS c (cp_id, epoch, instance_id, address)
      WHERE f.cp_id = c.cp_id AND f.monitor_epoch <= c.epoch
        AND NOT EXISTS (SELECT 1 FROM supplies s WHERE s.cp_id = f.cp_id AND s.state IN ${OPEN_STATES_SQL})
      RETURNING f.cp_id`,
    [
      connections.map((one) => one.cpId),
      connections.map((one) => one.epoch),
      connections.map((one) => one.instanceId),
      connections.map((one) => one.address),
      replicaId,
    ],
  );
  return rows.map((row) => row.cp_id);
}

/** Points whose Monitor's replica is dead, with the epoch that was connected to it. */
export async function orphanedMonitors(queries: Queries): Promise<{ cpId: string; epoch: number }[]> {
  const rows = await queries.rows<{ cp_id: string; monitor_epoch: number }>(
    `SELECT cp_id, monitor_epoch FROM charging_point_facts f WHERE monitor_replica_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM central_replicas r WHERE r.replica_id = f.monitor_replica_id
        AND r.heartbeat_at > now() - ${REPLICA_FRESH_SQL}) LIMIT 500`,
  );
  return rows.map((row) => ({ cpId: row.cp_id, epoch: row.monitor_epoch }));
}
