import type { Server } from 'node:https';
import { system } from '../../io/audit/audit-events.ts';
import { certificateFacts, fingerprintOf } from '../../io/crypto/certificate-check.ts';
import { keepServiceLeaf, type ServiceLeaf, serviceNames } from '../../io/crypto/service-leaf.ts';
import { createFailureLimit } from '../../io/failure-limit.ts';
import { servePages } from '../../io/http/pages.ts';
import { refuseForeignWrites } from '../../io/http/same-origin.ts';
import { createHttpServer, type HttpApp, listen } from '../../io/http/server.ts';
import { newRandomId } from '../../io/new-id.ts';
import { signInService } from '../../io/postgres/service-instances.ts';
import { inUrl, isLoopback } from '../../io/sockets/ip-address.ts';
import { SESSION_COOKIE } from './access.ts';
import { addChargingPointRoutes, addPointChangeRoutes } from './api/charging-points.ts';
import { addLiveRoute } from './api/live.ts';
import { addRegisterRoute } from './api/register.ts';
import { addServiceRoutes } from './api/services.ts';
import { addSessionRoutes } from './api/session.ts';
import { addUnregisterRoute } from './api/unregister.ts';
import type { RegistryConfig } from './config.ts';
import { type LivePoints, startLivePoints } from './live-points.ts';
import type { RegistryParts } from './parts.ts';
import { watchServices } from './watch-services.ts';

const WINDOW_MS = 60_000;
const MAX_FAILURES = { point: 10, address: 100 } as const;
/** A whole fleet may register from one address, eight at a time; failures have limits of their own. */
const REQUESTS_PER_MINUTE = 6_000;
const VERSION = '1';

/** Registry (S-REG-01): HTTPS, its certificate renewed without a restart, its API and its page. It keeps nothing but what PostgreSQL holds (F-52). */
export async function startRegistry(
  config: Pick<RegistryConfig, 'host' | 'port' | 'publicHosts' | 'corsOrigins'>,
  given: Omit<RegistryParts, 'failures' | 'onChanged'> & { hasPages?: boolean },
): Promise<{ port: number; stop(): Promise<void> }> {
  const { clock, db, log, trust } = given;
  const limit = (maxFailures: number) => createFailureLimit({ maxFailures, windowMs: WINDOW_MS, clock });
  const live = startLivePoints(given);
  const parts: RegistryParts = {
    ...given,
    failures: { address: limit(MAX_FAILURES.address), point: limit(MAX_FAILURES.point) },
    onChanged: () => void (live.feed.viewerCount > 0 && live.refresh()),
  };
  const names = serviceNames('registry', [config.host, ...listOf(config.publicHosts)]);
  const onError = (error: unknown) => log.error({ err: error }, 'the certificate could not be renewed');
  const leaf = await keepServiceLeaf({ ca: trust.ca, names, clock, onError });
  const app = await createHttpServer({
    name: 'registry',
    log,
    tls: { cert: leaf.current().certificatePem, key: leaf.current().privateKeyPem },
    readiness: async () => ({ database: await db.isReachable(), audit: given.audit.isWritable() }),
    openapi: {
      title: 'EV Registry',
      description: 'Registration and removal of charging points.',
      security: {
        operator: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: 'An administrator logged in by POST /api/login here.',
        },
        token: {
          type: 'http',
          scheme: 'bearer',
          description: "An administrator's login at Central, or a machine token of scope points:read.",
        },
      },
    },
    ratePerMinute: REQUESTS_PER_MINUTE,
    corsOrigins: listOf(config.corsOrigins),
    servesPages: true,
    // On one computer the panel and the points have plain http under the same name, which HSTS would shut.
    hasHsts: !isLoopback(config.host),
  });
  refuseForeignWrites(app, ({ origin }) => listOf(config.corsOrigins).includes(origin ?? ''));
  followRenewals(app, leaf, { parts, live });
  addSessionRoutes(app, parts);
  addRegisterRoute(app, parts);
  addUnregisterRoute(app, parts);
  addChargingPointRoutes(app, parts);
  addPointChangeRoutes(app, parts);
  addLiveRoute(app, parts, live);
  addServiceRoutes(app, parts);
  if (given.hasPages ?? true) await servePages(app, 'registry');
  const { port } = await listen(app, { host: config.host, port: config.port, hasTls: true });
  const url = `https://${inUrl(config.host)}:${port}`;
  const directory = signInService(
    { db, clock, log },
    { instanceId: newRandomId(), kind: 'registry', url, version: VERSION },
  );
  const falls = watchServices(given);
  return {
    port,
    async stop() {
      falls.stop();
      live.stop();
      leaf.stop();
      await app.close();
      await directory.stop();
    },
  };
}

function followRenewals(app: HttpApp, leaf: ServiceLeaf, to: { parts: RegistryParts; live: LivePoints }): void {
  const { audit, trust } = to.parts;
  const show = (certificatePem: string) => {
    const { subject, notAfterMs, fingerprint } = certificateFacts(certificatePem);
    to.live.showService({
      version: VERSION,
      certificateFingerprint: fingerprint,
      authorityFingerprint: fingerprintOf(trust.ca.certificatePem),
      certificateNotAfterMs: notAfterMs,
    });
    return { subject, notAfterMs };
  };
  show(leaf.current().certificatePem);
  leaf.onRenewed(({ certificatePem, privateKeyPem }) => {
    // Made with certificates above: this server is one of node:https.
    (app.server as Server).setSecureContext({ cert: certificatePem, key: privateKeyPem, minVersion: 'TLSv1.2' });
    audit.record(system.certificateRenewed({ entity: 'registry' }, show(certificatePem)));
  });
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
