import { derivePoint } from '../../../domain/charging-point.ts';
import type { AuditEntry } from '../../../io/audit/audit.ts';
import { status } from '../../../io/audit/audit-events.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import { insertOutbox, type OutboxRow } from '../../../io/postgres/outbox.ts';
import { type PointRecord, pointRecords } from '../../../io/postgres/points-picture.ts';
import type { Actor } from '../parts.ts';
import { stateAudit } from '../points/decision-audit.ts';
import { pointUpdated } from '../points/effect-messages.ts';

/** What a change of the weather did to points: to be sent, shown and audited after the commit. */
export type WeatherEffect = {
  /** Points whose WEATHER hold it set or dropped. */
  cpIds: string[];
  /** Points that must be read again. */
  changedCpIds: string[];
  outbox: OutboxRow[];
  audit: AuditEntry[];
};

/** Nothing changed. */
export const NO_WEATHER_EFFECT: WeatherEffect = { cpIds: [], changedCpIds: [], outbox: [], audit: [] };

type Asked = {
  /** Points that may be meant, all of them. */
  cpIds: readonly string[];
  /** Writes the alert, the city, whatever it is. */
  write(): Promise<void>;
  actor: Actor;
  replicaId: string;
  nowMs: number;
};

/**
 * Changes what the WEATHER hold of points is derived from. Their facts rows are locked first, as supply decisions lock them, so
 * that a request meets the weather of before or of after, never half of it (F-36). Running supplies are not touched (F-35).
 */
export async function changeWeatherOfPoints(tx: Queries, asked: Asked): Promise<WeatherEffect> {
  const { cpIds, write, actor, nowMs } = asked;
  await tx.rows('SELECT 1 FROM charging_point_facts WHERE cp_id = ANY($1::text[]) ORDER BY cp_id FOR UPDATE', [cpIds]);
  const before = new Map((await pointRecords(tx, cpIds)).map((record) => [record.cpId, record]));
  await write();
  const after = await pointRecords(tx, cpIds);
  const changed = after
    .filter((record) => hasChanged(before.get(record.cpId), record))
    .toSorted((one, other) => one.cpId.localeCompare(other.cpId));
  if (changed.length === 0) return NO_WEATHER_EFFECT;
  const versions = await raiseVersions(tx, changed);
  const messages = changed.map((record) => {
    const holds = new Set(record.holds.map((hold) => hold.kind));
    return pointUpdated(identityOf(record), { holds, version: versions.get(record.cpId) ?? record.version }, nowMs);
  });
  return {
    cpIds: changed.filter((record) => isHeld(record) !== isHeld(before.get(record.cpId))).map((record) => record.cpId),
    changedCpIds: changed.map((record) => record.cpId),
    outbox: await insertOutbox(tx, messages, asked.replicaId),
    audit: changed.flatMap((record) => auditOf(before.get(record.cpId), record, actor)),
  };
}

const isHeld = (record: PointRecord | undefined): boolean =>
  record?.holds.some((hold) => hold.kind === 'WEATHER') === true;

function hasChanged(before: PointRecord | undefined, after: PointRecord): boolean {
  return before?.locationId !== after.locationId || isHeld(before) !== isHeld(after);
}

async function raiseVersions(tx: Queries, records: readonly PointRecord[]): Promise<Map<string, number>> {
  const rows = await tx.rows<{ cp_id: string; version: number }>(
    `UPDATE charging_point_facts SET version = version + 1 WHERE cp_id = ANY($1::text[]) RETURNING cp_id, version`,
    [records.map((record) => record.cpId)],
  );
  return new Map(rows.map((row) => [row.cp_id, row.version]));
}

function identityOf(record: PointRecord) {
  const { cpId, zone, address, city, country, priceE4PerKwh, maxPowerW } = record;
  return { cpId, zone, address, city, country, priceE4PerKwh, maxPowerW };
}

function auditOf(before: PointRecord | undefined, after: PointRecord, actor: Actor): AuditEntry[] {
  if (isHeld(before) === isHeld(after)) return [];
  const { cpId } = after;
  const event = { cpId, kind: 'WEATHER' };
  const hold = isHeld(after) ? status.holdSet(actor, event) : status.holdDropped(actor, event);
  const from = before ? derived(before) : derived(after);
  const to = derived(after);
  return [hold, ...stateAudit(cpId, { from: from.state, to: to.state, reasons: to.reasons }, actor)];
}

function derived(record: PointRecord) {
  const facts = {
    isMonitorAlive: record.monitorReplicaId !== null,
    isEngineOk: record.isEngineOk,
    isChannelUp: record.isChannelUp,
    holds: new Set(record.holds.map((hold) => hold.kind)),
  };
  return derivePoint(facts, record.openSupply?.state ?? null);
}
