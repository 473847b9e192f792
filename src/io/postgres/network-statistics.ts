import type { Statistics, StatisticsRange } from '../../messages/central-history-api.ts';
import type { Queries } from './database.ts';

/** Hours or days back from now, this one included. */
const RANGES = {
  '24h': { unit: 'hour', count: 24 },
  '7d': { unit: 'day', count: 7 },
  '30d': { unit: 'day', count: 30 },
} as const satisfies Record<StatisticsRange, { unit: Statistics['unit']; count: number }>;

/** Through the hours or days of the viewer's own time zone: a day of a changed clock has 23 or 25 hours. */
const STARTS = `SELECT (extract(epoch FROM at) * 1000)::bigint AS "atMs" FROM generate_series(
    date_subtract(date_trunc($1, $4::timestamptz, $2), ('1 ' || $1)::interval * ($3::int - 1), $2),
    $4::timestamptz, ('1 ' || $1)::interval, $2) AS at ORDER BY at`;

const SUMS = `SELECT (extract(epoch FROM date_trunc($1, s.closed_at, $2)) * 1000)::bigint AS "atMs", p.zone,
    count(*) FILTER (WHERE s.plugged_at IS NOT NULL) AS supplies,
    sum(s.energy_wh)::bigint AS "energyWh", sum(s.amount_cents)::bigint AS "amountCents"
  FROM supplies s JOIN charging_points p USING (cp_id)
  WHERE s.state = 'ENDED' AND s.closed_at >= $3 GROUP BY 1, 2 ORDER BY 2, 1 LIMIT 20000`;

const TOP = `SELECT cp_id AS "cpId", count(*) FILTER (WHERE plugged_at IS NOT NULL) AS supplies,
    sum(energy_wh)::bigint AS "energyWh", sum(amount_cents)::bigint AS "amountCents"
  FROM supplies WHERE state = 'ENDED' AND closed_at >= $1 GROUP BY 1 HAVING sum(energy_wh) > 0 ORDER BY 3 DESC, 1 LIMIT 10`;

type Sum = { atMs: number; zone: string; supplies: number; energyWh: number; amountCents: number };

/** What was closed in each hour or day of the range, by zone, and the points that gave most; three statements, whoever asks. */
export async function networkStatistics(
  queries: Queries,
  asked: { range: StatisticsRange; timeZone: string; nowMs: number },
): Promise<Statistics> {
  const { unit, count } = RANGES[asked.range];
  const starts = await queries.rows<{ atMs: number }>(STARTS, [unit, asked.timeZone, count, new Date(asked.nowMs)]);
  const startsMs = starts.map(({ atMs }) => atMs);
  const fromMs = startsMs[0] ?? asked.nowMs;
  const sums = await queries.rows<Sum>(SUMS, [unit, asked.timeZone, new Date(fromMs)]);
  const topPoints = await queries.rows<Statistics['topPoints'][number]>(TOP, [new Date(fromMs)]);
  const placeOf = new Map(startsMs.map((atMs, place) => [atMs, place]));
  const zones = new Map<string, Statistics['zones'][number]>();
  const zeros = () => startsMs.map(() => 0);
  for (const { atMs, zone, supplies, energyWh, amountCents } of sums) {
    const place = placeOf.get(atMs);
    if (place === undefined) continue;
    const row = zones.get(zone) ?? { zone, energyWh: zeros(), amountCents: zeros(), supplies: zeros() };
    zones.set(zone, row);
    row.supplies[place] = supplies;
    row.energyWh[place] = energyWh;
    row.amountCents[place] = amountCents;
  }
  const { range, timeZone, nowMs } = asked;
  return { range, unit, timeZone, fromMs, computedAtMs: nowMs, startsMs, zones: [...zones.values()], topPoints };
}
