import type { TokenScope } from '../../messages/central-api.ts';
import { isTrustedKind, type Joined, type JoinKind } from '../../messages/join-api.ts';
import { newRandomId } from '../new-id.ts';
import { isIpAddress } from '../sockets/ip-address.ts';
import { issueApiToken, revokeApiToken } from './api-tokens.ts';
import type { Database, Queries } from './database.ts';
import { readKafkaCredential } from './kafka-credentials.ts';
import type { NetworkTrust } from './network-trust.ts';

/** What a computer gets certificates and tokens for. */
export type HostRequest = {
  kind: JoinKind;
  csr: string;
  /** Where its request comes from. */
  address: string;
  names: readonly string[];
  /** Name of the join code's token. */
  codeName: string;
  /** For a trusted kind. */
  heart: { databaseUrl: string; masterKey: string } | undefined;
  nowMs: number;
};

const VALID_MS = 365 * 24 * 60 * 60 * 1_000;

/** What Central's panel may ask Central for. */
export const PANEL_SCOPES: readonly TokenScope[] = ['live:public', 'live:operator', 'services:announce'];
const HOST_SCOPES: Readonly<Record<JoinKind, readonly TokenScope[]>> = {
  points: ['host:renew', 'points:enrol', 'services:announce'],
  drivers: ['host:renew', 'services:announce'],
  registry: ['host:renew'],
  central: ['host:renew'],
};

const KAFKA_USER = { points: 'point', drivers: 'driver', registry: undefined, central: 'central' } as const;

/**
 * Admits a computer: a certificate for its pages and tokens of its own, each revocable by `ev admin tokens revoke`. The
 * code of a trusted kind is used up by it; undefined: another computer was faster. Throws CSR_INVALID.
 */
export async function admitHost(
  parts: { db: Database; trust: NetworkTrust },
  host: HostRequest,
): Promise<{ hostName: string; answer: Joined } | undefined> {
  const { kind, address } = host;
  const suffix = `${address.replaceAll(':', '-')}-${newRandomId().slice(0, 8)}`;
  const hostName = `host-${kind}-${suffix}`;
  const certificatePem = await signHostCertificate(parts.trust, { ...host, subject: hostName });
  return parts.db.transaction(async (tx) => {
    if (isTrustedKind(kind) && !(await revokeApiToken(tx, host.codeName))) return undefined;
    const given = await credentialsOf(tx, { ...host, hostName, suffix, sealed: parts.trust.sealed });
    return { hostName, answer: { kind, certificatePem, address, names: [...host.names], ...given } };
  });
}

async function credentialsOf(
  tx: Queries,
  host: HostRequest & { hostName: string; suffix: string; sealed: NetworkTrust['sealed'] },
): Promise<Pick<Joined, 'hostToken' | 'kafka' | 'weatherToken' | 'heart'>> {
  const { kind, heart, nowMs, suffix } = host;
  const token = (name: string, scopes: readonly TokenScope[]) =>
    issueApiToken(tx, { name, scopes, validMs: VALID_MS, by: `token:${host.codeName}`, nowMs });
  const user = KAFKA_USER[kind];
  const hostToken = await token(host.hostName, HOST_SCOPES[kind]);
  const panelToken = kind === 'central' ? await token(`central-web-${suffix}`, PANEL_SCOPES) : undefined;
  return {
    hostToken,
    ...(user && { kafka: await readKafkaCredential(tx, host.sealed, user) }),
    ...(kind === 'points' && { weatherToken: await token(`weather-${suffix}`, ['weather:report', 'points:read']) }),
    ...(heart && { heart: { ...heart, ...(panelToken && { panelToken }) } }),
  };
}

/** A certificate for the key of the request, for this address, these names and loopback. Throws CSR_INVALID. */
export function signHostCertificate(
  { ca }: NetworkTrust,
  host: Pick<HostRequest, 'csr' | 'address' | 'names' | 'nowMs'> & { subject: string },
): Promise<string> {
  const ipAddresses = ['127.0.0.1', '::1', ...(isIpAddress(host.address) ? [host.address] : [])];
  const dnsNames = ['localhost', ...host.names];
  return ca.signRequest(host.csr, { subject: host.subject, dnsNames, ipAddresses }, host.nowMs);
}
