import { equalsConstantTime, hmacOfParts } from '../crypto/tokens.ts';

/** The side that proves it knows EV_PAIRING_TOKEN; in the proof, so that one cannot be mirrored. */
export type PairingSide = 'engine' | 'monitor';

/** Label under which both ends export key material of their TLS connection. */
export const PAIRING_EXPORT_LABEL = 'EXPERIMENTAL-ev-pairing';

/** What a proof binds: the shared token, who proves it, and this one TLS connection. */
export type PairingInput = { token: string; side: PairingSide; exportedMaterial: Uint8Array };

/** Proof (base64url) that both were started with the same token; worthless on any other connection. */
export function pairingProof(input: PairingInput): string {
  return hmacOfParts(input.token, ['ev-pairing-1', input.side, input.exportedMaterial]).toString('base64url');
}

/** Constant-time check of the other side's proof; an empty token never pairs. */
export function isPairingProven(input: PairingInput, proof: string): boolean {
  return input.token.length > 0 && equalsConstantTime(pairingProof(input), proof);
}
