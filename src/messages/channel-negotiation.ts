import { type Static, Type } from 'typebox';
import { AtMsSchema, UuidSchema } from './entities.ts';
import { compileCatalogue } from './validators.ts';

/** How a client gets its channel (protocol 3, steps 1 and 2), and the one order about it. */

const closed = { additionalProperties: false };
const BytesSchema = (bytes: number) =>
  Type.String({
    minLength: Math.ceil((bytes * 4) / 3),
    maxLength: Math.ceil((bytes * 4) / 3),
    pattern: '^[A-Za-z0-9_-]+$',
  });

/** Sealed with the point's key; open from a driver process, which then adds its half of the key agreement. */
export const ChannelWantedSchema = Type.Object(
  {
    clientId: Type.String({ pattern: '^(cp|driver):[A-Z][A-Z0-9]{1,19}$' }),
    bootId: UuidSchema,
    agreement: Type.Optional(Type.Object({ publicKey: BytesSchema(32), nonce: BytesSchema(32) }, closed)),
  },
  closed,
);
export type ChannelWanted = Static<typeof ChannelWantedSchema>;

/** Requests of the lease go to `<topic>_req`, answers are read from `<topic>_res` at `fromOffset`, both on `partition`. */
export const ChannelOfferedSchema = Type.Object(
  {
    leaseId: UuidSchema,
    topic: Type.String({ pattern: '^[A-Z][A-Z0-9]{1,7}_[0-9]$' }),
    partition: Type.Integer({ minimum: 0, maximum: 99 }),
    fromOffset: Type.String({ pattern: '^[0-9]{1,19}$' }),
    expiresInMs: Type.Integer({ minimum: 1, maximum: 86_400_000 }),
    /** Central's clock: clients stamp their messages in it, so that a request's age needs no clock of theirs. */
    serverTimeMs: AtMsSchema,
    agreement: Type.Optional(
      Type.Object(
        {
          publicKey: BytesSchema(32),
          certificatePem: Type.String({ maxLength: 8_000 }),
          signature: BytesSchema(64),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type ChannelOffered = Static<typeof ChannelOfferedSchema>;

/** "Your key is good, your lease is not: negotiate anew." */
export const RenewLeaseSchema = Type.Object({}, closed);

export const channelNegotiation = {
  'channel-wanted': ChannelWantedSchema,
  'channel-offered': ChannelOfferedSchema,
  'renew-lease': RenewLeaseSchema,
} as const;

/** Compiled once for both ends. */
export const channelNegotiationValidators = compileCatalogue(channelNegotiation);
