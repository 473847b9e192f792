import { createHttpClient } from '../../io/http/client.ts';
import { newRandomId } from '../../io/new-id.ts';
import { issueApiToken, removeApiToken } from '../../io/postgres/api-tokens.ts';
import { livingReplicas } from '../../io/postgres/central-replicas.ts';
import type { Database } from '../../io/postgres/database.ts';
import type { TokenScope } from '../../messages/central-api.ts';
import type { AdminParts } from './admin-parts.ts';
import { SOURCE } from './audited.ts';
import { CommandRefused } from './command.ts';

const TOKEN_MS = 60_000;
const ANYWHERE = ['0.0.0.0', '[::]'];

/**
 * Asks a running Central, which alone decides about points and supplies, with a token of one scope and one minute that
 * is removed afterwards. Throws CommandRefused with Central's own code, or if no Central runs.
 */
export async function askCentral(
  db: Database,
  parts: AdminParts,
  wanted: { scope: TokenScope; method: string; path: string },
): Promise<unknown> {
  const [replica] = await livingReplicas(db);
  if (!replica) throw new CommandRefused('no Central runs, and only Central may decide this: ./run_all.sh starts it');
  const url = new URL(replica.apiUrl);
  if (ANYWHERE.includes(url.hostname)) url.hostname = '127.0.0.1';
  const name = `ev-admin-${newRandomId()}`;
  const nowMs = parts.clock.nowMs();
  const token = await issueApiToken(db, { name, scopes: [wanted.scope], validMs: TOKEN_MS, by: SOURCE.entity, nowMs });
  try {
    const client = createHttpClient({ baseUrl: url.origin, caFile: parts.config.caFile, token, timeoutMs: 20_000 });
    const answer = await client.send(wanted.method, wanted.path);
    if (answer.status >= 300) throw new CommandRefused(`Central answers ${answer.status} ${codeOf(answer.body)}`);
    return answer.body;
  } finally {
    await removeApiToken(db, name);
  }
}

function codeOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
}
