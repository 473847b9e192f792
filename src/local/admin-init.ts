import { type NetworkPlan, networkFiles } from './network-plan.ts';
import { runToEnd } from './one-shot.ts';
import { preparePostgres } from './postgres.ts';
import { postgresOptions } from './postgres-plan.ts';
import { nodeProgram } from './process-table.ts';
import type { Say } from './step.ts';
import { writeAtomically } from './write-atomically.ts';

const HEAP_MB = 128;

/**
 * The one-shot `ev admin init` (protocol 1): certificate authority, master key, database roles, schema, first
 * administrator and tokens, all idempotent. It gets the superuser's URL in a 0600 file.
 */
export async function initialise(plan: NetworkPlan, say: Say, signal: AbortSignal): Promise<void> {
  const files = networkFiles(plan);
  const url = plan.externalDatabaseUrl ?? (await preparePostgres(postgresOptions(plan, say))).adminUrl;
  await writeAtomically(files.adminDatabaseUrl, `${url}\n`, 0o600);
  const program = nodeProgram(plan, {
    command: 'admin',
    args: ['init'],
    heapMb: HEAP_MB,
    env: {
      DATABASE_ADMIN_URL_FILE: files.adminDatabaseUrl,
      EV_SECRETS_DIR: files.secrets,
      EV_MASTER_KEY_FILE: files.masterKey,
      EV_PUBLIC_HOSTS: [plan.publicHost, process.env.EV_PUBLIC_HOSTS].filter(Boolean).join(','),
    },
  });
  await runToEnd(program, 'ev admin init', signal);
}
