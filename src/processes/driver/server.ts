import { type OwnApi, ownApi } from '../../io/console/own-api.ts';
import { createPageServer } from '../../io/http/page-server.ts';
import { isSameOrigin } from '../../io/http/same-origin.ts';
import type { HttpApp } from '../../io/http/server.ts';
import type { Batches } from './batches/batch-runner.ts';
import type { DriverConfig } from './config.ts';
import { addBatchRoutes } from './routes/batches.ts';
import { addLoginRoutes } from './routes/login.ts';
import { addPersonalDataRoute } from './routes/personal-data.ts';
import { findUser } from './routes/session-cookie.ts';
import { addSupplyRoutes, type SupplyRouteParts } from './routes/supplies.ts';
import { addTicketRoutes } from './routes/tickets.ts';

export type DriverServerParts = Omit<SupplyRouteParts, 'cookieName' | 'hasTls'> & {
  batches: Batches;
  readiness: () => Record<string, boolean>;
};

/** Requests a minute: of one login, and of all people behind one address (an office, a mobile network). */
const RATES = { perSession: 600, perAddress: 6_000 };

function serveLive(app: HttpApp, parts: SupplyRouteParts): void {
  app.get('/live', { websocket: true, schema: { hide: true } }, async (socket, request) => {
    if (!isSameOrigin(request.headers)) return socket.close(4403, 'FOREIGN_ORIGIN');
    const token = request.cookies[parts.cookieName];
    try {
      const user = await findUser(token, parts);
      if (!user || !token) return socket.close(4401, 'LOGIN_REQUIRED');
      parts.points.feed.attach(socket);
      parts.users.attach(user, token, socket);
    } catch (error) {
      parts.log.debug({ err: error }, 'a page cannot be served before Central answers');
      socket.close(4503, 'CENTRAL_UNREACHABLE');
    }
  });
}

/** The drivers' page, its API and its live stream. */
export async function startDriverServer(
  config: DriverConfig,
  parts: DriverServerParts,
): Promise<{ port: number; api: OwnApi; stop(): Promise<void> }> {
  const cookieName = `ev_driver_${config.clientId.toLowerCase()}`;
  const server = await createPageServer(config, {
    name: `driver ${config.clientId}`,
    log: parts.log,
    ratePerMinute: RATES.perSession,
    ratePerAddress: RATES.perAddress,
    callerOf: (request) => {
      const token = request.cookies[cookieName];
      // Only a login that this process knows: an invented cookie would be a fresh budget.
      return token !== undefined && parts.users.byToken(token) ? `login ${token}` : undefined;
    },
    readiness: parts.readiness,
    openapi: {
      title: 'EVCharging driver app',
      description:
        'What the page does: log in, ask for a supply, stop it, read tickets, run batches of charges. Live state at ws /live.',
      security: {
        driver: {
          type: 'apiKey',
          in: 'cookie',
          name: cookieName,
          description: 'A person logged in by POST /api/login.',
        },
      },
    },
  });
  const { app, hasTls } = server;
  const routeParts: SupplyRouteParts = { ...parts, hasTls, cookieName };
  addLoginRoutes(app, routeParts);
  addSupplyRoutes(app, routeParts);
  addTicketRoutes(app, routeParts);
  addPersonalDataRoute(app, routeParts);
  addBatchRoutes(app, { ...routeParts, batches: parts.batches });
  serveLive(app, routeParts);
  const { port } = await server.open('driver');
  return { port, api: ownApi(app), stop: () => app.close() };
}
