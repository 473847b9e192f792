import { lookup } from 'node:dns/promises';

/** Those of the names that resolve to this address here: nobody else gets a certificate for them. */
export async function namesOfAddress(address: string, names: readonly string[]): Promise<string[]> {
  const resolved = await Promise.all(
    names.map(async (name) => {
      const found = await lookup(name, { all: true }).catch(() => []);
      return found.some((one) => one.address === address);
    }),
  );
  return names.filter((_name, index) => resolved[index]);
}
