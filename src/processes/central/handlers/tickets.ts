import { markDelivered, markRead, ticketsOfDriver } from '../../../io/postgres/tickets.ts';
import type { DriverToCentral } from '../../../messages/driver-central.ts';
import { answerDriver, type Handler, refuse } from './handler-parts.ts';
import { driverOf } from './presented-token.ts';

const PAGE = 50;

/** `tickets-received`: the driver's process holds them. */
export const ticketsReceived: Handler = async (delivery, parts) => {
  const { sessionToken, ticketNumbers } = delivery.envelope.body as DriverToCentral['tickets-received'];
  const driverId = await driverOf(delivery, parts, sessionToken);
  if (driverId !== undefined) await markDelivered(parts.database, driverId, ticketNumbers);
};

/** `ticket-read`: the driver has confirmed it. */
export const ticketRead: Handler = async (delivery, parts) => {
  const { sessionToken, ticketNumber } = delivery.envelope.body as DriverToCentral['ticket-read'];
  const driverId = await driverOf(delivery, parts, sessionToken);
  if (driverId === undefined) return;
  if (!(await markRead(parts.database, driverId, ticketNumber))) refuse(delivery, parts, 'FOREIGN_TICKET');
};

/** `history-wanted`: one page of the driver's tickets. */
export const historyWanted: Handler = async (delivery, parts) => {
  const { sessionToken, beforeTicketNumber } = delivery.envelope.body as DriverToCentral['history-wanted'];
  const driverId = await driverOf(delivery, parts, sessionToken);
  if (driverId === undefined) return;
  const found = await ticketsOfDriver(parts.database, driverId, { before: beforeTicketNumber, limit: PAGE + 1 });
  const body = { driverId, tickets: found.slice(0, PAGE), hasMore: found.length > PAGE };
  await answerDriver(delivery, parts, { type: 'history-answered', body });
};
