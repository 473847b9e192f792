import { type Static, Type } from 'typebox';

/** What every message carries around its body, on Kafka (inside the seal) and in a frame alike (S-KAF-08). */
export const EnvelopeSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    type: Type.String({ minLength: 1, maxLength: 60 }),
    sentAtMs: Type.Integer({ minimum: 0 }),
    /** The id of the message that this one answers or belongs to. */
    correlationId: Type.Optional(Type.String({ maxLength: 60 })),
    /** Requests only: older than this at the broker means refused (F-10); facts have none (F-11). */
    ttlMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000 })),
    body: Type.Unknown(),
  },
  { additionalProperties: false },
);
export type Envelope = Static<typeof EnvelopeSchema>;

/** The version of the wire: both the Kafka header `version` and `hello` carry it. */
export const WIRE_VERSION = 1;

/** How long a request is worth answering, counted from the click (protocol 3). */
export const REQUEST_TTL_MS = 15_000;
