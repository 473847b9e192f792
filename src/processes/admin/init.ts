import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CertificateAuthority } from '../../io/crypto/certificate-authority.ts';
import { covers, isDueForRenewal, isUsableCertificate } from '../../io/crypto/certificate-check.ts';
import { newLegiblePassword } from '../../io/crypto/generated-secrets.ts';
import { createMasterKeyFile, type MasterKey } from '../../io/crypto/master-key.ts';
import { masterKeyFrom } from '../../io/crypto/master-key-settings.ts';
import type { SealedSecrets } from '../../io/crypto/sealed-secrets.ts';
import { serviceNames } from '../../io/crypto/service-leaf.ts';
import { isApiTokenGood, issueApiToken } from '../../io/postgres/api-tokens.ts';
import { tendAuditLog } from '../../io/postgres/audit-log.ts';
import type { Database } from '../../io/postgres/database.ts';
import { ensureSomeZone } from '../../io/postgres/enrolment.ts';
import { PANEL_SCOPES } from '../../io/postgres/join-hosts.ts';
import { ensureKafkaCredentials, readKafkaCredentials } from '../../io/postgres/kafka-credentials.ts';
import { migrate } from '../../io/postgres/migrate.ts';
import { ensureTrust, hasMasterKey, type NetworkTrust, TrustFault } from '../../io/postgres/network-trust.ts';
import { hasOperator, insertOperator } from '../../io/postgres/operators.ts';
import {
  closeToOthers,
  ensureDatabase,
  ensureServiceLogin,
  type ServiceRole,
} from '../../io/postgres/service-roles.ts';
import { readIfThere, writeWhole } from '../../io/private-files.ts';
import type { TokenScope } from '../../messages/central-api.ts';
import { appUrlOf, waitForServer, withDatabase } from './admin-database.ts';
import type { AdminParts } from './admin-parts.ts';
import { type AdminConfig, kafkaPasswordFile, secretFiles } from './config.ts';
import { finishRotation } from './master-key.ts';

const BY = 'ev admin init';
const DAY_MS = 24 * 60 * 60 * 1_000;
const TOKEN_VALID_MS = 365 * DAY_MS;
const FIRST_ADMIN = 'admin';

/**
 * Makes whatever the network still lacks (protocol 1): database, schema, roles, master key, authority, tokens, the first
 * administrator. Safe to run at every start; refuses a master key that is not the database's, and changes nothing then.
 */
export async function initialiseNetwork(parts: AdminParts): Promise<void> {
  const { config, clock, log, say } = parts;
  mkdirSync(config.secretsDir, { recursive: true, mode: 0o700 });
  chmodSync(config.secretsDir, 0o700);
  await withDatabase(config.adminUrl, log, async (admin) => {
    await waitForServer(admin, clock);
    if (await ensureDatabase(admin, config.databaseName)) say(`database ${config.databaseName} made`);
  });
  const appUrl = appUrlOf(config);
  for (const step of await migrate(appUrl)) say(`schema: ${step}`);
  await withDatabase(appUrl, log, async (db) => {
    await tendAuditLog(db);
    await closeToOthers(db, config.databaseName);
    await ensureSomeZone(db, config.firstZone);
    const { ca, sealed } = await ensureAuthority(db, parts);
    await ensureKafkaPasswords(db, parts, sealed);
    const files = secretFiles(config.secretsDir);
    await ensurePageLeaf(ca, parts, files.pageLeaf);
    await ensureLogin(db, parts, { service: 'central', appUrl, file: files.centralUrl });
    await ensureLogin(db, parts, { service: 'registry', appUrl, file: files.registryUrl });
    await ensureToken(db, parts, { name: 'points-enrol', scopes: ['points:enrol'], file: files.pointsEnrolToken });
    await ensureToken(db, parts, {
      name: 'central-web',
      scopes: PANEL_SCOPES,
      file: files.panelToken,
    });
    await ensureToken(db, parts, {
      name: 'weather',
      scopes: ['weather:report', 'points:read'],
      file: files.weatherToken,
    });
    await ensureToken(db, parts, { name: 'services', scopes: ['services:announce'], file: files.servicesToken });
    await ensureFirstAdmin(db, parts, files.firstAdmin);
  });
}

async function ensureAuthority(db: Database, { config, clock, say }: AdminParts): Promise<NetworkTrust> {
  if (!config.masterKeyText && (await finishRotation(db, config.masterKeyFile)))
    say(`a rotation of the master key is finished: ${config.masterKeyFile}`);
  const masterKey = await existingOrNewMasterKey(db, config);
  const authorityName = `EVCharging ${config.databaseName}`;
  const trust = await ensureTrust(db, { masterKey, authorityName, by: BY, nowMs: clock.nowMs() });
  const { ca } = trust;
  if (readIfThere(config.caFile) === ca.certificatePem.trim()) return trust;
  mkdirSync(dirname(config.caFile), { recursive: true });
  writeWhole(config.caFile, ca.certificatePem, 0o644);
  say(`certificate authority: ${config.caFile} (SHA-256 ${ca.fingerprint})`);
  return trust;
}

/** The certificate of this computer's pages beyond loopback: new at two thirds of its life, or for other names. */
async function ensurePageLeaf(ca: CertificateAuthority, { config, clock }: AdminParts, file: string): Promise<void> {
  const further = config.publicHosts.split(',').map((name) => name.trim());
  const wanted = [config.host, ...further].filter((host) => host !== '' && host !== '0.0.0.0' && host !== '::');
  const known = readIfThere(file);
  const isGood =
    known !== undefined &&
    isUsableCertificate({ certificatePem: known, privateKeyPem: known, caPem: ca.certificatePem }) &&
    !isDueForRenewal(known, clock.nowMs()) &&
    covers(known, wanted);
  if (isGood) return;
  const leaf = await ca.issueLeaf(serviceNames('pages', wanted), clock.nowMs());
  writeWhole(file, `${leaf.certificatePem}${leaf.privateKeyPem}`);
}

/** The passwords of the broker's users, for the processes of this computer (R2-27). */
async function ensureKafkaPasswords(db: Database, { config }: AdminParts, sealed: SealedSecrets): Promise<void> {
  await ensureKafkaCredentials(db, { sealed, by: BY });
  for (const { username, password } of await readKafkaCredentials(db, sealed)) {
    const file = kafkaPasswordFile(config.secretsDir, username);
    if (readIfThere(file) !== password) writeWhole(file, `${password}\n`);
  }
}

async function existingOrNewMasterKey(db: Database, config: AdminConfig): Promise<MasterKey> {
  if (config.masterKeyText || existsSync(config.masterKeyFile)) return masterKeyFrom(config);
  if (await hasMasterKey(db)) {
    throw new TrustFault(
      'MASTER_KEY_MISMATCH',
      `${config.masterKeyFile} is missing, and the secrets in this database were sealed with it: put it back ` +
        '(EV_MASTER_KEY_FILE); a new one could not open them',
    );
  }
  return createMasterKeyFile(config.masterKeyFile);
}

async function ensureLogin(
  db: Database,
  { log, say }: AdminParts,
  wanted: { service: ServiceRole; appUrl: string; file: string },
): Promise<void> {
  const { service, appUrl, file } = wanted;
  const knownUrl = readIfThere(file);
  const { url, isNew } = await ensureServiceLogin(db, { service, appUrl, knownUrl, log });
  if (url !== knownUrl) writeWhole(file, `${url}\n`);
  if (isNew) say(`database login of ${service}: ${file}`);
}

async function ensureToken(
  db: Database,
  { clock }: AdminParts,
  wanted: { name: string; scopes: readonly TokenScope[]; file: string },
): Promise<void> {
  const { name, scopes, file } = wanted;
  const nowMs = clock.nowMs();
  const known = readIfThere(file);
  if (known && (await isApiTokenGood(db, { name, token: known, scopes, untilMs: nowMs + TOKEN_VALID_MS / 2 }))) return;
  const token = await issueApiToken(db, { name, scopes, validMs: TOKEN_VALID_MS, by: BY, nowMs });
  writeWhole(file, `${token}\n`);
}

/** The password is left for whoever started the network, in a file to be shown once and deleted. */
async function ensureFirstAdmin(db: Database, { passwords, say }: AdminParts, file: string): Promise<void> {
  if (await hasOperator(db)) return;
  const password = newLegiblePassword();
  const passwordHash = await passwords.hash(password);
  writeWhole(file, `user ${FIRST_ADMIN}\npassword ${password}\n`);
  await insertOperator(db, { operatorId: FIRST_ADMIN, passwordHash, role: 'admin' });
  say(`first administrator: ${file}`);
}
