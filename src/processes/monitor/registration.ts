import type { Audit } from '../../io/audit/audit.ts';
import { authentication } from '../../io/audit/audit-events.ts';
import type { Clock } from '../../io/clock.ts';
import { createCertificateRequest } from '../../io/crypto/csr.ts';
import { createHttpClient, type HttpAnswer } from '../../io/http/client.ts';
import { type Register, type Registered, RegisteredSchema } from '../../messages/central-api.ts';
import { parser, tolerant } from '../../messages/validators.ts';
import type { Credential } from './credential.ts';

/** What Registry is told of a point; an N-use token brings the whole description. */
export type PointDescription = Pick<Register, 'zone' | 'city' | 'country' | 'address' | 'priceE4PerKwh' | 'maxPowerW'>;

/** Registry said no: `status` and `code` are its own. */
export class RegistrationRefused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(`Registry answers ${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

export type RegistryDoor = {
  /** Registers with a token (or, for a renewal, with the present secret). Throws RegistrationRefused or HttpUnreachable. */
  register(proof: { token?: string; currentSecret?: string }): Promise<Credential>;
  /** Gives the point up. Throws RegistrationRefused (409: a supply is open) or HttpUnreachable. */
  unregister(secret: string): Promise<void>;
};

export type RegistryParts = {
  cpId: string;
  registryUrl: string;
  caPem: string;
  description?: PointDescription;
  audit: Audit;
  clock: Clock;
};

const parseRegistered = parser(tolerant(RegisteredSchema));

/** Registry's API as a Monitor uses it: over verified HTTPS only (R2-15). */
export function openRegistryDoor(parts: RegistryParts): RegistryDoor {
  const { cpId, audit, clock } = parts;
  const client = createHttpClient({ baseUrl: parts.registryUrl, caPem: parts.caPem, timeoutMs: 15_000 });
  const source = { entity: `cp:${cpId}` };
  return {
    async register(proof) {
      const request = await createCertificateRequest(`cp:${cpId}`);
      const body: Register = { cpId, csr: request.csrPem, ...proof, ...parts.description };
      const answer = await client.send('POST', '/api/register', { body });
      const registered = takeRegistered(answer, cpId);
      if (registered instanceof RegistrationRefused) {
        audit.record(authentication.pointRegistrationRefused(source, { cpId, code: registered.code }));
        throw registered;
      }
      audit.record(authentication.pointRegistered(source, { cpId, isRepeated: proof.currentSecret !== undefined }));
      return {
        cpId,
        secret: registered.secret,
        certificatePem: registered.certificatePem,
        privateKeyPem: request.privateKeyPem,
        caPem: registered.caPem,
        registeredAtMs: clock.nowMs(),
      };
    },
    async unregister(secret) {
      const answer = await client.send('DELETE', '/api/unregister', { body: { cpId, secret } });
      if (answer.status >= 300) throw new RegistrationRefused(answer.status, codeOf(answer));
      audit.record(authentication.pointUnregistered(source, { cpId }));
    },
  };
}

function takeRegistered(answer: HttpAnswer, cpId: string): Registered | RegistrationRefused {
  if (answer.status >= 300) return new RegistrationRefused(answer.status, codeOf(answer));
  const registered = parseRegistered(answer.body);
  return registered?.cpId === cpId ? registered : new RegistrationRefused(502, 'INVALID_ANSWER');
}

function codeOf(answer: HttpAnswer): string {
  const { body } = answer;
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  return typeof code === 'string' ? code.slice(0, 60) : `HTTP_${answer.status}`;
}
