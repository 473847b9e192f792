import type { Supply, SupplyPolicy } from '../../../domain/supply.ts';
import type { Audit } from '../../../io/audit/audit.ts';
import { security } from '../../../io/audit/audit-events.ts';
import type { CentralChannels, Delivery } from '../../../io/channels/central-contract.ts';
import type { Clock } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import type { CentralToDriver } from '../../../messages/driver-central.ts';
import type { CentralToEngine } from '../../../messages/engine-central.ts';
import type { DriverSessions } from '../drivers/driver-sessions.ts';
import type { SignIn } from '../drivers/sign-in.ts';
import type { Actor, PointChanges } from '../parts.ts';
import type { CentralPicture } from '../picture/central-picture.ts';
import type { EngineHellos } from '../points/engine-hello.ts';
import type { OutboxSender } from '../points/outbox-sender.ts';
import type { SupplyRequests } from '../points/supply-requests.ts';
import { supplyView } from '../points/supply-view.ts';
import type { LiveReadings } from '../readings/live-readings.ts';

/** What handlers of messages work with; made in central.ts. */
export type HandlerParts = {
  database: Database;
  clock: Clock;
  log: Log;
  audit: Audit;
  policy: SupplyPolicy;
  points: PointChanges;
  requests: SupplyRequests;
  hellos: EngineHellos;
  readings: LiveReadings;
  picture: CentralPicture;
  outbox: OutboxSender;
  sessions: DriverSessions;
  signIn: SignIn;
  channels(): CentralChannels;
};

/** One message's work. `in-memory`: done at once, a lost one is repaired by the next. */
export type Handler = (delivery: Delivery, parts: HandlerParts) => 'in-memory' | Promise<unknown>;

/** Who sent it, for the audit; a person's own request says where the person is (a batch has nobody there). */
export function actorOf(delivery: Delivery): Actor {
  const { address } = delivery.envelope.body as { address?: string };
  return {
    entity: delivery.clientId,
    ...(address !== undefined && { address }),
    correlationId: delivery.envelope.id,
  };
}

/** Answers a driver process on the lease that asked. */
export async function answerDriver<Type extends keyof CentralToDriver>(
  delivery: Delivery,
  parts: HandlerParts,
  answer: { type: Type; body: CentralToDriver[Type] },
): Promise<void> {
  const options = { correlationId: delivery.envelope.id };
  await parts.channels().sendToLease(delivery.leaseId, answer.type, answer.body, options);
}

/** Answers a driver's request or stop with the supply as it now is; his other pages hear of a change through the outbox. */
export function answerSupply(
  delivery: Delivery,
  parts: HandlerParts,
  { driverId, supply }: { driverId: string; supply: Supply },
): Promise<void> {
  const reading = parts.readings.newest(supply.supplyId);
  const body = { driverId, supply: supplyView(supply, { reading, plugTimeoutMs: parts.policy.plugTimeoutMs }) };
  return answerDriver(delivery, parts, { type: 'supply-updated', body });
}

/** Work that nobody else waits for; a fault in it is answered SERVICE_UNAVAILABLE, if that still goes. */
export function answerInTheBackground(
  delivery: Delivery,
  parts: HandlerParts,
  job: { work(): Promise<void>; refusal: 'login-refused' | 'registration-refused' },
): void {
  const refused = { type: job.refusal, body: { code: 'SERVICE_UNAVAILABLE' } } as const;
  job
    .work()
    .catch((error: unknown) => {
      parts.log.error({ err: error, type: delivery.envelope.type }, 'a request could not be answered');
      return answerDriver(delivery, parts, refused);
    })
    .catch((error: unknown) => parts.log.debug({ err: error }, 'nor could its refusal'));
}

/** Answers an engine on its newest channel. */
export async function answerEngine<Type extends keyof CentralToEngine>(
  delivery: Delivery,
  parts: HandlerParts,
  answer: { type: Type; body: CentralToEngine[Type] },
): Promise<void> {
  const options = { correlationId: delivery.envelope.id };
  await parts.channels().sendToClient(delivery.clientId, answer.type, answer.body, options);
}

/** A message that names something that does not exist, or not for its sender (F-32). */
export function refuse(delivery: Delivery, parts: HandlerParts, code: string): void {
  const { topic, keyId, kind, subjectId } = delivery;
  const cpId = kind === 'point' ? subjectId : undefined;
  parts.audit.record(security.recordRefused(actorOf(delivery), { code, topic, keyId, cpId }));
}
