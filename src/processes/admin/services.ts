import { argumentsOf } from '../../io/command-line.ts';
import { serviceDirectory } from '../../io/postgres/service-instances.ts';
import type { AdminParts } from './admin-parts.ts';
import { readOnly } from './audited.ts';
import { tableLines } from './command.ts';

/** `ev admin services`: the directory as Registry serves it (S-REG-12). */
export async function services(parts: AdminParts, args: readonly string[]): Promise<void> {
  argumentsOf(args, { positionals: [] });
  const entries = await readOnly(parts, serviceDirectory);
  const rows = entries.map(({ kind, url, version, isAlive, heartbeatAt }) => [
    ...[kind, url, version, isAlive ? 'alive' : 'lost', heartbeatAt.toISOString()],
  ]);
  for (const line of tableLines([['KIND', 'URL', 'VERSION', 'STATE', 'LAST SIGN OF LIFE'], ...rows])) parts.say(line);
}
