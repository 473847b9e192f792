import { request } from 'node:https';
import { fingerprintOf } from '../crypto/certificate-check.ts';

/** The certificate that came is not the one that the join code names: somebody else answers there, or the code is of another network. */
export class AuthorityMismatch extends Error {
  readonly code = 'AUTHORITY_MISMATCH';
}

const MAX_BYTES = 16_384;

/**
 * Fetches the authority's certificate from a server that nothing vouches for yet, and takes it only if its SHA-256 is
 * the expected one: the fingerprint is the proof (protocol 1). Nothing secret is sent. Throws AuthorityMismatch.
 */
export async function fetchAuthority(from: { url: string; fingerprint: string; timeoutMs: number }): Promise<string> {
  const pem = await unverifiedText(from.url, from.timeoutMs);
  if (fingerprintIfReadable(pem) === from.fingerprint) return pem;
  throw new AuthorityMismatch(`${new URL(from.url).host} shows another certificate authority than the join code names`);
}

function fingerprintIfReadable(pem: string): string | undefined {
  try {
    return fingerprintOf(pem);
  } catch {
    return undefined;
  }
}

// The one connection whose certificate cannot be verified: what verifies it is what it brings.
function unverifiedText(url: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { rejectUnauthorized: false, timeout: timeoutMs }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_BYTES) outgoing.destroy(new Error('the answer is too long for a certificate'));
      });
      incoming.once('end', () => resolve(text));
      incoming.once('error', reject);
    });
    outgoing.once('timeout', () =>
      outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    );
    outgoing.once('error', reject);
    outgoing.end();
  });
}
