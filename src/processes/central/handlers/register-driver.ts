import type { DriverToCentral } from '../../../messages/driver-central.ts';
import { actorOf, answerDriver, answerInTheBackground, type Handler } from './handler-parts.ts';

/** A new account. */
export const registerDriver: Handler = (delivery, parts) => {
  const asked = delivery.envelope.body as DriverToCentral['register-driver'];
  const work = async () => {
    const refused = await parts.signIn.register(asked, actorOf(delivery));
    await (refused
      ? answerDriver(delivery, parts, { type: 'registration-refused', body: refused })
      : answerDriver(delivery, parts, { type: 'driver-registered', body: { driverId: asked.driverId } }));
  };
  // As with a login: the hash takes its time, nobody else waits for it (F-34).
  answerInTheBackground(delivery, parts, { work, refusal: 'registration-refused' });
  return 'in-memory';
};
