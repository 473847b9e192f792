import type { PointListQuery } from '../../../messages/central-api.ts';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import { SPANISH_POINT_STATES } from '../../../messages/rest-aliases.ts';

/** The points that a question asks for, by id; without `limit` all of them. */
export function pageOfPoints(
  points: Iterable<PanelPoint>,
  query: PointListQuery,
): { page: PanelPoint[]; total: number; nextCursor?: string } {
  const found = [...points].filter((point) => isWanted(point, query));
  found.sort((one, other) => (one.cpId < other.cpId ? -1 : 1));
  const { cursor, limit = found.length } = query;
  const rest = cursor === undefined ? found : found.filter(({ cpId }) => cpId > cursor);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { page, total: found.length, ...(rest.length > limit && last && { nextCursor: last.cpId }) };
}

function isWanted(point: PanelPoint, { zone, city, state, estado, search }: PointListQuery): boolean {
  if (zone !== undefined && point.zone !== zone) return false;
  if (state !== undefined && point.state !== state) return false;
  if (estado !== undefined && point.state !== SPANISH_POINT_STATES[estado]) return false;
  if (city !== undefined && plain(point.city) !== plain(city)) return false;
  if (search === undefined) return true;
  const wanted = plain(search);
  return [point.cpId, point.city, point.address].some((text) => plain(text).includes(wanted));
}

/** Lower case without accents: `malaga` finds Málaga. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
