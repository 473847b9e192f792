import type { MeterSnapshot } from '../../../domain/supply.ts';
import type { Queries } from '../../../io/postgres/database.ts';
import { driverAccount } from '../../../io/postgres/drivers.ts';
import { openSuppliesOfDriver } from '../../../io/postgres/supplies.ts';
import { ticketsOfDriver, unreadTickets } from '../../../io/postgres/tickets.ts';
import type { DriverState } from '../../../messages/driver-central.ts';
import { supplyView } from '../points/supply-view.ts';

const MAX_UNREAD = 20;
const MAX_HISTORY = 50;

/** All that a user's page needs to be whole again, whatever it was told or missed before (F-17, F-18). */
export async function driverState(
  queries: Queries,
  driverId: string,
  context: { newestReading(supplyId: string): MeterSnapshot | undefined; plugTimeoutMs: number },
): Promise<DriverState> {
  const [account, open, unread, history] = await Promise.all([
    driverAccount(queries, driverId),
    openSuppliesOfDriver(queries, driverId),
    unreadTickets(queries, driverId, MAX_UNREAD),
    ticketsOfDriver(queries, driverId, { limit: MAX_HISTORY }),
  ]);
  const views = open.map((supply) => {
    const reading = context.newestReading(supply.supplyId);
    return supplyView(supply, { reading, plugTimeoutMs: context.plugTimeoutMs });
  });
  const running = views.find((view) => view.state !== 'INTERRUPTED');
  return {
    driverId,
    ...(running && { openSupply: running }),
    interruptedSupplies: views.filter((view) => view.state === 'INTERRUPTED'),
    unreadTickets: unread,
    balanceCents: account?.balanceCents ?? 0,
    history,
  };
}
