import type { Clock } from '../../io/clock.ts';
import type { Passwords } from '../../io/crypto/password.ts';
import type { Log } from '../../io/log.ts';
import type { AdminConfig } from './config.ts';

/** What a command of `ev admin` works with. */
export type AdminParts = { config: AdminConfig; clock: Clock; log: Log; passwords: Passwords; say(line: string): void };
