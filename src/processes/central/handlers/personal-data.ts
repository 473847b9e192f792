import { administration } from '../../../io/audit/admin-events.ts';
import { ownData } from '../../../io/postgres/driver-privacy.ts';
import type { DriverToCentral } from '../../../messages/driver-central.ts';
import { actorOf, answerDriver, type Handler } from './handler-parts.ts';
import { driverOf } from './presented-token.ts';

/** `personal-data-wanted`: a person asks for what is kept of them beside their tickets (GDPR). */
export const personalDataWanted: Handler = async (delivery, parts) => {
  const { sessionToken } = delivery.envelope.body as DriverToCentral['personal-data-wanted'];
  const driverId = await driverOf(delivery, parts, sessionToken);
  if (driverId === undefined) return;
  const body = await ownData(parts.database, driverId);
  parts.audit.record(administration.driverExported(actorOf(delivery), { driverId }));
  await answerDriver(delivery, parts, { type: 'personal-data-answered', body });
};
