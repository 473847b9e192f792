import type { Delivery } from '../../../io/channels/central-contract.ts';
import { answerDriver, type HandlerParts } from './handler-parts.ts';

/** Whose token this is; presenting it binds the login to this lease. Undefined: refused, and the process was told. */
export async function driverOf(
  delivery: Delivery,
  parts: HandlerParts,
  sessionToken: string,
): Promise<string | undefined> {
  const session = await parts.signIn.present(sessionToken, delivery.leaseId);
  if (session) return session.driverId;
  const body = { sessionToken, code: 'SESSION_EXPIRED' } as const;
  await answerDriver(delivery, parts, { type: 'session-refused', body });
  return undefined;
}
