import { type Static, Type } from 'typebox';
import { PersonalDataSchema } from './driver-central.ts';
import {
  AtMsSchema,
  CpIdSchema,
  DriverIdSchema,
  PointCardSchema,
  SimulationSchema,
  SupplyOriginSchema,
  TicketViewSchema,
  UuidSchema,
} from './entities.ts';
import { DriverMeSchema } from './live-stream.ts';

/** The local APIs of an engine, a Monitor and a driver server: everything a page does goes through these, so `curl` can tell the whole story. */

const closed = { additionalProperties: false };

/** Engine: POST /api/start, /api/cancel, /api/plug, /api/unplug, /api/stop, /api/out-of-service, /api/fault, /api/simulation; GET /api/state; WS /live. */
export const OutOfServiceSchema = Type.Object({ isHeld: Type.Boolean() }, closed);
export const FaultSchema = Type.Object({ isFaulted: Type.Boolean() }, closed);
/** A start asked for at the point (anonymous); the same requestId twice is one request. */
export const LocalStartSchema = Type.Object({ requestId: Type.Optional(UuidSchema) }, closed);
/** What the hand at the point changes of it; what is absent stays. */
export const SimulationChangeSchema = Type.Partial(SimulationSchema, closed);
export type SimulationChange = Static<typeof SimulationChangeSchema>;
export const AcceptedSchema = Type.Object({ isAccepted: Type.Boolean() }, closed);

/** Monitor: POST /api/register, /api/authenticate, /api/unregister; GET /api/state; WS /live. */
export const MonitorRegisterSchema = Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) }, closed);
export const MonitorAuthenticateSchema = Type.Object(
  { intent: Type.Enum(['CONNECT', 'NEW_KEY', 'TAKE_OVER']) },
  closed,
);

/** Driver server: POST /api/login, /api/register, /api/logout, /api/supplies, /api/supplies/:id/stop, /api/tickets/:number/read; GET /api/me/state, /api/charging_points, /api/tickets; WS /live. */
export const DriverLoginSchema = Type.Object(
  { driverId: DriverIdSchema, password: Type.String({ minLength: 1, maxLength: 200 }) },
  closed,
);
export const DriverRegisterSchema = Type.Object(
  {
    driverId: DriverIdSchema,
    name: Type.String({ minLength: 1, maxLength: 100 }),
    email: Type.Optional(Type.String({ maxLength: 100, pattern: '^[^@\\s]+@[^@\\s]+$' })),
    password: Type.String({ minLength: 8, maxLength: 200 }),
  },
  closed,
);
export const DriverSupplySchema = Type.Object(
  { cpId: CpIdSchema, requestId: Type.Optional(UuidSchema), origin: Type.Optional(SupplyOriginSchema) },
  closed,
);

/** What the driver server answers. */
export const DriverSessionSchema = Type.Object({ driverId: DriverIdSchema, expiresAtMs: AtMsSchema }, closed);
export const DriverRegisteredSchema = Type.Object({ driverId: DriverIdSchema }, closed);
export const DriverStateAnswerSchema = Type.Object(
  { ...DriverMeSchema.properties, tickets: Type.Array(TicketViewSchema) },
  closed,
);
export const SupplyAskedSchema = Type.Object({ requestId: UuidSchema }, closed);
export const SupplyStopAskedSchema = Type.Object({ supplyId: UuidSchema }, closed);
/** Readings of the open supply: [second, W, Wh]. */
export const SupplyCurveSchema = Type.Object({ points: Type.Array(Type.Array(Type.Integer())) }, closed);
export const PointCardListSchema = Type.Object({ chargingPoints: Type.Array(PointCardSchema) }, closed);
/** `GET /api/me/personal-data`: all but the audit's part, which an administrator gives (GDPR). */
export const OwnPersonalDataSchema = Type.Object(
  { ...PersonalDataSchema.properties, tickets: Type.Array(TicketViewSchema), hasMoreTickets: Type.Boolean() },
  closed,
);
export const TicketPageSchema = Type.Object({ tickets: Type.Array(TicketViewSchema), hasMore: Type.Boolean() }, closed);
