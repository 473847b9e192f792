import type { MeterSnapshot, OpenSupply } from '../../domain/supply.ts';
import type { HoldKind } from '../../domain/vocabulary.ts';
import type { WeatherAlertType, WeatherThresholds } from '../../domain/weather-rule.ts';
import { type SnapshotRow, snapshotOf } from './charging-points.ts';
import { msOrNull, type TimeColumn } from './column-values.ts';
import type { Queries } from './database.ts';
import { OPEN_STATES_SQL, type SupplyRow, supplyOf } from './supplies.ts';

/** A point as the picture needs it: everything that everybody may be shown is derived from this. */
export type PointRecord = {
  cpId: string;
  zone: string;
  locationId: number;
  city: string;
  country: string;
  address: string;
  latitude: number | null;
  longitude: number | null;
  priceE4PerKwh: number;
  maxPowerW: number;
  /** Of what the point is said to be: each edit makes it one more. */
  revision: number;
  isRetired: boolean;
  monitorReplicaId: string | null;
  monitorEpoch: number;
  monitorInstanceId: string | null;
  monitorAddress: string | null;
  monitorLostAtMs: number | null;
  isEngineOk: boolean;
  engineFaultCode: string | null;
  isChannelUp: boolean;
  version: number;
  holds: { kind: HoldKind; setBy: string; setAtMs: number }[];
  isRegistered: boolean;
  activeKeyId: string | null;
  hasPendingKey: boolean;
  openSupply: OpenSupply | null;
  snapshot: MeterSnapshot | null;
  weather: PointWeather;
};

/** What is known of the weather where the point stands; 1/100 degree C. */
export type PointWeather = {
  temperatureCc: number | null;
  observedAtMs: number | null;
  isSimulated: boolean;
  alert: { type: WeatherAlertType; raisedBy: string; raisedAtMs: number } | null;
  thresholds: WeatherThresholds;
};

type Row = {
  cp_id: string;
  zone: string;
  location_id: number;
  city: string;
  country: string;
  address: string;
  latitude: number | null;
  longitude: number | null;
  price_e4_per_kwh: number;
  max_power_w: number;
  revision: number;
  retired_at: TimeColumn;
  monitor_replica_id: string | null;
  monitor_epoch: number | null;
  monitor_instance_id: string | null;
  monitor_address: string | null;
  monitor_lost_at: TimeColumn;
  is_engine_ok: boolean | null;
  engine_fault_code: string | null;
  is_channel_up: boolean | null;
  version: number | null;
  holds: { kind: HoldKind; set_by: string; set_at: string }[];
  is_registered: boolean;
  active_key: string | null;
  has_pending_key: boolean;
  open_supply: SupplyRow | null;
  snapshot: SnapshotRow | null;
  temperature_cc: number | null;
  observed_at: TimeColumn;
  is_simulated: boolean;
  min_cc: number;
  max_cc: number;
  weather_alert: { type: WeatherAlertType; raised_by: string; raised_at: string } | null;
};

const SELECT = `SELECT p.cp_id, p.zone, l.location_id, l.city, l.country, p.address, p.latitude, p.longitude, p.price_e4_per_kwh,
    p.max_power_w, p.revision, p.retired_at, f.monitor_replica_id, f.monitor_epoch, f.monitor_instance_id, host(f.monitor_address) AS monitor_address, f.monitor_lost_at,
    f.is_engine_ok, f.engine_fault_code, f.is_channel_up, f.version,
    coalesce((SELECT jsonb_agg(jsonb_build_object('kind', h.kind, 'set_by', h.set_by, 'set_at', h.set_at))
      FROM charging_point_holds h WHERE h.cp_id = p.cp_id), '[]') AS holds,
    EXISTS (SELECT 1 FROM cp_credentials c WHERE c.cp_id = p.cp_id AND c.revoked_at IS NULL) AS is_registered,
    (SELECT k.key_id FROM encryption_keys k WHERE k.cp_id = p.cp_id AND k.state = 'ACTIVE') AS active_key,
    EXISTS (SELECT 1 FROM encryption_keys k WHERE k.cp_id = p.cp_id AND k.state = 'PENDING') AS has_pending_key,
    to_jsonb(s) AS open_supply, to_jsonb(m) AS snapshot, l.temperature_cc, l.observed_at, l.is_simulated, t.min_cc, t.max_cc,
    (SELECT jsonb_build_object('type', a.alert_type, 'raised_by', a.raised_by, 'raised_at', a.raised_at)
      FROM weather_alerts a WHERE a.location_id = p.location_id AND (a.cp_id IS NULL OR a.cp_id = p.cp_id)
        AND a.cleared_at IS NULL ORDER BY a.cp_id NULLS FIRST LIMIT 1) AS weather_alert
  FROM charging_points p JOIN weather_locations l USING (location_id) CROSS JOIN weather_thresholds t
  LEFT JOIN charging_point_facts f ON f.cp_id = p.cp_id
  LEFT JOIN supplies s ON s.cp_id = p.cp_id AND s.state IN ${OPEN_STATES_SQL}
  LEFT JOIN meter_snapshots m ON m.supply_id = s.supply_id`;

/** These points, or all that are not retired. */
export async function pointRecords(queries: Queries, cpIds: readonly string[] | 'all'): Promise<PointRecord[]> {
  const rows =
    cpIds === 'all'
      ? await queries.rows<Row>(`${SELECT} WHERE p.retired_at IS NULL`)
      : await queries.rows<Row>({ name: 'point-records', text: `${SELECT} WHERE p.cp_id = ANY($1::text[])` }, [cpIds]);
  return rows.map(recordOf);
}

function recordOf(row: Row): PointRecord {
  return {
    cpId: row.cp_id,
    zone: row.zone,
    locationId: row.location_id,
    city: row.city,
    country: row.country,
    address: row.address,
    latitude: row.latitude,
    longitude: row.longitude,
    priceE4PerKwh: row.price_e4_per_kwh,
    maxPowerW: row.max_power_w,
    revision: row.revision,
    isRetired: row.retired_at !== null,
    monitorReplicaId: row.monitor_replica_id,
    monitorEpoch: row.monitor_epoch ?? 0,
    monitorInstanceId: row.monitor_instance_id,
    monitorAddress: row.monitor_address,
    monitorLostAtMs: msOrNull(row.monitor_lost_at),
    isEngineOk: row.is_engine_ok ?? false,
    engineFaultCode: row.engine_fault_code,
    isChannelUp: row.is_channel_up ?? false,
    version: row.version ?? 0,
    holds: holdsOf(row),
    isRegistered: row.is_registered,
    activeKeyId: row.active_key,
    hasPendingKey: row.has_pending_key,
    openSupply: row.open_supply ? (supplyOf(row.open_supply) as OpenSupply) : null,
    snapshot: row.snapshot ? snapshotOf(row.snapshot) : null,
    weather: {
      temperatureCc: row.temperature_cc,
      observedAtMs: msOrNull(row.observed_at),
      isSimulated: row.is_simulated,
      alert: row.weather_alert && {
        type: row.weather_alert.type,
        raisedBy: row.weather_alert.raised_by,
        raisedAtMs: Date.parse(row.weather_alert.raised_at),
      },
      thresholds: { minCc: row.min_cc, maxCc: row.max_cc },
    },
  };
}

/** The stored holds, and the one that follows from an active alert. */
function holdsOf({ holds, weather_alert: alert }: Row): PointRecord['holds'] {
  const stored = holds.map((hold) => ({ kind: hold.kind, setBy: hold.set_by, setAtMs: Date.parse(hold.set_at) }));
  return alert === null
    ? stored
    : [...stored, { kind: 'WEATHER', setBy: alert.raised_by, setAtMs: Date.parse(alert.raised_at) }];
}

/** Every zone that exists. */
export async function zones(queries: Queries): Promise<string[]> {
  return (await queries.rows<{ zone: string }>('SELECT zone FROM zones ORDER BY zone')).map((row) => row.zone);
}
