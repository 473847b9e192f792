import { type CsvValue, csvText, csvTime } from '../../../messages/csv-text.ts';
import type { PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';

/** A point with its open supply and the newest figures of that. */
export type PointLine = {
  point: PanelPoint;
  supply?: PanelSupply | undefined;
  figures?: { powerW: number; energyWh: number; amountCents: number } | undefined;
};

const COLUMNS: readonly [name: string, value: (line: PointLine) => CsvValue][] = [
  ['cpId', ({ point }) => point.cpId],
  ['state', ({ point }) => point.state],
  ['reasons', ({ point }) => point.reasons.join(' ')],
  ['pendingReasons', ({ point }) => point.pendingReasons.join(' ')],
  ['faultCode', ({ point }) => point.faultCode],
  ['zone', ({ point }) => point.zone],
  ['city', ({ point }) => point.city],
  ['country', ({ point }) => point.country],
  ['address', ({ point }) => point.address],
  ['latitude', ({ point }) => point.latitude],
  ['longitude', ({ point }) => point.longitude],
  ['priceE4PerKwh', ({ point }) => point.priceE4PerKwh],
  ['maxPowerW', ({ point }) => point.maxPowerW],
  ['celsius', ({ point }) => point.weather?.celsius],
  ['isRegistered', ({ point }) => point.isRegistered],
  ['keyState', ({ point }) => point.keyState],
  ['keyFingerprint', ({ point }) => point.keyFingerprint],
  ['monitorAddress', ({ point }) => point.monitorAddress],
  ['stateSince', ({ point }) => csvTime(point.stateSinceMs)],
  ['lastSeen', ({ point }) => csvTime(point.lastSeenAtMs)],
  ['supplyId', ({ supply }) => supply?.supplyId],
  ['supplyState', ({ supply }) => supply?.state],
  ['driverId', ({ supply }) => (supply ? (supply.driverId ?? 'ANON') : undefined)],
  ['pluggedAt', ({ supply }) => csvTime(supply?.pluggedAtMs)],
  ['powerW', ({ supply, figures }) => (supply?.state === 'INTERRUPTED' ? 0 : figures?.powerW)],
  ['energyWh', ({ figures }) => figures?.energyWh],
  ['amountCents', ({ figures }) => figures?.amountCents],
];

/** Points as CSV in the API's codes, integers and UTC. */
export function pointsCsv(lines: readonly PointLine[]): string {
  return csvText([COLUMNS.map(([name]) => name), ...lines.map((line) => COLUMNS.map(([, value]) => value(line)))]);
}
