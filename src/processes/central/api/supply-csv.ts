import { ANONYMOUS } from '../../../messages/central-history-api.ts';
import type { SupplyView } from '../../../messages/entities.ts';

const COLUMNS: readonly [name: string, value: (supply: SupplyView) => string | number | undefined][] = [
  ['supplyId', (supply) => supply.supplyId],
  ['ticketNumber', (supply) => supply.ticketNumber],
  ['cpId', (supply) => supply.cpId],
  ['driverId', (supply) => supply.driverId ?? ANONYMOUS],
  ['origin', (supply) => supply.origin],
  ['state', (supply) => supply.state],
  ['requestedAt', (supply) => iso(supply.requestedAtMs)],
  ['pluggedAt', (supply) => iso(supply.pluggedAtMs)],
  ['endedAt', (supply) => iso(supply.endedAtMs)],
  ['energyWh', (supply) => supply.energyWh],
  ['priceE4PerKwh', (supply) => supply.priceE4PerKwh],
  ['amountCents', (supply) => supply.amountCents],
  ['endReason', (supply) => supply.endReason],
  ['refusal', (supply) => supply.refusal?.code],
  ['isEstimated', (supply) => String(supply.isEstimated)],
];

function iso(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

/** Supplies as RFC 4180 CSV in the API's integers and UTC; every value is an id, a code or a number, so none needs quotes. */
export function supplyCsv(supplies: readonly SupplyView[]): string {
  const lines = supplies.map((supply) => COLUMNS.map(([, value]) => value(supply) ?? '').join(','));
  return `${[COLUMNS.map(([name]) => name).join(','), ...lines].join('\r\n')}\r\n`;
}
