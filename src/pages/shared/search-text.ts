/** Text without accents and case, for comparing what people type. */
export function plainText(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}

/** True when every word of the query is somewhere in the fields. */
export function matchesSearch(query: string, fields: readonly string[]): boolean {
  const haystack = plainText(fields.join(' '));
  return plainText(query)
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}
