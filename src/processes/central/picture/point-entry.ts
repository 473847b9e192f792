import { derivePoint } from '../../../domain/charging-point.ts';
import type { MeterSnapshot } from '../../../domain/supply.ts';
import { newerSnapshot } from '../../../domain/supply.ts';
import { MINUTE_MS } from '../../../domain/units.ts';
import { nearAlertOf } from '../../../domain/weather-rule.ts';
import type { PointRecord, PointWeather } from '../../../io/postgres/points-picture.ts';
import type { PointCard } from '../../../messages/entities.ts';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import { supplyView } from '../points/supply-view.ts';

/** What the point was shown as before, so that "since" stays true. */
export type ShownBefore = Pick<PanelPoint, 'state' | 'stateSinceMs'> | undefined;

/** The point as the panel shows it, derived from its record; only `isMonitorAlive` may change without the record. */
export function panelPoint(
  record: PointRecord,
  context: { isMonitorAlive: boolean; before: ShownBefore; nowMs: number },
): PanelPoint {
  const { isMonitorAlive, before, nowMs } = context;
  const facts = {
    isMonitorAlive,
    isEngineOk: record.isEngineOk,
    isChannelUp: record.isChannelUp,
    holds: new Set(record.holds.map((hold) => hold.kind)),
  };
  const derived = derivePoint(facts, record.openSupply?.state ?? null);
  const firstSinceMs = derived.state === 'DISCONNECTED' ? (record.monitorLostAtMs ?? nowMs) : nowMs;
  const lastSeenAtMs = isMonitorAlive ? undefined : (record.monitorLostAtMs ?? undefined);
  return {
    cpId: record.cpId,
    zone: record.zone,
    locationId: record.locationId,
    city: record.city,
    country: record.country,
    address: record.address,
    ...(record.latitude !== null && { latitude: record.latitude }),
    ...(record.longitude !== null && { longitude: record.longitude }),
    priceE4PerKwh: record.priceE4PerKwh,
    maxPowerW: record.maxPowerW,
    state: derived.state,
    ...(derived.phase !== null && { phase: derived.phase }),
    reasons: [...derived.reasons],
    pendingReasons: [...derived.pendingHolds],
    ...(derived.state === 'FAULTED' && record.engineFaultCode !== null && { faultCode: record.engineFaultCode }),
    stateSinceMs: before?.state === derived.state ? before.stateSinceMs : before ? nowMs : firstSinceMs,
    ...(lastSeenAtMs !== undefined && { lastSeenAtMs }),
    isRegistered: record.isRegistered,
    keyState: keyState(record),
    version: record.version,
    revision: record.revision,
    ...weatherOf(record.weather, nowMs),
    ...(record.monitorAddress !== null && { monitorAddress: record.monitorAddress }),
    ...(record.activeKeyId !== null && { keyFingerprint: record.activeKeyId.slice(-12) }),
    holdsSetBy: record.holds,
  };
}

/** A temperature older than this is not said of a point any more (the panel's weather view still has it, with its age). */
export const TEMPERATURE_SAID_MS = 10 * MINUTE_MS;

function weatherOf({ temperatureCc, observedAtMs, isSimulated, alert, thresholds }: PointWeather, nowMs: number) {
  const isFresh = observedAtMs !== null && nowMs - observedAtMs < TEMPERATURE_SAID_MS;
  const freshCc = isFresh ? temperatureCc : null;
  const celsius = freshCc === null ? undefined : Math.round(freshCc / 100);
  if (celsius === undefined && alert === null) return {};
  const nearAlert = freshCc === null || alert !== null ? null : nearAlertOf(freshCc, thresholds);
  return {
    weather: {
      // -0 would be shown with its sign.
      ...(celsius !== undefined && { celsius: celsius === 0 ? 0 : celsius }),
      isSimulated,
      ...(alert !== null && { alert: alert.type }),
      ...(nearAlert !== null && { nearAlert }),
    },
  };
}

function keyState(record: PointRecord): PanelPoint['keyState'] {
  if (record.activeKeyId !== null) return 'ACTIVE';
  if (record.hasPendingKey) return 'PENDING';
  return record.holds.some((hold) => hold.kind === 'KEY_REVOKED') ? 'REVOKED' : 'NONE';
}

/** What anybody may see: without addresses of machines, fingerprints, who set a hold and what only editing needs (protocol 5). */
export function publicPoint(point: PanelPoint): PanelPoint {
  const { monitorAddress: _address, keyFingerprint: _fingerprint, holdsSetBy: _setBy, revision: _, ...shown } = point;
  return shown;
}

/** The point as drivers see it: no driver ids, no readings (R1-13). */
export function pointCard(point: PanelPoint, isRetired: boolean): PointCard {
  const { cpId, zone, city, country, address, priceE4PerKwh, maxPowerW, state, reasons, version, weather } = point;
  const { latitude, longitude } = point;
  const place = latitude !== undefined && longitude !== undefined ? { latitude, longitude } : {};
  const card = {
    ...{ cpId, zone, city, country, address, ...place, priceE4PerKwh, maxPowerW, state, reasons, version },
    ...(weather && { weather }),
  };
  return isRetired ? { ...card, isRetired } : card;
}

/** The point's open supply as the panel shows it. */
export function panelSupply(
  record: PointRecord,
  context: { inMemory: MeterSnapshot | undefined; readingIndex: number; plugTimeoutMs: number },
): PanelSupply | undefined {
  if (record.openSupply === null) return undefined;
  const { inMemory, readingIndex, plugTimeoutMs } = context;
  const reading = inMemory ? newerSnapshot(record.snapshot, inMemory) : record.snapshot;
  return { ...supplyView(record.openSupply, { reading, plugTimeoutMs }), readingIndex };
}
