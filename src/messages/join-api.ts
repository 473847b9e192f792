import { type Static, Type } from 'typebox';

/** Central's door for another computer of the network (protocol 1): it comes with a join code and goes with all that its processes need. */

const closed = { additionalProperties: false };

/** What a computer may join as; the scope of its join code is `join:<kind>`. */
export const JOIN_KINDS = ['points', 'drivers'] as const;
export type JoinKind = (typeof JOIN_KINDS)[number];

/** Where anybody finds the authority's certificate, before it trusts it. */
export const AUTHORITY_PATH = '/api/join/authority';

const CsrSchema = Type.String({ minLength: 1, maxLength: 8_000 });
const HostNameSchema = Type.String({ pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$' });

const wanted = { csr: CsrSchema, names: Type.Array(HostNameSchema, { maxItems: 4 }) };

/**
 * `POST /api/join/certificate`, with the host's own token. The certificate is for the address that the request comes
 * from; `names` are added if they resolve to it.
 */
export const HostCertificateRequestSchema = Type.Object(wanted, closed);
/** `POST /api/join`, with the token of a join code of that kind. */
export const JoinSchema = Type.Object({ kind: Type.Enum([...JOIN_KINDS]), ...wanted }, closed);

/** The certificate of a computer's pages. */
export const HostCertificateSchema = Type.Object(
  { certificatePem: Type.String(), address: Type.String(), names: Type.Array(Type.String()) },
  closed,
);

/** Given once. `kafka` is the broker's login of its kind of process; `weatherToken` is for a computer of points, which runs EV_W. */
export const JoinedSchema = Type.Object(
  {
    kind: Type.Enum([...JOIN_KINDS]),
    certificatePem: Type.String(),
    address: Type.String(),
    names: Type.Array(Type.String()),
    hostToken: Type.String(),
    weatherToken: Type.Optional(Type.String()),
    kafka: Type.Object({ username: Type.Enum(['point', 'driver']), password: Type.String() }, closed),
  },
  closed,
);
export type Joined = Static<typeof JoinedSchema>;
