import { isDatabaseUnavailable } from '../../../io/postgres/database.ts';
import type { DriverToCentral } from '../../../messages/driver-central.ts';
import { answerDriver, type Handler } from './handler-parts.ts';

/** A process presents a user's token on its newest lease and gets the user's whole state (F-17, F-18). */
export const resumeSession: Handler = async (delivery, parts) => {
  const { sessionToken } = delivery.envelope.body as DriverToCentral['resume-session'];
  const refuse = (code: 'SESSION_EXPIRED' | 'SERVICE_UNAVAILABLE') =>
    answerDriver(delivery, parts, { type: 'session-refused', body: { sessionToken, code } });
  try {
    const body = await parts.signIn.resume(sessionToken, delivery.leaseId);
    if (!body) return await refuse('SESSION_EXPIRED');
    return await answerDriver(delivery, parts, { type: 'session-resumed', body });
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return refuse('SERVICE_UNAVAILABLE');
  }
};
