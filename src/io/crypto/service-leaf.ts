import { hostname, networkInterfaces } from 'node:os';
import type { Clock } from '../clock.ts';
import type { CertificateAuthority, CertificateNames, IssuedCertificate } from './certificate-authority.ts';
import { isDueForRenewal } from './certificate-check.ts';

/** A service's TLS certificate, signed at its start and again at two thirds of its life, without a restart. */
export type ServiceLeaf = {
  current(): IssuedCertificate;
  /** Called with each renewed certificate. */
  onRenewed(use: (leaf: IssuedCertificate) => void): void;
  stop(): void;
};

const LOOK_EVERY_MS = 60 * 60 * 1_000;

/** Issues the first certificate and keeps it fresh. `onError` hears of a renewal that failed; the old one still serves. */
export async function keepServiceLeaf(options: {
  ca: CertificateAuthority;
  names: CertificateNames;
  clock: Clock;
  onError?(error: unknown): void;
  lookEveryMs?: number;
}): Promise<ServiceLeaf> {
  const { ca, names, clock } = options;
  const users: ((leaf: IssuedCertificate) => void)[] = [];
  let leaf = await ca.issueLeaf(names, clock.nowMs());
  const renew = async () => {
    if (!isDueForRenewal(leaf.certificatePem, clock.nowMs())) return;
    try {
      leaf = await ca.issueLeaf(names, clock.nowMs());
      for (const use of users) use(leaf);
    } catch (error) {
      options.onError?.(error);
    }
  };
  const timer = clock.setRepeating(() => void renew(), options.lookEveryMs ?? LOOK_EVERY_MS);
  return { current: () => leaf, onRenewed: (use) => void users.push(use), stop: () => timer.cancel() };
}

/** Under which names this computer's services may be dialled: loopback, its own addresses and name, and those given. */
export function serviceNames(subject: string, further: readonly string[] = []): CertificateNames {
  const own = Object.values(networkInterfaces()).flatMap((cards) => cards ?? []);
  const addresses = own.map((card) => card.address).filter((address) => !address.includes('%'));
  const all = new Set(['127.0.0.1', '::1', 'localhost', hostname(), ...addresses, ...further.filter(Boolean)]);
  for (const wildcard of ['0.0.0.0', '::']) all.delete(wildcard);
  const isAddress = (name: string) => name.includes(':') || /^\d+(\.\d+){3}$/.test(name);
  return {
    subject,
    dnsNames: [...all].filter((name) => !isAddress(name)),
    ipAddresses: [...all].filter(isAddress),
  };
}
