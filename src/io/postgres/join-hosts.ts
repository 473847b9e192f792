import type { TokenScope } from '../../messages/central-api.ts';
import type { Joined, JoinKind } from '../../messages/join-api.ts';
import { newRandomId } from '../new-id.ts';
import { isIpAddress } from '../sockets/ip-address.ts';
import { issueApiToken } from './api-tokens.ts';
import type { Database } from './database.ts';
import { readKafkaCredential } from './kafka-credentials.ts';
import type { NetworkTrust } from './network-trust.ts';

/** What a computer gets certificates and tokens for. */
export type HostRequest = {
  kind: JoinKind;
  csr: string;
  /** Where its request comes from. */
  address: string;
  names: readonly string[];
  by: string;
  nowMs: number;
};

const VALID_MS = 365 * 24 * 60 * 60 * 1_000;

const HOST_SCOPES: Readonly<Record<JoinKind, readonly TokenScope[]>> = {
  points: ['host:renew', 'points:enrol', 'services:announce'],
  drivers: ['host:renew', 'services:announce'],
};

const KAFKA_USER = { points: 'point', drivers: 'driver' } as const;

/**
 * Admits a computer: a certificate for its pages and tokens of its own, each revocable by `ev admin tokens revoke`.
 * Throws CSR_INVALID.
 */
export async function admitHost(
  parts: { db: Database; trust: NetworkTrust },
  host: HostRequest,
): Promise<{ hostName: string; answer: Joined }> {
  const { kind, address, by, nowMs } = host;
  const suffix = `${address.replaceAll(':', '-')}-${newRandomId().slice(0, 8)}`;
  const hostName = `host-${kind}-${suffix}`;
  const certificatePem = await signHostCertificate(parts.trust, { ...host, subject: hostName });
  const token = (name: string, scopes: readonly TokenScope[]) =>
    issueApiToken(parts.db, { name, scopes, validMs: VALID_MS, by, nowMs });
  const answer: Joined = {
    ...{ kind, certificatePem, address, names: [...host.names] },
    kafka: await readKafkaCredential(parts.db, parts.trust.sealed, KAFKA_USER[kind]),
    hostToken: await token(hostName, HOST_SCOPES[kind]),
  };
  if (kind === 'points') answer.weatherToken = await token(`weather-${suffix}`, ['weather:report', 'points:read']);
  return { hostName, answer };
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
