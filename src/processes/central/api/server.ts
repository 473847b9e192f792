import type { Registry } from 'prom-client';
import type { SecuritySchemes } from '../../../io/http/openapi.ts';
import { refuseForeignWrites } from '../../../io/http/same-origin.ts';
import { createHttpServer, listen } from '../../../io/http/server.ts';
import { NOTICES } from '../../../io/postgres/notices.ts';
import { createAccess, SESSION_COOKIE } from './access.ts';
import type { ApiParts } from './api-parts.ts';
import { addAuditRoutes } from './audit.ts';
import { addAuthenticateRoute } from './authenticate.ts';
import { addChargingPointRoutes, addPointEditRoute, addPointStateRoutes } from './charging-points.ts';
import { addDriverPrivacyRoutes } from './driver-privacy.ts';
import { addDriverRoutes } from './drivers.ts';
import { addJoinRoutes } from './join.ts';
import { addLiveRoute } from './live.ts';
import { addOrderRoutes } from './orders.ts';
import { addSessionRoutes } from './session.ts';
import { addStatisticsRoutes } from './statistics.ts';
import { addSupplyRoutes } from './supplies.ts';
import { addSupplyHistoryRoutes } from './supply-history.ts';
import { addWeatherReportRoutes, addWeatherRoutes } from './weather.ts';

export type ApiOptions = {
  host: string;
  port: number;
  tls: { cert: string; key: string };
  readiness: () => Promise<Record<string, boolean>> | Record<string, boolean>;
  metrics: Registry;
  corsOrigins?: readonly string[];
};

const DESCRIPTION = `Central of a network of charging points. Reading points and supplies is public; orders need an operator's login (cookie) and
machines a token (Authorization: Bearer). Energy is in Wh, power in W, money in euro cents, prices in 1/10,000 euro a kWh, times in milliseconds since 1970 UTC.`;

const SECURITY: SecuritySchemes = {
  operator: {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
    description: 'An operator logged in by POST /api/login.',
  },
  token: { type: 'http', scheme: 'bearer', description: 'A machine token; each has scopes (ev admin).' },
};

/** Central's HTTPS API and live stream (8021). */
export async function startCentralApi(
  parts: ApiParts,
  options: ApiOptions,
): Promise<{ port: number; renewTls(tls: { cert: string; key: string }): void; stop(): Promise<void> }> {
  const app = await createHttpServer({
    name: 'central',
    log: parts.log,
    tls: options.tls,
    readiness: options.readiness,
    metrics: options.metrics,
    corsOrigins: options.corsOrigins ?? [],
    ratePerMinute: 3_000,
    openapi: { title: 'EVCharging Central', description: DESCRIPTION, security: SECURITY },
  });
  // The panel's web has checked the origin of what it forwards; no page of another origin can add its header.
  refuseForeignWrites(
    app,
    ({ origin, 'x-ev-forwarder': forwarder }) =>
      forwarder !== undefined || (options.corsOrigins ?? []).includes(origin ?? ''),
  );
  const access = createAccess(parts);
  addSessionRoutes(app, parts, access);
  addChargingPointRoutes(app, parts, access);
  addPointEditRoute(app, parts, access);
  addPointStateRoutes(app, parts, access);
  addSupplyRoutes(app, parts, access);
  addSupplyHistoryRoutes(app, parts, access);
  addDriverRoutes(app, parts, access);
  addDriverPrivacyRoutes(app, parts, access);
  addStatisticsRoutes(app, parts, access);
  addOrderRoutes(app, parts, access);
  addAuthenticateRoute(app, parts, access);
  addJoinRoutes(app, parts, access);
  addAuditRoutes(app, parts, access);
  addWeatherReportRoutes(app, parts, access);
  addWeatherRoutes(app, parts, access);
  const live = addLiveRoute(app, parts, access);
  const listening = await parts.database.listen(NOTICES.tokensChanged, () => {
    access.forgetMachines();
    void live.recheck();
  });
  const { port } = await listen(app, { host: options.host, port: options.port, hasTls: true });
  return {
    port,
    renewTls: (tls) => {
      if ('setSecureContext' in app.server) app.server.setSecureContext(tls);
    },
    stop: async () => {
      await listening.stop();
      await app.close();
    },
  };
}
