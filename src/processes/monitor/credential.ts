import { type Static, Type } from 'typebox';
import { readFileIfThere, removeFile, writeSecretFile } from '../../io/secret-file.ts';
import { parser } from '../../messages/validators.ts';

/** What a registered point has: its secret for Central and its certificate for the engine. */
const CredentialSchema = Type.Object({
  cpId: Type.String(),
  secret: Type.String(),
  certificatePem: Type.String(),
  privateKeyPem: Type.String(),
  caPem: Type.String(),
  registeredAtMs: Type.Integer(),
});
export type Credential = Static<typeof CredentialSchema>;

/** Where a credential is kept; a fleet keeps many in one file. */
export type CredentialStore = {
  load(): Credential | undefined;
  save(credential: Credential): void;
  remove(): void;
};

const parseCredential = parser(CredentialSchema);

/** One point's credential in `<folder>/credential.json`, 0600. Throws if the file is there and is not one. */
export function fileCredentialStore(folder: string, cpId: string): CredentialStore {
  const path = `${folder}/credential.json`;
  return {
    load() {
      const content = readFileIfThere(path);
      if (content === undefined) return undefined;
      const credential = parseCredential(JSON.parse(content));
      if (!credential) throw new Error(`${path} is not a credential of a charging point`);
      if (credential.cpId !== cpId) throw new Error(`${path} belongs to ${credential.cpId}, not to ${cpId}`);
      return credential;
    },
    save: (credential) => writeSecretFile(path, JSON.stringify(credential)),
    remove: () => removeFile(path),
  };
}
