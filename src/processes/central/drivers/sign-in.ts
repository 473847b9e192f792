import type { MeterSnapshot } from '../../../domain/supply.ts';
import { HOUR_MS } from '../../../domain/units.ts';
import type { Audit } from '../../../io/audit/audit.ts';
import { authentication, security } from '../../../io/audit/audit-events.ts';
import type { Clock } from '../../../io/clock.ts';
import { CryptoFault } from '../../../io/crypto/crypto-fault.ts';
import type { Passwords } from '../../../io/crypto/password.ts';
import { newToken, sha256 } from '../../../io/crypto/tokens.ts';
import { type Database, isDatabaseUnavailable, violatedConstraint } from '../../../io/postgres/database.ts';
import {
  type DriverAccount,
  driverAccount,
  insertDriver,
  noteFailedLogin,
  noteLogin,
} from '../../../io/postgres/drivers.ts';
import { deleteDriverSession, insertDriverSession, presentDriverToken } from '../../../io/postgres/login-sessions.ts';
import { UnknownAccountLocks } from '../../../io/unknown-account-locks.ts';
import type { CentralToDriver, DriverToCentral } from '../../../messages/driver-central.ts';
import type { Actor } from '../parts.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { driverState } from './driver-state.ts';

export type SignInParts = {
  database: Database;
  clock: Clock;
  audit: Audit;
  passwords: Passwords;
  newestReading(supplyId: string): MeterSnapshot | undefined;
  plugTimeoutMs: number;
  /** Who is connected has changed. */
  onChange(): void;
};

type LoginRefusal = CentralToDriver['login-refused'];
type RegistrationRefusal = CentralToDriver['registration-refused'];

/** Drivers' logins: argon2id, lock-out, tokens bound to leases (D-14, protocol 3). */
export type SignIn = {
  login(
    asked: DriverToCentral['login'],
    from: { leaseId: string; actor: Actor },
  ): Promise<CentralToDriver['login-accepted'] | LoginRefusal>;
  register(asked: DriverToCentral['register-driver'], actor: Actor): Promise<RegistrationRefusal | undefined>;
  /** The token's driver; from now on what is for him goes to this lease. Undefined: unknown or expired. */
  present(sessionToken: string, leaseId: string): Promise<{ driverId: string; expiresAtMs: number } | undefined>;
  resume(sessionToken: string, leaseId: string): Promise<CentralToDriver['session-resumed'] | undefined>;
  logout(sessionToken: string, actor: Actor): Promise<void>;
};

const SESSION_LENGTH_MS = 12 * HOUR_MS;
const LOGINS_PER_DRIVER = 20;
const LOGINS_PER_PROCESS = 1_200;
const REGISTRATIONS_PER_PROCESS = 300;
/** As `noteFailedLogin` locks accounts. */
const UNKNOWN_LOCK = { maxFailures: 5, lockMs: 60_000 };

export function createSignIn(parts: SignInParts): SignIn {
  const perDriver = new AttemptLimit(LOGINS_PER_DRIVER);
  const perProcess = new AttemptLimit(LOGINS_PER_PROCESS);
  const registrations = new AttemptLimit(REGISTRATIONS_PER_PROCESS);
  const unknown = new UnknownAccountLocks(UNKNOWN_LOCK);
  const stateOf = (driverId: string) => driverState(parts.database, driverId, parts);

  const present: SignIn['present'] = async (sessionToken, leaseId) => {
    const session = await presentDriverToken(parts.database, sha256(sessionToken), leaseId);
    if (session && !session.wasBound) parts.onChange();
    return session;
  };

  return {
    present,
    async login(asked, { leaseId, actor }) {
      const nowMs = parts.clock.nowMs();
      const source = { ...actor, address: asked.address };
      const retryAfterMs =
        perDriver.retryAfterMs(asked.driverId, nowMs) ?? perProcess.retryAfterMs(actor.entity, nowMs);
      const refused =
        retryAfterMs === undefined ? await refusal({ ...parts, unknown }, asked, source) : tooMany(retryAfterMs);
      if (refused) {
        parts.audit.record(authentication.loginRefused(source, { user: asked.driverId, code: refused.code }));
        return refused;
      }
      return { ...(await openSession(parts, asked, { leaseId, source })), state: await stateOf(asked.driverId) };
    },
    async register(asked, actor) {
      const source = { ...actor, address: asked.address };
      const retryAfterMs = registrations.retryAfterMs(actor.entity, parts.clock.nowMs());
      const refused = retryAfterMs === undefined ? await registerAccount(parts, asked) : tooMany(retryAfterMs);
      const { driverId } = asked;
      parts.audit.record(
        refused
          ? authentication.driverRegistrationRefused(source, { driverId, code: refused.code })
          : authentication.driverRegistered(source, { driverId }),
      );
      return refused;
    },
    async resume(sessionToken, leaseId) {
      const session = await present(sessionToken, leaseId);
      return session && { expiresAtMs: session.expiresAtMs, state: await stateOf(session.driverId) };
    },
    async logout(sessionToken, actor) {
      const driverId = await deleteDriverSession(parts.database, sha256(sessionToken));
      if (driverId === undefined) return;
      parts.onChange();
      parts.audit.record(authentication.loggedOut(actor, { user: driverId }));
    },
  };
}

async function openSession(
  parts: SignInParts,
  asked: DriverToCentral['login'],
  { leaseId, source }: { leaseId: string; source: Actor },
): Promise<{ sessionToken: string; expiresAtMs: number }> {
  const sessionToken = newToken();
  const expiresAtMs = parts.clock.nowMs() + SESSION_LENGTH_MS;
  const { driverId, address = null } = asked;
  await insertDriverSession(parts.database, {
    tokenSha256: sha256(sessionToken),
    driverId,
    leaseId,
    address,
    expiresAtMs,
  });
  parts.onChange();
  parts.audit.record(authentication.loginAccepted(source, { user: driverId }));
  return { sessionToken, expiresAtMs };
}

function tooMany(retryAfterMs: number): { code: 'TOO_MANY_REQUESTS'; retryAfterMs: number } {
  return { code: 'TOO_MANY_REQUESTS', retryAfterMs: Math.ceil(retryAfterMs) };
}

/** Undefined when the password is right. An unknown driver costs the same time as a wrong password, and is locked as a known one. */
async function refusal(
  parts: SignInParts & { unknown: UnknownAccountLocks },
  asked: DriverToCentral['login'],
  source: Actor,
): Promise<LoginRefusal | undefined> {
  try {
    const account = await driverAccount(parts.database, asked.driverId);
    const nowMs = parts.clock.nowMs();
    const lockedForMs = account
      ? (account.lockedUntilMs ?? 0) - nowMs
      : parts.unknown.lockedForMs(asked.driverId, nowMs);
    if (lockedForMs > 0) return { code: 'LOCKED', retryAfterMs: Math.ceil(lockedForMs) };
    const verdict = await parts.passwords.verify(asked.password, account?.passwordHash);
    if (verdict.isValid) {
      const newHash = verdict.needsRehash ? await parts.passwords.hash(asked.password) : null;
      await noteLogin(parts.database, asked.driverId, newHash);
      return undefined;
    }
    return account ? await afterWrongPassword(parts, account, source) : afterUnknown(parts, asked.driverId);
  } catch (error) {
    return faultCode(error);
  }
}

function afterUnknown(
  { unknown, clock }: { unknown: UnknownAccountLocks; clock: Clock },
  driverId: string,
): LoginRefusal {
  const isLocked = unknown.noteFailure(driverId, clock.nowMs());
  return isLocked ? { code: 'LOCKED', retryAfterMs: UNKNOWN_LOCK.lockMs } : { code: 'BAD_CREDENTIALS' };
}

async function afterWrongPassword(parts: SignInParts, account: DriverAccount, source: Actor): Promise<LoginRefusal> {
  const lockedUntilMs = await noteFailedLogin(parts.database, account.driverId);
  if (lockedUntilMs === undefined) return { code: 'BAD_CREDENTIALS' };
  parts.audit.record(security.accountLocked(source, { user: account.driverId, untilMs: lockedUntilMs }));
  return { code: 'LOCKED', retryAfterMs: Math.max(0, Math.ceil(lockedUntilMs - parts.clock.nowMs())) };
}

async function registerAccount(
  parts: SignInParts,
  asked: DriverToCentral['register-driver'],
): Promise<RegistrationRefusal | undefined> {
  try {
    const passwordHash = await parts.passwords.hash(asked.password);
    const { driverId, name, email } = asked;
    await insertDriver(parts.database, { driverId, name, email: email ?? null, passwordHash });
    return undefined;
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === undefined) return faultCode(error);
    return { code: constraint === 'drivers_pkey' ? 'DRIVER_EXISTS' : 'EMAIL_EXISTS' };
  }
}

/** What a fault means to whoever asked; anything unexpected goes on up. */
function faultCode(error: unknown): { code: 'TOO_MANY_REQUESTS' | 'SERVICE_UNAVAILABLE'; retryAfterMs: number } {
  if (isDatabaseUnavailable(error)) return { code: 'SERVICE_UNAVAILABLE', retryAfterMs: 2_000 };
  if (error instanceof CryptoFault && error.code === 'PASSWORD_QUEUE_FULL') return tooMany(2_000);
  throw error;
}
