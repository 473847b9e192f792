import type { TokenScope } from '../../messages/central-api.ts';
import { newToken, sha256 } from '../crypto/tokens.ts';
import { newRandomId } from '../new-id.ts';
import type { Queries } from './database.ts';

/** A machine client that may do what its scopes say (D-15). */
export type ApiToken = { tokenId: string; name: string; scopes: TokenScope[] };

/** The living token that this text is, undefined for any other text; notes its use once a minute. */
export async function findApiToken(db: Queries, token: string): Promise<ApiToken | undefined> {
  const row = await db.row<{ token_id: string; name: string; scopes: TokenScope[]; is_use_old: boolean }>(
    {
      name: 'find-api-token',
      text: `SELECT token_id, name, scopes, last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS is_use_old
        FROM api_tokens WHERE token_sha256 = $1 AND revoked_at IS NULL AND expires_at > now()`,
    },
    [sha256(token)],
  );
  if (!row) return undefined;
  if (row.is_use_old) await db.run('UPDATE api_tokens SET last_used_at = now() WHERE token_id = $1', [row.token_id]);
  return { tokenId: row.token_id, name: row.name, scopes: row.scopes };
}

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
