import type { Audit } from '../../io/audit/audit.ts';
import type { Clock } from '../../io/clock.ts';
import type { Passwords } from '../../io/crypto/password.ts';
import type { FailureLimit } from '../../io/failure-limit.ts';
import type { Log } from '../../io/log.ts';
import type { Database } from '../../io/postgres/database.ts';
import type { NetworkTrust } from '../../io/postgres/network-trust.ts';

/** What Registry's routes work with. */
export type RegistryParts = {
  db: Database;
  trust: NetworkTrust;
  passwords: Passwords;
  clock: Clock;
  log: Log;
  audit: Audit;
  /** By address, and by point and address: failures only. */
  failures: { address: FailureLimit; point: FailureLimit };
  /** Something that the page shows has changed. */
  onChanged(): void;
};
