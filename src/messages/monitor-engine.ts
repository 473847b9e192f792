import { type Static, Type } from 'typebox';
import { PointIdentitySchema } from './engine-central.ts';
import { CpIdSchema, EndReasonSchema, UuidSchema } from './entities.ts';
import { ChannelKeySchema } from './monitor-central.ts';

/** The conversation of an engine (dials) with its Monitor (listens on 8010, TLS), in frames (protocol 2.3, 2.4). */

const closed = { additionalProperties: false };

export const engineToMonitor = {
  /** `proof` = HMAC of the pairing token over the TLS exporter, base64url. */
  'engine-hello': Type.Object(
    { bootId: UuidSchema, proof: Type.String({ minLength: 43, maxLength: 43 }), keyId: Type.Optional(UuidSchema) },
    closed,
  ),
  'key-installed': Type.Object({ keyId: UuidSchema }, closed),
  /** Neither ACK nor NACK. `ok: false` is KO. */
  'health-answer': Type.Object(
    {
      sequence: Type.Integer({ minimum: 0 }),
      ok: Type.Boolean(),
      isChannelUp: Type.Boolean(),
      keyId: Type.Optional(UuidSchema),
      code: Type.Optional(Type.String({ maxLength: 40 })),
    },
    closed,
  ),
} as const;

export const monitorToEngine = {
  'engine-welcomed': Type.Object(
    {
      cpId: CpIdSchema,
      point: Type.Optional(PointIdentitySchema),
      healthPeriodMs: Type.Integer({ minimum: 50, maximum: 60_000 }),
    },
    closed,
  ),
  'engine-refused': Type.Object({ code: Type.Enum(['BAD_PAIRING', 'ALREADY_PAIRED', 'INVALID_MESSAGE']) }, closed),
  'install-key': Type.Object(
    { key: ChannelKeySchema, point: PointIdentitySchema, brokers: Type.String({ maxLength: 500 }) },
    closed,
  ),
  /** The key was revoked: nothing more under it but the closing of its supply. */
  'key-revoked': Type.Object({ keyId: UuidSchema }, closed),
  /** Neither ACK nor NACK. */
  'health-question': Type.Object(
    { sequence: Type.Integer({ minimum: 0 }), isCentralReachable: Type.Boolean() },
    closed,
  ),
  'stop-supply': Type.Object({ supplyId: UuidSchema, reason: EndReasonSchema }, closed),
} as const;

export const ENGINE_BEATS = ['health-question', 'health-answer'] as const;

export type EngineToMonitor = { [K in keyof typeof engineToMonitor]: Static<(typeof engineToMonitor)[K]> };
export type MonitorToEngine = { [K in keyof typeof monitorToEngine]: Static<(typeof monitorToEngine)[K]> };
