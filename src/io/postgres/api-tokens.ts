import type { TokenScope } from '../../messages/central-api.ts';
import { newToken, sha256 } from '../crypto/tokens.ts';
import { newRandomId } from '../new-id.ts';
import type { Queries } from './database.ts';
import { NOTICES } from './notices.ts';

/** Makes the token of that name, or a new one in its place; the text is in the answer only. */
export async function issueApiToken(
  db: Queries,
  wanted: { name: string; scopes: readonly TokenScope[]; validMs: number; by: string; nowMs: number },
): Promise<string> {
  const token = newToken();
  await db.run(
    `INSERT INTO api_tokens (token_id, name, token_sha256, scopes, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (name) DO UPDATE SET token_sha256 = EXCLUDED.token_sha256, scopes = EXCLUDED.scopes,
       created_by = EXCLUDED.created_by, created_at = now(), expires_at = EXCLUDED.expires_at, revoked_at = NULL`,
    [newRandomId(), wanted.name, sha256(token), wanted.scopes, wanted.by, new Date(wanted.nowMs + wanted.validMs)],
  );
  await tellChanged(db, wanted.name);
  return token;
}

/** True while a token of that name and text lives with these scopes and beyond `untilMs`. */
export async function isApiTokenGood(
  db: Queries,
  wanted: { name: string; token: string; scopes: readonly TokenScope[]; untilMs: number },
): Promise<boolean> {
  const row = await db.row(
    `SELECT 1 FROM api_tokens WHERE name = $1 AND token_sha256 = $2 AND revoked_at IS NULL AND expires_at > $3
       AND scopes @> $4::text[] AND scopes <@ $4::text[]`,
    [wanted.name, sha256(wanted.token), new Date(wanted.untilMs), wanted.scopes],
  );
  return row !== undefined;
}

/** One line of `ev admin tokens list`. */
export type ApiTokenLine = {
  name: string;
  scopes: TokenScope[];
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
};

/** All tokens but for their texts, which nobody has. */
export function listApiTokens(db: Queries): Promise<ApiTokenLine[]> {
  return db.rows<ApiTokenLine>(
    `SELECT name, scopes, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
       revoked_at AS "revokedAt", last_used_at AS "lastUsedAt" FROM api_tokens ORDER BY name`,
  );
}

/** True while a token of that name is neither revoked nor expired. */
export async function isApiTokenAlive(db: Queries, name: string, nowMs: number): Promise<boolean> {
  const values = [name, new Date(nowMs)];
  const found = 'SELECT 1 FROM api_tokens WHERE name = $1 AND revoked_at IS NULL AND expires_at > $2';
  return (await db.row(found, values)) !== undefined;
}

/** The scopes of the token that is no good from now on; undefined: none of that name lives. */
export async function revokeApiToken(db: Queries, name: string): Promise<TokenScope[] | undefined> {
  const row = await db.row<{ scopes: TokenScope[] }>(
    'UPDATE api_tokens SET revoked_at = now() WHERE name = $1 AND revoked_at IS NULL RETURNING scopes',
    [name],
  );
  if (row) await tellChanged(db, name);
  return row?.scopes;
}

/** Leaves nothing of it: for the tokens of one minute. */
export async function removeApiToken(db: Queries, name: string): Promise<void> {
  await db.run('DELETE FROM api_tokens WHERE name = $1', [name]);
  await tellChanged(db, name);
}

async function tellChanged(db: Queries, name: string): Promise<void> {
  await db.run('SELECT pg_notify($1, $2)', [NOTICES.tokensChanged, name]);
}
