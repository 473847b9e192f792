import { ANONYMOUS } from '../../../messages/central-history-api.ts';
import { csvText, csvTime } from '../../../messages/csv-text.ts';
import type { SupplyView } from '../../../messages/entities.ts';

const COLUMNS: readonly [name: string, value: (supply: SupplyView) => string | number | undefined][] = [
  ['supplyId', (supply) => supply.supplyId],
  ['ticketNumber', (supply) => supply.ticketNumber],
  ['cpId', (supply) => supply.cpId],
  ['driverId', (supply) => supply.driverId ?? ANONYMOUS],
  ['origin', (supply) => supply.origin],
  ['state', (supply) => supply.state],
  ['requestedAt', (supply) => csvTime(supply.requestedAtMs)],
  ['pluggedAt', (supply) => csvTime(supply.pluggedAtMs)],
  ['endedAt', (supply) => csvTime(supply.endedAtMs)],
  ['energyWh', (supply) => supply.energyWh],
  ['priceE4PerKwh', (supply) => supply.priceE4PerKwh],
  ['amountCents', (supply) => supply.amountCents],
  ['endReason', (supply) => supply.endReason],
  ['refusal', (supply) => supply.refusal?.code],
  ['isEstimated', (supply) => String(supply.isEstimated)],
];

/** Supplies as RFC 4180 CSV in the API's integers and UTC. */
export function supplyCsv(supplies: readonly SupplyView[]): string {
  return csvText([
    COLUMNS.map(([name]) => name),
    ...supplies.map((supply) => COLUMNS.map(([, value]) => value(supply))),
  ]);
}
