import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../io/clock.ts';
import type { CertificateAuthority } from '../io/crypto/certificate-authority.ts';
import { covers, isDueForRenewal, isUsableCertificate } from '../io/crypto/certificate-check.ts';
import type { MasterKey } from '../io/crypto/master-key.ts';
import { masterKeyFrom } from '../io/crypto/master-key-settings.ts';
import { serviceNames } from '../io/crypto/service-leaf.ts';
import { createLog } from '../io/log.ts';
import { openDatabase } from '../io/postgres/database.ts';
import { openTrust } from '../io/postgres/network-trust.ts';
import { readIfThere } from '../io/private-files.ts';
import { writeSecretFile } from '../io/secret-file.ts';
import { type NetworkPlan, networkFiles } from './network-plan.ts';

/** Where the certificate of a server that is not ours (broker, database) lies, and who signs it. */
export type ServerCertificate = {
  /** Its common name: for Kafka it is a user with rights. */
  subject: string;
  folder: string;
  /** Names and addresses by which it is dialled. */
  names: readonly string[];
  /** Central's, which may read the authority's sealed key. */
  databaseUrl(): string;
  masterKey(): MasterKey;
};

/** The two PEM files that the server reads: key, certificate and authority; and the authority alone. */
export function serverCertificateFiles(folder: string): { keyFile: string; authorityFile: string } {
  return { keyFile: join(folder, 'server.pem'), authorityFile: join(folder, 'authority.pem') };
}

/** True while the certificate can be used as it is: known names, less than two thirds of its life gone. */
export function isServerCertificateGood({ folder, names }: Pick<ServerCertificate, 'folder' | 'names'>): boolean {
  const { keyFile, authorityFile } = serverCertificateFiles(folder);
  const [pem, caPem] = [readIfThere(keyFile), readIfThere(authorityFile)];
  const [privateKeyPem, certificatePem] = pem?.match(/-----BEGIN[\s\S]+?-----END [A-Z ]+-----/g) ?? [];
  if (caPem === undefined || certificatePem === undefined || privateKeyPem === undefined) return false;
  const isOurs = isUsableCertificate({ certificatePem, privateKeyPem, caPem });
  return isOurs && !isDueForRenewal(certificatePem, systemClock.nowMs()) && covers(certificatePem, names);
}

/** Has the server's certificate signed unless it is good: at each start, so it never lapses unseen. */
export async function ensureServerCertificate(wanted: ServerCertificate): Promise<void> {
  if (isServerCertificateGood(wanted)) return;
  const log = createLog('server-certificate', { level: 'silent' });
  const database = openDatabase({
    url: wanted.databaseUrl(),
    log,
    poolSize: 1,
    applicationName: `ev ${wanted.subject}`,
  });
  try {
    const { ca } = await openTrust(database, wanted.masterKey());
    await writeServerCertificate(ca, wanted);
  } finally {
    await database.close();
  }
}

/** Signs a certificate for a server and writes its two files. */
export async function writeServerCertificate(
  ca: CertificateAuthority,
  { subject, folder, names }: Pick<ServerCertificate, 'subject' | 'folder' | 'names'>,
): Promise<void> {
  const leaf = await ca.issueLeaf(serviceNames(subject, names), systemClock.nowMs());
  const { keyFile, authorityFile } = serverCertificateFiles(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeSecretFile(keyFile, `${leaf.privateKeyPem}${leaf.certificatePem}${ca.certificatePem}`);
  writeSecretFile(authorityFile, ca.certificatePem);
}

/** Who signs on the computer that holds the data: through Central's login, once `ev admin init` has made it. */
export function signerOf(plan: NetworkPlan): Pick<ServerCertificate, 'databaseUrl' | 'masterKey'> {
  const files = networkFiles(plan);
  const { EV_MASTER_KEY: masterKeyText = '' } = process.env;
  return {
    databaseUrl: () => readIfThere(files.centralDatabaseUrl) ?? '',
    masterKey: () => masterKeyFrom({ masterKeyFile: files.masterKey, masterKeyText }),
  };
}
