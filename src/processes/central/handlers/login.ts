import type { DriverToCentral } from '../../../messages/driver-central.ts';
import { actorOf, answerDriver, answerInTheBackground, type Handler } from './handler-parts.ts';

/** Checks a driver's password. */
export const login: Handler = (delivery, parts) => {
  const asked = delivery.envelope.body as DriverToCentral['login'];
  const work = async () => {
    const answer = await parts.signIn.login(asked, { leaseId: delivery.leaseId, actor: actorOf(delivery) });
    await ('sessionToken' in answer
      ? answerDriver(delivery, parts, { type: 'login-accepted', body: answer })
      : answerDriver(delivery, parts, { type: 'login-refused', body: answer }));
  };
  // Nobody waits for an argon2 of somebody else (F-34): a login that is lost with Central is asked for again.
  answerInTheBackground(delivery, parts, { work, refusal: 'login-refused' });
  return 'in-memory';
};
