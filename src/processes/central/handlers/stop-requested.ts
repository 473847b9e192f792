import type { Refusal } from '../../../domain/refusal.ts';
import { isDatabaseUnavailable } from '../../../io/postgres/database.ts';
import { supplyById } from '../../../io/postgres/supplies.ts';
import type { DriverToCentral } from '../../../messages/driver-central.ts';
import { wireRefusal } from '../points/effect-messages.ts';
import { actorOf, answerDriver, answerSupply, type Handler, refuse } from './handler-parts.ts';
import { driverOf } from './presented-token.ts';

const NOT_YOURS: Refusal = { code: 'NOT_LOGGED_IN', detail: 'NOT_YOUR_SUPPLY' };

/** The driver stops his own charge; the supply is named by Central's id only (F-16). */
export const stopRequested: Handler = async (delivery, parts) => {
  const { sessionToken, supplyId } = delivery.envelope.body as DriverToCentral['stop-requested'];
  const tell = (refusal: Refusal) =>
    answerDriver(delivery, parts, { type: 'request-refused', body: { refusal: wireRefusal(refusal) } });
  try {
    const driverId = await driverOf(delivery, parts, sessionToken);
    if (driverId === undefined) return undefined;
    const supply = parts.picture.openSupply(supplyId) ?? (await supplyById(parts.database, supplyId));
    if (supply?.driverId !== driverId) {
      refuse(delivery, parts, 'FOREIGN_SUPPLY');
      return await tell(NOT_YOURS);
    }
    const event = { kind: 'driver-stop', supplyId, driverId } as const;
    const outcome = await parts.points.apply(supply.cpId, { event }, actorOf(delivery));
    if (outcome.refusal || !outcome.supply) return await tell(outcome.refusal ?? NOT_YOURS);
    return await answerSupply(delivery, parts, { driverId, supply: outcome.supply });
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return tell({ code: 'SERVICE_UNAVAILABLE' });
  }
};
