/** By what people tell one key from another, as Central shows it: the end of its id, which says nothing of the key. */
export function keyFingerprint(keyId: string): string {
  return keyId.slice(-12);
}
