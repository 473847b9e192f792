/** The one word that another computer needs: the authority's fingerprint, by which it is recognised, and a token (protocol 1). */
export type JoinCode = { fingerprint: string; token: string };

const FORM = /^ev1\.([0-9a-f]{64})\.([A-Za-z0-9_-]{43})$/;

/** `ev1.<fingerprint>.<token>`. */
export function joinCodeText(code: JoinCode): string {
  return `ev1.${code.fingerprint}.${code.token}`;
}

/** Undefined for anything else; a code that was cut when it was copied is such. */
export function parseJoinCode(text: string): JoinCode | undefined {
  const [, fingerprint, token] = FORM.exec(text.trim()) ?? [];
  return fingerprint === undefined || token === undefined ? undefined : { fingerprint, token };
}
