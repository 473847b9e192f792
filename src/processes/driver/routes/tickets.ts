import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Clock } from '../../../io/clock.ts';
import { fileOf, noContent, problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import type { TicketView } from '../../../messages/entities.ts';
import { TicketPageSchema } from '../../../messages/local-apis.ts';
import { type DocumentChoice, isTimeZone, ticketHtml, ticketsCsv, ticketText } from '../documents/ticket-documents.ts';
import { takeTicket, type User } from '../users.ts';
import { requireUser, type SessionParts } from './session-cookie.ts';

const tags = ['tickets'];
const ticketParams = Type.Object({ ticketNumber: Type.Integer({ minimum: 1 }) });
const pageQuery = Type.Object({ before: Type.Optional(Type.Integer({ minimum: 1 })) });
const fileParams = Type.Object({ file: Type.String({ pattern: '^[1-9][0-9]{0,9}\\.(html|txt|json)$' }) });
const fileQuery = Type.Object({
  lang: Type.Optional(Type.Enum(['es', 'en'])),
  zone: Type.Optional(Type.String({ maxLength: 60, pattern: '^[A-Za-z0-9_+/-]+$' })),
});

/** Pages of 50 that one file may take from Central. */
const MAX_PAGES = 40;

type TicketParts = SessionParts & { clock: Clock };
type Page = { tickets: TicketView[]; hasMore: boolean };

async function historyPage(parts: SessionParts, sessionToken: string, before?: number): Promise<Page> {
  const answer = await parts.link.ask('history-wanted', {
    sessionToken,
    ...(before === undefined ? {} : { beforeTicketNumber: before }),
  });
  if (answer.type !== 'history-answered') throw new HttpProblem(401, 'NOT_LOGGED_IN');
  return { tickets: answer.body.tickets, hasMore: answer.body.hasMore };
}

/** The newest 2,000 tickets. */
export async function newestTickets(parts: SessionParts, sessionToken: string): Promise<Page> {
  const tickets: TicketView[] = [];
  let hasMore = true;
  for (let page = 0; page < MAX_PAGES && hasMore; page += 1) {
    const next = await historyPage(parts, sessionToken, tickets.at(-1)?.ticketNumber);
    tickets.push(...next.tickets);
    ({ hasMore } = next);
  }
  return { tickets, hasMore };
}

/** One of the person's own tickets: from their stream, else from Central. */
async function ownTicket(parts: TicketParts, of: { user: User; token: string }, number: number): Promise<TicketView> {
  const known = of.user.feed.get('tickets', String(number)) as TicketView | undefined;
  const ticket = known ?? (await historyPage(parts, of.token, number + 1)).tickets[0];
  if (ticket?.ticketNumber !== number) throw new HttpProblem(404, 'NOT_FOUND');
  return ticket;
}

function sendFile(reply: FastifyReply, name: string, content: { type: string; text: string }): FastifyReply {
  return reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'private, no-store')
    .type(`${content.type}; charset=utf-8`)
    .send(content.text);
}

function choiceOf(query: { lang?: 'es' | 'en'; zone?: string }): DocumentChoice {
  const { lang = 'es', zone = 'UTC' } = query;
  if (!isTimeZone(zone)) throw new HttpProblem(400, 'INVALID_REQUEST', { detail: `zone ${zone}` });
  return { language: lang, timeZone: zone };
}

function addTicketFiles(app: HttpApp, parts: TicketParts): void {
  const describe = (summary: string, ...mediaTypes: string[]) => ({
    tags,
    summary,
    response: { ...fileOf(...mediaTypes), ...problems(401, 404) },
  });
  app.get(
    '/api/tickets/:file',
    {
      schema: {
        params: fileParams,
        querystring: fileQuery,
        ...describe('A ticket as .html, .txt or .json', 'text/html', 'text/plain', 'application/json'),
      },
    },
    async (request, reply) => {
      const owner = await requireUser(request, parts);
      const { file } = request.params;
      const [number = '', kind = ''] = file.split('.');
      const ticket = await ownTicket(parts, owner, Number(number));
      const choice = choiceOf(request.query);
      const name = `ticket-${file}`;
      if (kind === 'html') return sendFile(reply, name, { type: 'text/html', text: ticketHtml(ticket, choice) });
      if (kind === 'txt') return sendFile(reply, name, { type: 'text/plain', text: ticketText(ticket, choice) });
      return sendFile(reply, name, { type: 'application/json', text: `${JSON.stringify(ticket, null, 2)}\n` });
    },
  );

  app.get(
    '/api/tickets.csv',
    { schema: describe('The newest 2,000 tickets as CSV', 'text/csv') },
    async (request, reply) => {
      const { token } = await requireUser(request, parts);
      const { tickets } = await newestTickets(parts, token);
      return sendFile(reply, 'tickets.csv', { type: 'text/csv', text: ticketsCsv(tickets) });
    },
  );
}

/** Tickets of the person: history page by page, as files, and "Got it" (S-DRV-06, S-DRV-09). */
export function addTicketRoutes(app: HttpApp, parts: TicketParts): void {
  app.get(
    '/api/tickets',
    { schema: { querystring: pageQuery, response: { 200: TicketPageSchema, ...problems(401) }, tags } },
    async (request) => {
      const { token } = await requireUser(request, parts);
      return historyPage(parts, token, request.query.before);
    },
  );

  app.post(
    '/api/tickets/:ticketNumber/read',
    { schema: { params: ticketParams, response: { ...noContent(), ...problems(401) }, tags } },
    async (request, reply) => {
      const { user, token } = await requireUser(request, parts);
      const { ticketNumber } = request.params;
      await parts.link.tell('ticket-read', { sessionToken: token, ticketNumber });
      const ticket = user.feed.get('tickets', String(ticketNumber)) as TicketView | undefined;
      if (ticket) takeTicket(user, { ...ticket, readAtMs: ticket.readAtMs ?? parts.clock.nowMs() });
      return reply.code(204).send();
    },
  );
  addTicketFiles(app, parts);
}
