import type { DriverRow } from '../../../messages/central-history-api.ts';
import type { PanelDriver, PanelSupply } from '../../../messages/live-stream.ts';

/** One driver as the page lists it: what the live stream says, and to an operator the books. */
export type ListedDriver = {
  driverId: string;
  /** Apps at which the driver is logged in now; none: not connected. */
  via: readonly string[];
  sinceMs: number | undefined;
  supply: PanelSupply | undefined;
  books: DriverRow | undefined;
};

/** Without books (nobody logged in) only those connected or charging; with them, those of the pages read so far. */
export function listedDrivers(
  live: { drivers: readonly PanelDriver[]; supplies: readonly PanelSupply[] },
  books: readonly DriverRow[] | undefined,
): ListedDriver[] {
  const supplyOf = new Map<string, PanelSupply>();
  for (const supply of live.supplies) if (supply.driverId !== undefined) supplyOf.set(supply.driverId, supply);
  const connections = Map.groupBy(live.drivers, (driver) => driver.driverId);
  const bookOf = new Map(books?.map((row) => [row.driverId, row]));
  const ids = books ? books.map((row) => row.driverId) : new Set([...connections.keys(), ...supplyOf.keys()]);
  return [...ids].sort().map((driverId) => {
    const found = connections.get(driverId) ?? [];
    return {
      driverId,
      via: [...new Set(found.map((one) => one.via))].sort(),
      sinceMs: found.length === 0 ? undefined : Math.min(...found.map((one) => one.sinceMs)),
      supply: supplyOf.get(driverId),
      books: bookOf.get(driverId),
    };
  });
}
