import type { OperatorRole } from '../../messages/central-api.ts';
import type { Audit } from '../audit/audit.ts';
import { authentication, security } from '../audit/audit-events.ts';
import type { Clock } from '../clock.ts';
import type { Passwords } from '../crypto/password.ts';
import { createFailureLimit } from '../failure-limit.ts';
import type { Database } from '../postgres/database.ts';
import {
  findOperator,
  findOperatorSession,
  noteFailedLogin,
  type OperatorSession,
  openOperatorSession,
  storeRehash,
} from '../postgres/operators.ts';

/** What a login came to. */
export type OperatorLoginOutcome =
  | { isAccepted: true; operatorId: string; role: OperatorRole; token: string; expiresAtMs: number }
  | { isAccepted: false; code: 'BAD_CREDENTIALS' | 'ACCOUNT_LOCKED' | 'TOO_MANY_REQUESTS'; retryAfterMs?: number };

/** Logins of people who run the network: lock-out, sessions that expire (D-15). */
export type OperatorLogins = {
  login(attempt: { operatorId: string; password: string; address: string | undefined }): Promise<OperatorLoginOutcome>;
  /** The living session of a cookie's token. */
  session(token: string): Promise<OperatorSession | undefined>;
};

const SECOND_MS = 1_000;
const DEFAULTS = {
  maxFailures: 5,
  lockMs: 300 * SECOND_MS,
  sessionMs: 12 * 3_600 * SECOND_MS,
  idleMs: 3_600 * SECOND_MS,
};

/** An unknown name costs the same time as a known one; both are refused with the same word. */
export function createOperatorLogins(
  parts: { db: Database; passwords: Passwords; clock: Clock; audit: Audit },
  figures: Partial<typeof DEFAULTS> = {},
): OperatorLogins {
  const { db, passwords, clock, audit } = parts;
  const { maxFailures, lockMs, sessionMs, idleMs } = { ...DEFAULTS, ...figures };
  const addresses = createFailureLimit({ maxFailures: maxFailures * 4, windowMs: lockMs, clock });
  return {
    async login({ operatorId, password, address }) {
      const source = { entity: `operator:${operatorId}`, address };
      const from = address ?? '';
      const refuse = (code: 'BAD_CREDENTIALS' | 'ACCOUNT_LOCKED' | 'TOO_MANY_REQUESTS', retryAfterMs?: number) => {
        audit.record(authentication.loginRefused(source, { user: operatorId, code }));
        return { isAccepted: false as const, code, ...(retryAfterMs !== undefined && { retryAfterMs }) };
      };
      const barredForMs = addresses.barredForMs(from);
      if (barredForMs !== undefined) return refuse('TOO_MANY_REQUESTS', barredForMs);
      const account = await findOperator(db, operatorId);
      const verdict = await passwords.verify(password, account?.passwordHash);
      const nowMs = clock.nowMs();
      if (account?.lockedUntilMs !== undefined && account.lockedUntilMs > nowMs) {
        addresses.noteFailure(from);
        return refuse('ACCOUNT_LOCKED', account.lockedUntilMs - nowMs);
      }
      if (!account || !verdict.isValid) {
        addresses.noteFailure(from);
        const untilMs = await noteFailedLogin(db, { operatorId, nowMs, maxFailures, lockMs });
        if (untilMs !== undefined) audit.record(security.accountLocked(source, { user: operatorId, untilMs }));
        return refuse('BAD_CREDENTIALS');
      }
      addresses.noteSuccess(from);
      if (verdict.needsRehash) await storeRehash(db, { operatorId, passwordHash: await passwords.hash(password) });
      const session = await openOperatorSession(db, { operatorId, address, nowMs, validMs: sessionMs });
      audit.record(authentication.loginAccepted(source, { user: operatorId, role: account.role }));
      return { isAccepted: true, operatorId, role: account.role, ...session };
    },
    session: (token) => findOperatorSession(db, { token, nowMs: clock.nowMs(), idleMs }),
  };
}
