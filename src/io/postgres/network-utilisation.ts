import { MINUTE_MS } from '../../domain/units.ts';
import { UTILISATION_WEEKS, type Utilisation, WEEK_HOURS } from '../../messages/central-history-api.ts';
import type { Queries } from './database.ts';

const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

/** When each point charged between $1 and $2: what has ended, and what still runs; an interrupted one counts once it is closed. */
const CHARGED = `WITH charged AS (
  SELECT cp_id, greatest(plugged_at, $1::timestamptz) AS began, least(coalesce(ended_at, $2), $2::timestamptz) AS ended
  FROM supplies WHERE plugged_at < $2
    AND ((state = 'ENDED' AND closed_at >= $1 AND ended_at > $1) OR state IN ('CHARGING', 'ENDING')))`;

/** Hours as the viewer's clock has them: a zone half an hour off has its own. */
const BY_WEEK_HOUR = `${CHARGED}
  SELECT ((extract(isodow FROM hour AT TIME ZONE $3) - 1) * 24 + extract(hour FROM hour AT TIME ZONE $3))::integer AS place,
    round(sum(extract(epoch FROM least(ended, hour + interval '1 hour') - greatest(began, hour))))::bigint AS "chargingS"
  FROM charged CROSS JOIN LATERAL generate_series(date_trunc('hour', began, $3), ended, interval '1 hour') AS hour
  WHERE ended > began GROUP BY 1`;

const BY_POINT = `${CHARGED}
  SELECT cp_id AS "cpId", round(sum(extract(epoch FROM ended - began)))::bigint AS "chargingS"
  FROM charged WHERE ended > began GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10`;

/** How long points charged in each hour of the week over whole weeks, so that every hour has as many days behind it. */
export async function networkUtilisation(
  queries: Queries,
  asked: { timeZone: string; nowMs: number },
): Promise<Utilisation> {
  const { timeZone, nowMs } = asked;
  const fromMs = nowMs - UTILISATION_WEEKS * WEEK_MS;
  const range = [new Date(fromMs), new Date(nowMs)];
  const hours = await queries.rows<{ place: number; chargingS: number }>(BY_WEEK_HOUR, [...range, timeZone]);
  const topPoints = await queries.rows<Utilisation['topPoints'][number]>(BY_POINT, range);
  const points = await queries.row<{ count: number }>(
    'SELECT count(*) AS count FROM charging_points WHERE retired_at IS NULL',
  );
  const chargingS = Array.from({ length: WEEK_HOURS }, () => 0);
  for (const hour of hours) chargingS[hour.place] = hour.chargingS;
  return { timeZone, fromMs, computedAtMs: nowMs, pointCount: points?.count ?? 0, chargingS, topPoints };
}
