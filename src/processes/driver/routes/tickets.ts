import { Type } from 'typebox';
import type { Clock } from '../../../io/clock.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import type { TicketView } from '../../../messages/entities.ts';
import { takeTicket } from '../users.ts';
import { requireUser, type SessionParts } from './session-cookie.ts';

const ticketParams = Type.Object({ ticketNumber: Type.Integer({ minimum: 1 }) });
const pageQuery = Type.Object({ before: Type.Optional(Type.Integer({ minimum: 1 })) });

/** Tickets of the person: history page by page, and "Got it" (S-DRV-06, S-DRV-09). */
export function addTicketRoutes(app: HttpApp, parts: SessionParts & { clock: Clock }): void {
  app.get('/api/tickets', { schema: { querystring: pageQuery, tags: ['tickets'] } }, async (request) => {
    const { token } = await requireUser(request, parts);
    const { before } = request.query;
    const answer = await parts.link.ask('history-wanted', {
      sessionToken: token,
      ...(before === undefined ? {} : { beforeTicketNumber: before }),
    });
    if (answer.type !== 'history-answered') throw new HttpProblem(401, 'NOT_LOGGED_IN');
    return { tickets: answer.body.tickets, hasMore: answer.body.hasMore };
  });

  app.post(
    '/api/tickets/:ticketNumber/read',
    { schema: { params: ticketParams, tags: ['tickets'] } },
    async (request, reply) => {
      const { user, token } = await requireUser(request, parts);
      const { ticketNumber } = request.params;
      await parts.link.tell('ticket-read', { sessionToken: token, ticketNumber });
      const ticket = user.feed.get('tickets', String(ticketNumber)) as TicketView | undefined;
      if (ticket) takeTicket(user, { ...ticket, readAtMs: ticket.readAtMs ?? parts.clock.nowMs() });
      return reply.code(204).send();
    },
  );
}
