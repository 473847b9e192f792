import { type Static, Type } from 'typebox';
import { PointIdentitySchema } from './engine-central.ts';
import {
  AtMsSchema,
  CpIdSchema,
  EndReasonSchema,
  HoldKindSchema,
  PointStateSchema,
  PointWeatherSchema,
  UuidSchema,
} from './entities.ts';

/** The conversation of a Monitor with Central, in frames over TLS on 8020 (protocol 2). Every frame is an Envelope; answers carry `correlationId`. */

const closed = { additionalProperties: false };

/** Why a Monitor is refused. */
export const AUTHENTICATION_REFUSALS = [
  'BAD_CREDENTIALS',
  'RETIRED',
  'ALREADY_CONNECTED',
  'TOO_MANY_REQUESTS',
  'SERVICE_UNAVAILABLE',
  'INVALID_MESSAGE',
] as const;

/** Where all living Centrals take Monitors, host:port each: a Monitor goes to another one at once (protocol 6). */
const CentralSocketsSchema = Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 32 }));

/** An AES-256 channel key on its way to the engine, only ever inside TLS. */
export const ChannelKeySchema = Type.Object(
  { keyId: UuidSchema, keyBase64: Type.String({ minLength: 44, maxLength: 44 }) },
  closed,
);

export const monitorToCentral = {
  authenticate: Type.Object(
    {
      cpId: CpIdSchema,
      secret: Type.String({ minLength: 43, maxLength: 43 }),
      instanceId: UuidSchema,
      intent: Type.Enum(['CONNECT', 'NEW_KEY', 'TAKE_OVER']),
      keyId: Type.Optional(UuidSchema),
    },
    closed,
  ),
  /** The engine holds the key: PENDING becomes ACTIVE. */
  'key-installed': Type.Object({ keyId: UuidSchema }, closed),
  /** Sent each `heartbeatMs`, neither ACK nor NACK. */
  'monitor-beat': Type.Object(
    {
      isEngineOk: Type.Boolean(),
      isChannelUp:
        Type.Boolean() /** The Monitor has just started and has not heard of its engine yet: only its own life counts (D-08). */,
      isStarting: Type.Optional(Type.Boolean()),
      code: Type.Optional(Type.String({ maxLength: 40 })),
    },
    closed,
  ),
  /** A person at the Monitor wants the point's key replaced, or ask Central for one after a revocation (R2-24). */
  'new-key-wanted': Type.Object({}, closed),
} as const;

export const centralToMonitor = {
  authenticated: Type.Object(
    {
      epoch: Type.Integer({ minimum: 1 }),
      serverTimeMs: AtMsSchema,
      point: PointIdentitySchema,
      brokers: Type.String({ maxLength: 500 }),
      heartbeatMs: Type.Integer({ minimum: 100, maximum: 60_000 }),
      key: Type.Optional(ChannelKeySchema),
      isKeyRevoked: Type.Boolean(),
      centralSockets: CentralSocketsSchema,
    },
    closed,
  ),
  refused: Type.Object(
    { code: Type.Enum([...AUTHENTICATION_REFUSALS]), retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })) },
    closed,
  ),
  /** A new channel key to hand to the engine. */
  'install-key': Type.Object({ key: ChannelKeySchema }, closed),
  'key-revoked': Type.Object({ keyId: UuidSchema }, closed),
  /** Relayed to the engine unchanged (protocol 4). */
  'stop-supply': Type.Object({ supplyId: UuidSchema, reason: EndReasonSchema }, closed),
  'central-beat': Type.Object({ serverTimeMs: AtMsSchema, centralSockets: CentralSocketsSchema }, closed),
  /** What Central shows of this point; a level for the point's pages. */
  'point-status': Type.Object(
    {
      point: PointIdentitySchema,
      state: PointStateSchema,
      holds: Type.Array(HoldKindSchema, { maxItems: 4 }),
      version: Type.Integer({ minimum: 0 }),
      weather: Type.Optional(PointWeatherSchema),
    },
    closed,
  ),
} as const;

/** Frames that are neither acknowledged nor resent. */
export const MONITOR_BEATS = ['monitor-beat', 'central-beat'] as const;

export type MonitorToCentral = { [K in keyof typeof monitorToCentral]: Static<(typeof monitorToCentral)[K]> };
export type CentralToMonitor = { [K in keyof typeof centralToMonitor]: Static<(typeof centralToMonitor)[K]> };
