import {
  type AuthorityMaterial,
  type CertificateAuthority,
  createAuthorityMaterial,
  openAuthority,
} from '../crypto/certificate-authority.ts';
import { fingerprintOf } from '../crypto/certificate-check.ts';
import { deriveChannelKey, type SealKeys } from '../crypto/channel-key.ts';
import { newTlsTicketKeys } from '../crypto/generated-secrets.ts';
import type { MasterKey } from '../crypto/master-key.ts';
import { createSealedSecrets, type SealedSecrets } from '../crypto/sealed-secrets.ts';
import { type Database, isDatabaseUnavailable, type Queries } from './database.ts';
import { ensureSetting, readSetting, SETTING_KEYS } from './settings.ts';

/** What a network's own services share: the authority that signs, and the seal of the database's secrets (protocol 1). */
export type NetworkTrust = {
  ca: CertificateAuthority;
  sealed: SealedSecrets;
  /** 48 bytes: a Monitor resumes its TLS session at any replica. */
  ticketKeys: Buffer;
  /** What Centrals tell each other is sealed with these keys; the id names the network, not the key. */
  replicaSeal: { keyId: string; keys: SealKeys };
};

type StoredMasterKey = { id: number; checkValue: string };
/** The authority in `settings`. */
export type StoredAuthority = { certificatePem: string; privateKeySealed: string; masterKeyId: number };
/** The keys of TLS session tickets in `settings`. */
export type StoredTickets = { sealed: string; masterKeyId: number };

/** Where the two sealed settings belong. */
export const CA_KEY = { purpose: 'ca-key', rowId: 'certificate-authority' };
export const TICKET_KEYS = { purpose: 'tls-ticket-keys', rowId: 'tls-ticket-keys' };

/** The service must not start. MASTER_KEY_MISMATCH: other key than the database's. NOT_INITIALISED: run `ev admin init`. */
export class TrustFault extends Error {
  readonly code: 'MASTER_KEY_MISMATCH' | 'NOT_INITIALISED';
  readonly canRetry: boolean;

  constructor(code: TrustFault['code'], message: string) {
    super(message);
    this.name = 'TrustFault';
    this.code = code;
    this.canRetry = code === 'NOT_INITIALISED';
  }
}

/** True if this master key sealed the database. */
export async function isSealedWith(db: Queries, masterKey: MasterKey): Promise<boolean> {
  return (await readSetting<StoredMasterKey>(db, SETTING_KEYS.masterKey))?.checkValue === masterKey.checkValue;
}

/** True once the database has been sealed by some master key. */
export async function hasMasterKey(db: Queries): Promise<boolean> {
  return (await readSetting<StoredMasterKey>(db, SETTING_KEYS.masterKey)) !== undefined;
}

/** Throws TrustFault unless this master key is the one that sealed the database. */
export async function requireMasterKey(db: Queries, masterKey: MasterKey): Promise<void> {
  const stored = await readSetting<StoredMasterKey>(db, SETTING_KEYS.masterKey);
  if (!stored) throw new TrustFault('NOT_INITIALISED', 'the database is not set up yet: run ./ev admin init');
  if (stored.checkValue === masterKey.checkValue) return;
  throw new TrustFault(
    'MASTER_KEY_MISMATCH',
    `the master key (number ${masterKey.id}) is not the one that sealed this database (number ${stored.id}): ` +
      'put the right key back (EV_MASTER_KEY_FILE); nothing was changed',
  );
}

/** `ev admin init`: makes what is missing of check value, authority and ticket keys; safe to run twice, and by two at once. */
export async function ensureTrust(
  db: Queries,
  options: { masterKey: MasterKey; authorityName: string; by: string; nowMs: number },
): Promise<NetworkTrust> {
  const { masterKey, by, nowMs } = options;
  const sealed = createSealedSecrets(masterKey);
  const check: StoredMasterKey = { id: masterKey.id, checkValue: masterKey.checkValue };
  await ensureSetting(db, { key: SETTING_KEYS.masterKey, value: check, by });
  await requireMasterKey(db, masterKey);
  if (!(await readSetting(db, SETTING_KEYS.authority))) {
    const material = await createAuthorityMaterial(options.authorityName, nowMs);
    await ensureSetting(db, { key: SETTING_KEYS.authority, value: sealAuthority(material, sealed), by });
  }
  const tickets: StoredTickets = {
    sealed: sealed.seal(newTlsTicketKeys(), TICKET_KEYS).toString('base64'),
    masterKeyId: sealed.masterKeyId,
  };
  await ensureSetting(db, { key: SETTING_KEYS.tickets, value: tickets, by });
  return openTrust(db, masterKey);
}

/** What Central and Registry start with. Throws TrustFault. */
export async function openTrust(db: Queries, masterKey: MasterKey): Promise<NetworkTrust> {
  await requireMasterKey(db, masterKey);
  const sealed = createSealedSecrets(masterKey);
  const authority = await readSetting<StoredAuthority>(db, SETTING_KEYS.authority);
  const tickets = await readSetting<StoredTickets>(db, SETTING_KEYS.tickets);
  if (!authority || !tickets) {
    throw new TrustFault('NOT_INITIALISED', 'the database has no certificate authority yet: run ./ev admin init');
  }
  const privateKeyPem = sealed.open(Buffer.from(authority.privateKeySealed, 'base64'), CA_KEY).toString('utf8');
  return {
    ca: await openAuthority({ certificatePem: authority.certificatePem, privateKeyPem }),
    sealed,
    ticketKeys: sealed.open(Buffer.from(tickets.sealed, 'base64'), TICKET_KEYS),
    replicaSeal: {
      keyId: fingerprintOf(authority.certificatePem).replaceAll(':', '').slice(0, 32),
      keys: deriveChannelKey(masterKey.keyFor('central-live').export()).toCentral,
    },
  };
}

const RETRY_AFTER_MS = 500;

/**
 * `openTrust` for a service that may start before the database does (D-19): waits while there is none or it is not set
 * up, telling why; a wrong master key ends the wait with its TrustFault. Undefined: the signal aborted.
 */
export async function waitForTrust(
  db: Database,
  masterKey: MasterKey,
  wait: { signal: AbortSignal; pause(delayMs: number): Promise<void>; onWaiting?(problem: string): void },
): Promise<NetworkTrust | undefined> {
  let told = '';
  while (!wait.signal.aborted) {
    try {
      return await openTrust(db, masterKey);
    } catch (error) {
      if (!mayCome(error)) throw error;
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== told) wait.onWaiting?.(problem);
      told = problem;
    }
    await wait.pause(RETRY_AFTER_MS);
  }
  return undefined;
}

const UNDEFINED_TABLE = '42P01';
const INVALID_CATALOG = '3D000';
const BAD_PASSWORD = '28P01';

function mayCome(error: unknown): boolean {
  if (error instanceof TrustFault) return error.canRetry;
  if (isDatabaseUnavailable(error)) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === UNDEFINED_TABLE || code === INVALID_CATALOG || code === BAD_PASSWORD;
}

/** The authority's certificate and its fingerprint (SHA-256, hex), for which no key is needed. */
export async function networkAuthority(db: Queries): Promise<{ certificatePem: string; fingerprint: string }> {
  const authority = await readSetting<StoredAuthority>(db, SETTING_KEYS.authority);
  if (!authority)
    throw new TrustFault('NOT_INITIALISED', 'the database has no certificate authority yet: run ./ev admin init');
  const { certificatePem } = authority;
  return { certificatePem, fingerprint: fingerprintOf(certificatePem) };
}

function sealAuthority(material: AuthorityMaterial, sealed: SealedSecrets): StoredAuthority {
  return {
    certificatePem: material.certificatePem,
    privateKeySealed: sealed.seal(material.privateKeyPem, CA_KEY).toString('base64'),
    masterKeyId: sealed.masterKeyId,
  };
}
