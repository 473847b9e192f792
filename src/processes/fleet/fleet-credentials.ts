import { openSecretLines } from '../../io/secret-lines.ts';
import type { CredentialStore } from '../monitor/credential.ts';

type Line = { cpId: string; secret: string; registeredAtMs: number };

/** The credentials of a fleet: no certificates, since its engines are in the same process. */
export type FleetCredentials = { of(cpId: string): CredentialStore; readonly count: number; stop(): Promise<void> };

/** All secrets in one 0600 file. */
export function openFleetCredentials(folder: string): FleetCredentials {
  const file = openSecretLines(`${folder}/credentials.ndjson`);
  const known = new Map<string, Line>();
  for (const value of file.values) {
    if (isLine(value)) known.set(value.cpId, value);
  }
  return {
    of: (cpId) => ({
      load() {
        const line = known.get(cpId);
        return line && { ...line, certificatePem: '', privateKeyPem: '', caPem: '' };
      },
      save({ secret, registeredAtMs }) {
        const line = { cpId, secret, registeredAtMs };
        file.append(line);
        known.set(cpId, line);
      },
      remove() {
        file.append({ cpId, secret: '', registeredAtMs: 0 });
        known.delete(cpId);
      },
    }),
    get count() {
      return known.size;
    },
    stop: () => file.stop(),
  };
}

function isLine(value: unknown): value is Line {
  const line = value as Partial<Line> | null;
  return typeof line?.cpId === 'string' && typeof line.secret === 'string' && line.secret !== '';
}
