import type { Server } from 'node:https';
import { system } from '../../io/audit/audit-events.ts';
import { certificateFacts } from '../../io/crypto/certificate-check.ts';
import { keepServiceLeaf, type ServiceLeaf, serviceNames } from '../../io/crypto/service-leaf.ts';
import { createFailureLimit } from '../../io/failure-limit.ts';
import { createHttpServer, type HttpApp, listen } from '../../io/http/server.ts';
import { newRandomId } from '../../io/new-id.ts';
import { signInService } from '../../io/postgres/service-instances.ts';
import { addChargingPointsRoute } from './api/charging-points.ts';
import { addRegisterRoute } from './api/register.ts';
import { addUnregisterRoute } from './api/unregister.ts';
import type { RegistryConfig } from './config.ts';
import type { RegistryParts } from './parts.ts';

const WINDOW_MS = 60_000;
const MAX_FAILURES = { point: 10, address: 100 } as const;
/** A whole fleet may register from one address, eight at a time; failures have limits of their own. */
const REQUESTS_PER_MINUTE = 6_000;
const VERSION = '1';

/** Registry (S-REG-01): HTTPS, its certificate renewed without a restart. It keeps nothing but what PostgreSQL holds (F-52). */
export async function startRegistry(
  config: Pick<RegistryConfig, 'host' | 'port' | 'publicHosts' | 'corsOrigins'>,
  given: Omit<RegistryParts, 'failures'>,
): Promise<{ port: number; stop(): Promise<void> }> {
  const { clock, db, log, trust } = given;
  const limit = (maxFailures: number) => createFailureLimit({ maxFailures, windowMs: WINDOW_MS, clock });
  const parts: RegistryParts = {
    ...given,
    failures: { address: limit(MAX_FAILURES.address), point: limit(MAX_FAILURES.point) },
  };
  const names = serviceNames('registry', [config.host, ...listOf(config.publicHosts)]);
  const onError = (error: unknown) => log.error({ err: error }, 'the certificate could not be renewed');
  const leaf = await keepServiceLeaf({ ca: trust.ca, names, clock, onError });
  const { certificatePem, privateKeyPem } = leaf.current();
  const app = await createHttpServer({
    name: 'registry',
    log,
    tls: { cert: certificatePem, key: privateKeyPem },
    readiness: async () => ({ database: await db.isReachable(), audit: given.audit.isWritable() }),
    openapi: { title: 'EV Registry', description: 'Registration and removal of charging points.' },
    ratePerMinute: REQUESTS_PER_MINUTE,
    corsOrigins: listOf(config.corsOrigins),
  });
  followRenewals(app, leaf, parts);
  addRegisterRoute(app, parts);
  addUnregisterRoute(app, parts);
  addChargingPointsRoute(app, parts);
  const { port } = await listen(app, { host: config.host, port: config.port, hasTls: true });
  const url = `https://${config.host}:${port}`;
  const directory = signInService(
    { db, clock, log },
    { instanceId: newRandomId(), kind: 'registry', url, version: VERSION },
  );
  return {
    port,
    async stop() {
      leaf.stop();
      await app.close();
      await directory.stop();
    },
  };
}

function followRenewals(app: HttpApp, leaf: ServiceLeaf, { audit }: RegistryParts): void {
  leaf.onRenewed(({ certificatePem, privateKeyPem }) => {
    // Made with certificates above: this server is one of node:https.
    (app.server as Server).setSecureContext({ cert: certificatePem, key: privateKeyPem, minVersion: 'TLSv1.2' });
    const { subject, notAfterMs } = certificateFacts(certificatePem);
    audit.record(system.certificateRenewed({ entity: 'registry' }, { subject, notAfterMs }));
  });
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
