import type { Clock } from '../../io/clock.ts';
import type { Log } from '../../io/log.ts';
import type { CentralToStatus } from '../../messages/driver-central.ts';
import type { Batches } from './batches/batch-runner.ts';
import type { CentralLink, FromCentral } from './central-link.ts';
import type { Points } from './points.ts';
import { takeReading, takeSupply, takeTicket, type Users, updateMe } from './users.ts';

export type FromCentralParts = {
  link: CentralLink;
  users: Users;
  points: Points;
  batches: Batches;
  clock: Clock;
  log: Log;
};

/** What Central says without being asked, and what it answers: into the state of the person concerned. */
export function takeFromCentral(message: FromCentral, parts: FromCentralParts): void {
  const { users, points } = parts;
  const isAnswer = parts.link.settle(message);
  switch (message.type) {
    case 'points-chunk':
      points.takeChunk(message.body.points, message.body.isLast);
      break;
    case 'supply-updated': {
      const user = users.byDriver(message.body.driverId);
      if (user) takeSupply(user, message.body.supply);
      parts.batches.takeSupply(message.body.driverId, message.body.supply);
      break;
    }
    case 'request-refused':
      takeRefusal(message.body, parts);
      break;
    case 'ticket-issued':
      takeNewTicket(message.body, parts);
      break;
    case 'supply-readings':
      takeReadings(message.body.readings, users);
      break;
    case 'session-refused':
      if (message.body.sessionToken && message.body.code === 'SESSION_EXPIRED')
        users.dismiss(message.body.sessionToken);
      break;
    case 'hello-answered':
      break;
    case 'login-accepted':
    case 'login-refused':
    case 'driver-registered':
    case 'registration-refused':
    case 'session-resumed':
    case 'history-answered':
    case 'personal-data-answered':
      if (!isAnswer) parts.log.debug({ type: message.type }, 'an answer that nobody waits for any more');
      break;
    default:
      message satisfies never;
  }
}

type Body<T extends FromCentral['type']> = Extract<FromCentral, { type: T }>['body'];

function takeRefusal(body: Body<'request-refused'>, parts: FromCentralParts): void {
  const user = body.driverId ? parts.users.byDriver(body.driverId) : undefined;
  const { requestId } = body;
  if (!user || (requestId !== undefined && parts.batches.hasRequest(user.driverId, requestId))) return;
  const pending = user.me.pendingRequest;
  const isOfPending = pending !== undefined && pending.requestId === requestId;
  updateMe(user, {
    ...(isOfPending ? { pendingRequest: undefined } : {}),
    lastRefusal: {
      requestId,
      ...(isOfPending ? { cpId: pending.cpId, requestedAtMs: pending.sentAtMs } : {}),
      refusal: body.refusal,
      atMs: parts.clock.nowMs(),
    },
  });
}

function takeNewTicket(body: Body<'ticket-issued'>, { users, link, batches, log }: FromCentralParts): void {
  batches.takeTicket(body.driverId, body.ticket);
  const user = users.byDriver(body.driverId);
  const [sessionToken] = user?.tokens.keys() ?? [];
  if (!user || !sessionToken) return;
  takeTicket(user, body.ticket);
  updateMe(user, { balanceCents: body.balanceCents });
  // Lost: Central then counts the ticket as undelivered and the next snapshot brings it again.
  link
    .tell('tickets-received', { sessionToken, ticketNumbers: [body.ticket.ticketNumber] })
    .catch((error: unknown) => log.warn({ err: error }, 'a ticket could not be confirmed'));
}

function takeReadings(readings: Body<'supply-readings'>['readings'], users: Users): void {
  for (const reading of readings) {
    const user = users.byDriver(reading.driverId);
    if (user) takeReading(user, reading);
  }
}

/** What is signed on `Status_*`: states of points, and that Central lives. */
export function takeStatus(type: string, body: unknown, points: Points): void {
  if (type === 'points-changed') points.takeChanges((body as CentralToStatus['points-changed']).points);
}
