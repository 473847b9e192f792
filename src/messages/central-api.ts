import { type Static, Type } from 'typebox';
import {
  CpIdSchema,
  DriverIdSchema,
  EndReasonSchema,
  OpenSupplyStateSchema,
  OutOfServiceReasonSchema,
  PointStateSchema,
  PowerWSchema,
  PriceE4Schema,
  SupplyViewSchema,
  UuidSchema,
  ZoneSchema,
} from './entities.ts';
import { PanelOrderSchema, PanelPointSchema } from './live-stream.ts';
import { SPANISH_STATE_NAMES } from './rest-aliases.ts';

/** Central's REST API (S-API-01 to 06, 09; protocol 8). Errors are `application/problem+json`. */

const closed = { additionalProperties: false };

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
    requestId: Type.String(),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false, $id: 'Problem' },
);
export type Problem = Static<typeof ProblemSchema>;

/** `POST /api/charging_points`: what an administrator (or a token of scope points:enrol) says of a new point. */
export const NewPointSchema = Type.Object(
  {
    cpId: CpIdSchema,
    zone: ZoneSchema,
    city: Type.String({ minLength: 1, maxLength: 50 }),
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
    address: Type.String({ minLength: 1, maxLength: 100 }),
    latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
    longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
    priceE4PerKwh: PriceE4Schema,
    maxPowerW: Type.Integer({ minimum: 1_000, maximum: 1_000_000 }),
  },
  closed,
);
export type NewPoint = Static<typeof NewPointSchema>;

/** Its answer: an enrolment token (24 h, one use), never a secret. */
export const PointCreatedSchema = Type.Object(
  { cpId: CpIdSchema, enrolmentToken: Type.String(), expiresAtMs: Type.Integer() },
  closed,
);
export type PointCreated = Static<typeof PointCreatedSchema>;

/**
 * `GET /api/charging_points`: by id; without `limit` all of them. `state` (English) and `estado` (Spanish, D-02) are the
 * same question; `cursor` is `nextCursor` of the page before.
 */
export const PointListQuerySchema = Type.Object(
  {
    zone: Type.Optional(ZoneSchema),
    city: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    state: Type.Optional(PointStateSchema),
    estado: Type.Optional(Type.Enum(SPANISH_STATE_NAMES)),
    /** Part of id, city or address. */
    search: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    cursor: Type.Optional(CpIdSchema),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  closed,
);
export type PointListQuery = Static<typeof PointListQuerySchema>;
/** `total` counts all that match. */
export const PointListSchema = Type.Object(
  { chargingPoints: Type.Array(PanelPointSchema), total: Type.Integer(), nextCursor: Type.Optional(CpIdSchema) },
  closed,
);
/** `GET /api/supplies`: in progress now (S-API-03). */
export const SupplyListQuerySchema = Type.Object(
  {
    cpId: Type.Optional(CpIdSchema),
    driverId: Type.Optional(DriverIdSchema),
    state: Type.Optional(OpenSupplyStateSchema),
  },
  closed,
);
export const SupplyListSchema = Type.Object({ supplies: Type.Array(SupplyViewSchema), total: Type.Integer() }, closed);

export const MAX_CURVE_SAMPLES = 240;
// No tuple: clients that are generated from the document stumble over `prefixItems`.
const CurveSampleSchema = Type.Unsafe<[atMs: number, powerW: number, energyWh: number]>(
  Type.Array(Type.Integer(), { minItems: 3, maxItems: 3 }),
);
/** `GET /api/supplies/:id/curve`: a running supply so far, from Central's memory: it begins with the supply or with this Central. */
export const SupplyCurveSchema = Type.Object(
  {
    supplyId: UuidSchema,
    /** `[atMs, powerW, energyWh]`, oldest first, the older the coarser. */
    samples: Type.Array(CurveSampleSchema, { maxItems: MAX_CURVE_SAMPLES }),
  },
  closed,
);
export type SupplyCurve = Static<typeof SupplyCurveSchema>;
export type CurveSample = SupplyCurve['samples'][number];

/** `PATCH /api/charging_points/:id/state` with English values; `/estado` takes the Spanish ones (rest-aliases.ts). */
export const StatePatchSchema = Type.Object(
  { state: Type.Enum(['AVAILABLE', 'OUT_OF_SERVICE']), when: Type.Optional(Type.Enum(['NOW', 'AFTER_SUPPLY'])) },
  closed,
);
export const EstadoPatchSchema = Type.Object(
  { estado: Type.String({ minLength: 1, maxLength: 40 }), when: Type.Optional(Type.Enum(['NOW', 'AFTER_SUPPLY'])) },
  closed,
);
export const StateAnswerSchema = Type.Object(
  {
    cpId: CpIdSchema,
    state: PointStateSchema,
    reasons: Type.Array(OutOfServiceReasonSchema),
    pendingReasons: Type.Array(OutOfServiceReasonSchema),
  },
  closed,
);

export const ORDER_KINDS = ['STOP', 'STOP_AFTER_SUPPLY', 'RESUME', 'END_SUPPLY'] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];
/** `POST /api/orders`: to some points or to all; the same `orderId` twice is one order. */
export const NewOrderSchema = Type.Object(
  {
    orderId: UuidSchema,
    kind: Type.Enum([...ORDER_KINDS]),
    cpIds: Type.Optional(Type.Array(CpIdSchema, { minItems: 1, maxItems: 10_000 })),
    isForAll: Type.Optional(Type.Boolean()),
  },
  closed,
);
export const OrderAnswerSchema = Type.Object({ orderId: UuidSchema, items: Type.Array(PanelOrderSchema) }, closed);

/** `POST /api/supplies/:id/settle`: an operator closes an INTERRUPTED supply from the last snapshot. */
export const SettleAnswerSchema = Type.Object(
  { supplyId: UuidSchema, endReason: EndReasonSchema, energyWh: Type.Integer(), ticketNumber: Type.Integer() },
  closed,
);

export const OPERATOR_ROLES = ['viewer', 'operator', 'admin'] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];
export const LoginSchema = Type.Object(
  { operatorId: Type.String({ minLength: 1, maxLength: 40 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
  closed,
);
export const MeSchema = Type.Object(
  { operatorId: Type.String(), role: Type.Enum([...OPERATOR_ROLES]), expiresAtMs: Type.Integer() },
  closed,
);

/** `POST /api/authenticate` (S-API-09): returns the ACTIVE key, else the PENDING one; never replaces one. */
export const AuthenticateSchema = Type.Object(
  { cpId: CpIdSchema, secret: Type.String({ minLength: 1, maxLength: 200 }) },
  closed,
);
export const AuthenticatedSchema = Type.Object(
  { cpId: CpIdSchema, keyId: UuidSchema, keyBase64: Type.String() },
  closed,
);

/** Scopes of machine tokens (D-15). */
export const TOKEN_SCOPES = [
  'points:enrol',
  'live:public',
  'live:operator',
  'supplies:read',
  'points:read',
  'drivers:read',
  'audit:read',
  // A service of ours says in Registry's directory that it lives, and finds the others there.
  'services:announce',
  // What `ev admin` asks Central for, each time with a token of a minute.
  'keys:revoke',
  'supplies:settle',
  'weather:report',
  // Another computer comes into the network (join code), and renews its certificate (its own token).
  'join:points',
  'join:drivers',
  'join:registry',
  'join:central',
  'host:renew',
] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** Registry: `POST /api/register` (S-API-10). A one-point token needs no more than id, token and CSR; the other fields serve N-use tokens. */
export const RegisterSchema = Type.Object(
  {
    cpId: CpIdSchema,
    token: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** Proof for a registration that replaces one in use (F-51). */
    currentSecret: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    csr: Type.String({ minLength: 1, maxLength: 8_000 }),
    zone: Type.Optional(ZoneSchema),
    city: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
    address: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    priceE4PerKwh: Type.Optional(PriceE4Schema),
    maxPowerW: Type.Optional(PowerWSchema),
  },
  closed,
);
/** The secret is in this answer only, once. */
export const RegisteredSchema = Type.Object(
  { cpId: CpIdSchema, secret: Type.String(), certificatePem: Type.String(), caPem: Type.String() },
  closed,
);
/** `DELETE /api/unregister` (S-API-11): proof by the current secret, or an admin's session. */
export const UnregisterSchema = Type.Object(
  { cpId: CpIdSchema, secret: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) },
  closed,
);
export type Register = Static<typeof RegisterSchema>;
export type Registered = Static<typeof RegisteredSchema>;
