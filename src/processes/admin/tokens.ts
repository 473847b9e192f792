import { administration } from '../../io/audit/admin-events.ts';
import { security } from '../../io/audit/audit-events.ts';
import { argumentsOf, BadArgument, wholeNumber } from '../../io/command-line.ts';
import { joinCodeText } from '../../io/crypto/join-code.ts';
import { isApiTokenAlive, issueApiToken, listApiTokens, revokeApiToken } from '../../io/postgres/api-tokens.ts';
import type { Database } from '../../io/postgres/database.ts';
import { networkAuthority } from '../../io/postgres/network-trust.ts';
import { writeWhole } from '../../io/private-files.ts';
import { TOKEN_SCOPES, type TokenScope } from '../../messages/central-api.ts';
import { JOIN_KINDS } from '../../messages/join-api.ts';
import type { AdminParts } from './admin-parts.ts';
import { readOnly, SOURCE, withAudit } from './audited.ts';
import { CommandRefused, oneOf, required, tableLines } from './command.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const MAX_DAYS = 3_650;
const TOKEN_NAME = /^[a-z][a-z0-9._-]{0,59}$/;
/** Tokens of the network's own processes; `ev admin init` renews them. */
const OWN_TOKENS = ['points-enrol', 'central-web'];

type NewToken = { name: string; scopes: TokenScope[]; days: number };

function newTokenFrom(typed: { name: string | undefined; scopes: string | undefined; days: string }): NewToken {
  const name = required(typed.name, 'the name of the token');
  if (!TOKEN_NAME.test(name)) throw new BadArgument(`name '${name}' must be like weather or partner.one`);
  const scopes = required(typed.scopes, '--scopes')
    .split(',')
    .map((scope) => oneOf(scope.trim(), TOKEN_SCOPES, 'scope'));
  return { name, scopes, days: wholeNumber(typed.days, { name: '--days', min: 1, max: MAX_DAYS }) };
}

async function issue(db: Database, wanted: NewToken, nowMs: number): Promise<string> {
  if (await isApiTokenAlive(db, wanted.name, nowMs))
    throw new CommandRefused(`there is a token '${wanted.name}': ./ev admin tokens revoke ${wanted.name} ends it`);
  const { name, scopes } = wanted;
  return issueApiToken(db, { name, scopes, validMs: wanted.days * DAY_MS, by: SOURCE.entity, nowMs });
}

async function create(parts: AdminParts, wanted: NewToken): Promise<void> {
  const nowMs = parts.clock.nowMs();
  const token = await withAudit(parts, async (db, record) => {
    const made = await issue(db, wanted, nowMs);
    record(security.apiTokenChanged(SOURCE, { name: wanted.name, change: 'CREATED', scopes: wanted.scopes }));
    return made;
  });
  const until = new Date(nowMs + wanted.days * DAY_MS).toISOString();
  parts.say(`token ${wanted.name} (${wanted.scopes.join(', ')}), until ${until}, shown only now: ${token}`);
}

async function list(parts: AdminParts): Promise<void> {
  const nowMs = parts.clock.nowMs();
  const tokens = await readOnly(parts, listApiTokens);
  const rows = tokens.map((token) => [
    token.name,
    token.revokedAt ? 'revoked' : token.expiresAt.getTime() < nowMs ? 'expired' : 'good',
    token.expiresAt.toISOString().slice(0, 10),
    token.lastUsedAt?.toISOString().slice(0, 19) ?? '-',
    token.createdBy,
    token.scopes.join(','),
  ]);
  for (const line of tableLines([['NAME', 'STATE', 'UNTIL', 'LAST USED', 'MADE BY', 'SCOPES'], ...rows]))
    parts.say(line);
}

async function revoke(parts: AdminParts, typed: string | undefined): Promise<void> {
  const name = required(typed, 'the name of the token');
  await withAudit(parts, async (db, record) => {
    const scopes = await revokeApiToken(db, name);
    if (!scopes) throw new CommandRefused(`there is no living token '${name}'`);
    record(security.apiTokenChanged(SOURCE, { name, change: 'REVOKED', scopes }));
  });
  const renewal = OWN_TOKENS.includes(name) ? '; the next start of the network (./ev admin init) makes a new one' : '';
  parts.say(`token ${name} is revoked, and what it had open at a running Central is closed${renewal}`);
}

/** `ev admin tokens create|list|revoke` (D-15): machine tokens with scopes. */
export async function tokens(parts: AdminParts, args: readonly string[]): Promise<void> {
  const { positionals, values } = argumentsOf(args, {
    positionals: ['ACTION', 'NAME'],
    options: { scopes: { type: 'string' }, days: { type: 'string' } },
  });
  const [typed = 'list', name] = positionals;
  const action = oneOf(typed, ['list', 'create', 'revoke'] as const, 'action');
  if (action === 'create')
    return create(parts, newTokenFrom({ name, scopes: values.scopes, days: values.days ?? '365' }));
  if (action === 'revoke') return revoke(parts, name);
  return list(parts);
}

/**
 * `ev admin join-code NAME`: fingerprint of the authority and a token, in one word for another computer (protocol 1):
 * whoever fetches `ca.pem` compares the fingerprint before it trusts it.
 */
export async function joinCode(parts: AdminParts, args: readonly string[]): Promise<void> {
  const { positionals, values } = argumentsOf(args, {
    positionals: ['NAME'],
    options: { for: { type: 'string' }, days: { type: 'string' }, file: { type: 'string' } },
  });
  const kind = oneOf(values.for ?? 'points', JOIN_KINDS, '--for');
  const wanted = newTokenFrom({ name: positionals[0], scopes: `join:${kind}`, days: values.days ?? '1' });
  const nowMs = parts.clock.nowMs();
  const code = await withAudit(parts, async (db, record) => {
    const { fingerprint } = await networkAuthority(db);
    // To a file it goes at each start of a server: the code of before is then replaced.
    if (values.file !== undefined) await revokeApiToken(db, wanted.name);
    const token = await issue(db, wanted, nowMs);
    record(administration.joinCodeIssued(SOURCE, { name: wanted.name, scopes: wanted.scopes }));
    return joinCodeText({ fingerprint, token });
  });
  if (values.file !== undefined) return writeWhole(values.file, `${code}\n`);
  const until = new Date(nowMs + wanted.days * DAY_MS).toISOString();
  parts.say(`join code ${wanted.name} (${wanted.scopes.join(', ')}), until ${until}, shown only now: ${code}`);
}
