import { type Static, Type } from 'typebox';
import { DECLINE_CODES } from '../domain/vocabulary.ts';
import {
  AmountCentsSchema,
  AtMsSchema,
  CpIdSchema,
  DriverIdSchema,
  EndReasonSchema,
  EnergyWhSchema,
  HoldKindSchema,
  PowerWSchema,
  PriceE4Schema,
  RefusalSchema,
  SequenceSchema,
  SupplyOriginSchema,
  UuidSchema,
  ZoneSchema,
} from './entities.ts';

/** The conversation of a charging point's engine with Central, over the point's Kafka channel (protocol 3 and 4). */

/** A supply as the engine's journal knows it, whole: `supply-started` and `supply-ended` need no order across channels. */
export const EngineSupplySchema = Type.Object(
  {
    supplyId: UuidSchema,
    requestId: UuidSchema,
    driverId: Type.Optional(DriverIdSchema),
    origin: SupplyOriginSchema,
    priceE4PerKwh: PriceE4Schema,
    phase: Type.Enum(['ACCEPTED', 'AUTHORISED', 'CHARGING', 'ENDED']),
    acceptedAtMs: AtMsSchema,
    authorisedAtMs: Type.Optional(AtMsSchema),
    pluggedAtMs: Type.Optional(AtMsSchema),
    endedAtMs: Type.Optional(AtMsSchema),
    energyWh: EnergyWhSchema,
    sequence: SequenceSchema,
    endReason: Type.Optional(EndReasonSchema),
    /** At most 120 points of [second since plug-in, powerW, energyWh] for the ticket. */
    curve: Type.Optional(Type.Array(Type.Array(Type.Integer(), { minItems: 3, maxItems: 3 }), { maxItems: 120 })),
  },
  { additionalProperties: false },
);
export type EngineSupply = Static<typeof EngineSupplySchema>;

/** What an engine is told about its own point. */
export const PointIdentitySchema = Type.Object(
  {
    cpId: CpIdSchema,
    zone: ZoneSchema,
    address: Type.String({ maxLength: 100 }),
    city: Type.String({ maxLength: 50 }),
    country: Type.String({ maxLength: 2 }),
    priceE4PerKwh: PriceE4Schema,
    maxPowerW: PowerWSchema,
  },
  { additionalProperties: false },
);
export type PointIdentity = Static<typeof PointIdentitySchema>;

export const PolicySchema = Type.Object(
  {
    plugTimeoutMs: Type.Integer({ minimum: 1_000, maximum: 3_600_000 }),
    monitorLoss: Type.Enum(['continue', 'stop']),
  },
  { additionalProperties: false },
);
export type EnginePolicy = Static<typeof PolicySchema>;

const closed = { additionalProperties: false };

/** Engine to Central. */
export const engineToCentral = {
  hello: Type.Object(
    {
      bootId: UuidSchema,
      sequence: SequenceSchema,
      isLocalHold: Type.Boolean(),
      openSupply: Type.Optional(EngineSupplySchema),
      unacknowledged: Type.Array(EngineSupplySchema, { maxItems: 20 }),
    },
    closed,
  ),
  /** Asked for at the point itself: anonymous. */
  'supply-requested': Type.Object({ requestId: UuidSchema }, closed),
  'supply-accepted': Type.Object({ supplyId: UuidSchema }, closed),
  'supply-declined': Type.Object({ supplyId: UuidSchema, code: Type.Enum([...DECLINE_CODES]) }, closed),
  /** The car is plugged in. */
  'supply-started': Type.Object({ supply: EngineSupplySchema }, closed),
  'meter-reading': Type.Object(
    {
      supplyId: UuidSchema,
      sequence: SequenceSchema,
      energyWh: EnergyWhSchema,
      powerW: PowerWSchema,
      measuredAtMs: AtMsSchema,
    },
    closed,
  ),
  'supply-ended': Type.Object({ supply: EngineSupplySchema }, closed),
  /** The point's own switch, as a level; applied only with the boot of the newest lease and a greater sequence. */
  'local-hold': Type.Object({ bootId: UuidSchema, sequence: SequenceSchema, isHeld: Type.Boolean() }, closed),
} as const;

/** Central to engine. */
export const centralToEngine = {
  'hello-answered': Type.Object(
    {
      leaseId: UuidSchema,
      point: PointIdentitySchema,
      holds: Type.Array(HoldKindSchema, { maxItems: 4 }),
      openSupply: Type.Optional(
        Type.Object(
          { supplyId: UuidSchema, state: Type.String(), orderedEndReason: Type.Optional(EndReasonSchema) },
          closed,
        ),
      ),
      acknowledgedSupplyIds: Type.Array(UuidSchema, { maxItems: 21 }),
      policy: PolicySchema,
    },
    closed,
  ),
  'start-supply': Type.Object(
    {
      supplyId: UuidSchema,
      requestId: UuidSchema,
      driverId: Type.Optional(DriverIdSchema),
      origin: SupplyOriginSchema,
      priceE4PerKwh: PriceE4Schema,
      expiresAtMs: AtMsSchema,
    },
    closed,
  ),
  'supply-authorised': Type.Object({ supplyId: UuidSchema, plugDeadlineAtMs: AtMsSchema }, closed),
  'cancel-supply': Type.Object({ supplyId: UuidSchema, reason: Type.String({ maxLength: 40 }) }, closed),
  'stop-supply': Type.Object({ supplyId: UuidSchema, reason: EndReasonSchema }, closed),
  /** The acknowledgement of `supply-ended`: the ticket is written. */
  'supply-closed': Type.Object(
    {
      supplyId: UuidSchema,
      ticketNumber: Type.Optional(Type.Integer({ minimum: 1 })),
      energyWh: EnergyWhSchema,
      amountCents: AmountCentsSchema,
      endReason: Type.Optional(EndReasonSchema),
    },
    closed,
  ),
  /** The point's own request was refused. */
  'supply-refused': Type.Object(
    { requestId: UuidSchema, supplyId: Type.Optional(UuidSchema), refusal: RefusalSchema },
    closed,
  ),
  /** Holds or data of the point changed; a level. */
  'point-updated': Type.Object(
    {
      point: PointIdentitySchema,
      holds: Type.Array(HoldKindSchema, { maxItems: 4 }),
      version: Type.Integer({ minimum: 0 }),
    },
    closed,
  ),
} as const;

export type EngineToCentral = { [K in keyof typeof engineToCentral]: Static<(typeof engineToCentral)[K]> };
export type CentralToEngine = { [K in keyof typeof centralToEngine]: Static<(typeof centralToEngine)[K]> };
