/** What stands where a secret was. */
export const REDACTED = '[redacted]';

const SECRET_WORD =
  /pass(word|phrase)?$|secret|token|credential|authori[sz]ation|cookie|private|pem$|join_?code|keys?$/i;
const HARMLESS_NAME =
  /^(is|has)([A-Z]|_)|(Id|Ids|Count|Algorithm|State|Reason|Name|Scopes|AtMs)$|_(id|ids|count|state|reason|name|scopes)$/;
const SECRET_TEXT =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)|\bBearer\s+[\w.~+/=-]{8,}|\$argon2[a-z]*\$[^\s"]+|:\/\/[^/\s:@]+:[^/\s@]+@/gi;

const MAX_DEPTH = 6;
const MAX_TEXT_LENGTH = 2_000;
const MAX_ENTRIES = 100;

/** True for names that hold secrets (`password`, `enrolmentToken`, `key`), false for `keyId`, `tokenName`. */
export function isSecretName(name: string): boolean {
  if (HARMLESS_NAME.test(name)) return false;
  return SECRET_WORD.test(name);
}

/** Cuts private keys, bearer tokens, password hashes and URL passwords out of free text. */
export function redactText(text: string): string {
  const cut = text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}...` : text;
  return cut.replace(SECRET_TEXT, (found) => (found.startsWith('://') ? `://${REDACTED}@` : REDACTED));
}

/** A copy without secrets, bounded in depth, entries and text; bytes and errors are summarised (F-48). */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) return redactError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((item) => redact(item, depth + 1));
  return redactEntries(value, depth);
}

function redactEntries(value: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value).slice(0, MAX_ENTRIES)) {
    const isSecret = isSecretName(name) && item !== null && item !== undefined && typeof item !== 'boolean';
    copy[name] = isSecret ? REDACTED : redact(item, depth + 1);
  }
  return copy;
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const summary: Record<string, unknown> = { type: error.name, message: redactText(error.message) };
  if ('code' in error && error.code !== undefined) summary.code = redact(error.code, depth + 1);
  if (error.stack) summary.stack = redactText(error.stack);
  if (error.cause !== undefined && depth < MAX_DEPTH) summary.cause = redact(error.cause, depth + 1);
  return summary;
}
