import type { DriverToCentral } from '../../../messages/driver-central.ts';
import { actorOf, type Handler } from './handler-parts.ts';

/** Ends one login. */
export const logout: Handler = (delivery, parts) => {
  const { sessionToken } = delivery.envelope.body as DriverToCentral['logout'];
  return parts.signIn.logout(sessionToken, actorOf(delivery));
};
