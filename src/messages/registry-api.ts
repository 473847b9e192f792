import { type Static, Type } from 'typebox';
import { NewPointSchema } from './central-api.ts';
import { AtMsSchema } from './entities.ts';

/** Registry's API beyond `register` and `unregister`: what its page shows and does (ux 3.4, S-REG-15). */

const closed = { additionalProperties: false };

/** PENDING: created, its Monitor has not registered. BLOCKED: registered, its key is revoked (D-12). */
export const REGISTRATION_STATES = ['PENDING', 'REGISTERED', 'BLOCKED', 'RETIRED'] as const;
export type RegistrationState = (typeof REGISTRATION_STATES)[number];

/** A point as Registry's administrators see it; collection `points` of the page's stream. */
export const RegistryPointSchema = Type.Object(
  {
    ...NewPointSchema.properties,
    status: Type.Enum([...REGISTRATION_STATES]),
    isRegistered: Type.Boolean(),
    isRetired: Type.Boolean(),
    /** When it was created (or brought back). */
    registeredAtMs: AtMsSchema,
    /** When its present secret was issued; absent: it has none. */
    credentialIssuedAtMs: Type.Optional(AtMsSchema),
    /** When its Monitor last authenticated with Central; absent: never. */
    authenticatedAtMs: Type.Optional(AtMsSchema),
    /** An enrolment token is out, unused, until then. */
    tokenExpiresAtMs: Type.Optional(AtMsSchema),
    /** Guards an edit against another one meanwhile. */
    revision: Type.Integer({ minimum: 1 }),
  },
  closed,
);
export type RegistryPoint = Static<typeof RegistryPointSchema>;

export const RegistryPointListSchema = Type.Object(
  { chargingPoints: Type.Array(RegistryPointSchema), total: Type.Integer() },
  closed,
);

/** `PATCH /api/charging_points/:id`: all of what can be edited; id and zone stay (a zone is its channels, D-17). */
export const PointEditSchema = Type.Object(
  {
    city: NewPointSchema.properties.city,
    country: NewPointSchema.properties.country,
    address: NewPointSchema.properties.address,
    latitude: NewPointSchema.properties.latitude,
    longitude: NewPointSchema.properties.longitude,
    priceE4PerKwh: NewPointSchema.properties.priceE4PerKwh,
    maxPowerW: NewPointSchema.properties.maxPowerW,
    revision: Type.Integer({ minimum: 1 }),
  },
  closed,
);
export type PointEdit = Static<typeof PointEditSchema>;
/** What of a point an edit can change. */
export const POINT_EDIT_FIELDS = [
  ...(['city', 'country', 'address', 'latitude', 'longitude', 'priceE4PerKwh', 'maxPowerW'] as const),
] satisfies (keyof PointEdit)[];

/** Collection `service` (id `service`) of the page's stream: by what a person can check whom they talk to. */
export const RegistryServiceSchema = Type.Object(
  {
    version: Type.String(),
    /** SHA-256 of the certificate, and of the authority that signed it; hex. */
    certificateFingerprint: Type.String(),
    authorityFingerprint: Type.String(),
    certificateNotAfterMs: AtMsSchema,
  },
  closed,
);
export type RegistryService = Static<typeof RegistryServiceSchema>;
