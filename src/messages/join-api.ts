import { type Static, Type } from 'typebox';

/** Central's door for another computer of the network (protocol 1): it comes with a join code and goes with all that its processes need. */

const closed = { additionalProperties: false };

/** What a computer may join as; the scope of its join code is `join:<kind>`. */
export const JOIN_KINDS = ['points', 'drivers', 'registry', 'central'] as const;
export type JoinKind = (typeof JOIN_KINDS)[number];

/** Kinds that hold the master key and a login of the database: their code is good for one computer, and made on request only. */
export const TRUSTED_KINDS = ['registry', 'central'] as const;
export type TrustedKind = (typeof TRUSTED_KINDS)[number];

/** True for a computer that runs a part of the network's own heart. */
export function isTrustedKind(kind: JoinKind): kind is TrustedKind {
  return (TRUSTED_KINDS as readonly JoinKind[]).includes(kind);
}

/** `registry@address` or `central@address`, several by commas: JOIN_GUESTS. */
export const GUESTS_PATTERN = /^((registry|central)@[A-Za-z0-9.:-]+(,(?=.)|$))*$/;

/** The computers that such a text names. */
export function guestsFrom(text: string): { service: TrustedKind; host: string }[] {
  const all = text.split(',').map((guest) => guest.split('@'));
  return TRUSTED_KINDS.flatMap((service) =>
    all.flatMap(([of, host = '']) => (of === service ? [{ service, host }] : [])),
  );
}

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

/**
 * Given once. `kafka` is the broker's login of its kind of process (Registry has none), `weatherToken` for a computer of
 * points, which runs EV_W, `heart` for one of Registry or of a further Central.
 */
export const JoinedSchema = Type.Object(
  {
    kind: Type.Enum([...JOIN_KINDS]),
    certificatePem: Type.String(),
    address: Type.String(),
    names: Type.Array(Type.String()),
    hostToken: Type.String(),
    weatherToken: Type.Optional(Type.String()),
    kafka: Type.Optional(
      Type.Object({ username: Type.Enum(['point', 'driver', 'central']), password: Type.String() }, closed),
    ),
    heart: Type.Optional(
      Type.Object(
        {
          /** Of its role, with the address at which other computers reach the database and `sslmode=verify-full`. */
          databaseUrl: Type.String(),
          /** 64 hex digits. */
          masterKey: Type.String(),
          /** A further Central's panel. */
          panelToken: Type.Optional(Type.String()),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type Joined = Static<typeof JoinedSchema>;

/** `GET /api/join/network`, with a host's own token: where the network's heart is now. */
export const NETWORK_PATH = '/api/join/network';
const MOST_CENTRALS = 16;
export const NetworkAddressesSchema = Type.Object(
  {
    /** Empty: beside the Central that was asked. */
    registryUrl: Type.String({ maxLength: 300 }),
    centralApiUrls: Type.Array(Type.String({ maxLength: 300 }), { maxItems: MOST_CENTRALS }),
    /** `host:port` for Monitors. */
    centralSockets: Type.Array(Type.String({ maxLength: 300 }), { maxItems: MOST_CENTRALS }),
  },
  closed,
);
export type NetworkAddresses = Static<typeof NetworkAddressesSchema>;
