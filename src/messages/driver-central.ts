import { type Static, Type } from 'typebox';
import {
  AmountCentsSchema,
  AtMsSchema,
  CpIdSchema,
  DriverIdSchema,
  EnergyWhSchema,
  PointCardSchema,
  PowerWSchema,
  RefusalSchema,
  SupplyOriginSchema,
  SupplyViewSchema,
  TicketViewSchema,
  UuidSchema,
} from './entities.ts';

/** The conversation of a driver process (many users inside, each with a session token) with Central, over its Kafka channel (protocol 3 and 4). */

const closed = { additionalProperties: false };
/** 32 random bytes, base64url: the browser's cookie holds the same value. */
export const SessionTokenSchema = Type.String({ minLength: 43, maxLength: 43, pattern: '^[A-Za-z0-9_-]+$' });
/** Where the person's browser is, as the driver process sees it; for the audit (R2-28). */
const AddressSchema = Type.Optional(Type.String({ maxLength: 45 }));
const PasswordSchema = Type.String({ minLength: 8, maxLength: 200 });
const DriverNameSchema = Type.String({ minLength: 1, maxLength: 100 });

/** All that a user's page needs to be whole again (after a reload, on a second browser, after any restart). */
export const DriverStateSchema = Type.Object(
  {
    driverId: DriverIdSchema,
    openSupply: Type.Optional(SupplyViewSchema),
    /** INTERRUPTED ones keep their point but free their driver. */
    interruptedSupplies: Type.Array(SupplyViewSchema, { maxItems: 20 }),
    /** Not yet confirmed by the user with "Got it", newest first. */
    unreadTickets: Type.Array(TicketViewSchema, { maxItems: 20 }),
    balanceCents: Type.Integer(),
    history: Type.Array(TicketViewSchema, { maxItems: 50 }),
  },
  closed,
);
export type DriverState = Static<typeof DriverStateSchema>;

/** A person's account and logins, the newest hundred; never the hash of the password. */
export const PersonalDataSchema = Type.Object(
  {
    driverId: DriverIdSchema,
    name: Type.String(),
    email: Type.Optional(Type.String()),
    balanceCents: Type.Integer(),
    createdAtMs: AtMsSchema,
    logins: Type.Array(
      Type.Object(
        {
          address: Type.Optional(Type.String()),
          createdAtMs: AtMsSchema,
          lastUsedAtMs: AtMsSchema,
          expiresAtMs: AtMsSchema,
        },
        closed,
      ),
      { maxItems: 100 },
    ),
  },
  closed,
);
export type PersonalData = Static<typeof PersonalDataSchema>;

const LOGIN_REFUSALS = [
  'BAD_CREDENTIALS',
  'LOCKED',
  'SESSION_EXPIRED',
  'REQUEST_EXPIRED',
  'SERVICE_UNAVAILABLE',
  'TOO_MANY_REQUESTS',
] as const;
const REGISTRATION_REFUSALS = [
  'DRIVER_EXISTS',
  'EMAIL_EXISTS',
  'REQUEST_EXPIRED',
  'SERVICE_UNAVAILABLE',
  'TOO_MANY_REQUESTS',
] as const;

/** Driver process to Central. Every answer carries the request's envelope id as `correlationId`. */
export const driverToCentral = {
  hello: Type.Object({ bootId: UuidSchema }, closed),
  login: Type.Object(
    {
      driverId: DriverIdSchema,
      password: Type.String({ minLength: 1, maxLength: 200 }),
      address: AddressSchema,
    },
    closed,
  ),
  'register-driver': Type.Object(
    {
      driverId: DriverIdSchema,
      name: DriverNameSchema,
      email: Type.Optional(Type.String({ maxLength: 100 })),
      password: PasswordSchema,
      address: AddressSchema,
    },
    closed,
  ),
  /** Presents a user's token on the newest lease: from now on what is for the user comes there. */
  'resume-session': Type.Object({ sessionToken: SessionTokenSchema }, closed),
  logout: Type.Object({ sessionToken: SessionTokenSchema, address: AddressSchema }, closed),
  'supply-requested': Type.Object(
    {
      requestId: UuidSchema,
      sessionToken: SessionTokenSchema,
      cpId: CpIdSchema,
      origin: SupplyOriginSchema,
      address: AddressSchema,
    },
    closed,
  ),
  'stop-requested': Type.Object(
    { sessionToken: SessionTokenSchema, supplyId: UuidSchema, address: AddressSchema },
    closed,
  ),
  'tickets-received': Type.Object(
    { sessionToken: SessionTokenSchema, ticketNumbers: Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 50 }) },
    closed,
  ),
  'ticket-read': Type.Object({ sessionToken: SessionTokenSchema, ticketNumber: Type.Integer({ minimum: 1 }) }, closed),
  'history-wanted': Type.Object(
    { sessionToken: SessionTokenSchema, beforeTicketNumber: Type.Optional(Type.Integer({ minimum: 1 })) },
    closed,
  ),
  /** What is kept of the person beside tickets (GDPR). */
  'personal-data-wanted': Type.Object({ sessionToken: SessionTokenSchema, address: AddressSchema }, closed),
} as const;

/** Central to driver process. */
export const centralToDriver = {
  'hello-answered': Type.Object(
    {
      leaseId: UuidSchema,
      statusOffsets: Type.Record(Type.String({ maxLength: 40 }), Type.String({ pattern: '^[0-9]+$' })),
      pointCount: Type.Integer({ minimum: 0 }),
    },
    closed,
  ),
  'points-chunk': Type.Object(
    { points: Type.Array(PointCardSchema, { maxItems: 500 }), isLast: Type.Boolean() },
    closed,
  ),
  'login-accepted': Type.Object(
    { sessionToken: SessionTokenSchema, expiresAtMs: AtMsSchema, state: DriverStateSchema },
    closed,
  ),
  'login-refused': Type.Object(
    { code: Type.Enum([...LOGIN_REFUSALS]), retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })) },
    closed,
  ),
  'driver-registered': Type.Object({ driverId: DriverIdSchema }, closed),
  'registration-refused': Type.Object(
    { code: Type.Enum([...REGISTRATION_REFUSALS]), retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })) },
    closed,
  ),
  'session-resumed': Type.Object({ expiresAtMs: AtMsSchema, state: DriverStateSchema }, closed),
  'session-refused': Type.Object(
    { sessionToken: Type.Optional(SessionTokenSchema), code: Type.Enum([...LOGIN_REFUSALS]) },
    closed,
  ),
  /** One step of a supply, whole; a level with a version. */
  'supply-updated': Type.Object({ driverId: DriverIdSchema, supply: SupplyViewSchema }, closed),
  /** The request was refused before it became a supply, or a stop was. */
  'request-refused': Type.Object(
    { driverId: Type.Optional(DriverIdSchema), requestId: Type.Optional(UuidSchema), refusal: RefusalSchema },
    closed,
  ),
  'ticket-issued': Type.Object(
    { driverId: DriverIdSchema, ticket: TicketViewSchema, balanceCents: Type.Integer() },
    closed,
  ),
  /** Once a second: the newest readings of all the users of this process. */
  'supply-readings': Type.Object(
    {
      readings: Type.Array(
        Type.Object(
          {
            supplyId: UuidSchema,
            driverId: DriverIdSchema,
            powerW: PowerWSchema,
            energyWh: EnergyWhSchema,
            amountCents: AmountCentsSchema,
            measuredAtMs: AtMsSchema,
          },
          closed,
        ),
        { maxItems: 2_000 },
      ),
    },
    closed,
  ),
  'history-answered': Type.Object(
    { driverId: DriverIdSchema, tickets: Type.Array(TicketViewSchema, { maxItems: 50 }), hasMore: Type.Boolean() },
    closed,
  ),
  'personal-data-answered': PersonalDataSchema,
} as const;

/** On `Status_Z`, signed by Central, for every driver process. */
export const centralToStatus = {
  'points-changed': Type.Object({ points: Type.Array(PointCardSchema, { maxItems: 500 }) }, closed),
  'central-alive': Type.Object({ replicaId: UuidSchema, atMs: AtMsSchema }, closed),
} as const;

export type DriverToCentral = { [K in keyof typeof driverToCentral]: Static<(typeof driverToCentral)[K]> };
export type CentralToDriver = { [K in keyof typeof centralToDriver]: Static<(typeof centralToDriver)[K]> };
export type CentralToStatus = { [K in keyof typeof centralToStatus]: Static<(typeof centralToStatus)[K]> };
