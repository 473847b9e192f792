import { type Static, Type } from 'typebox';
import {
  END_REASONS,
  HOLD_KINDS,
  OPEN_SUPPLY_STATES,
  OUT_OF_SERVICE_REASONS,
  POINT_STATES,
  REFUSAL_CODES,
  SUPPLY_ORIGINS,
  SUPPLY_STATES,
} from '../domain/vocabulary.ts';
import { NEAR_ALERT_TYPES, WEATHER_ALERT_TYPES } from '../domain/weather-rule.ts';

/** Shapes that several conversations share. Energy in Wh, power in W, money in euro cents, price in 1/10,000 euro a kWh, times in ms since 1970 UTC. */

export const CpIdSchema = Type.String({ pattern: '^[A-Z][A-Z0-9]{1,19}$' });
export const DriverIdSchema = Type.String({ pattern: '^[A-Z][A-Z0-9]{1,19}$' });
export const ZoneSchema = Type.String({ pattern: '^[A-Z][A-Z0-9]{1,7}$' });
export const UuidSchema = Type.String({ format: 'uuid' });
/** Until the year 9999: what lies beyond is no time that a database or a page could show. */
export const AtMsSchema = Type.Integer({ minimum: 0, maximum: 253_402_300_799_999 });
export const EnergyWhSchema = Type.Integer({ minimum: 0, maximum: 2_147_483_647 });
export const PowerWSchema = Type.Integer({ minimum: 0, maximum: 2_000_000 });
export const AmountCentsSchema = Type.Integer({ minimum: 0, maximum: 2_147_483_647 });
export const PriceE4Schema = Type.Integer({ minimum: 0, maximum: 1_000_000 });
export const SequenceSchema = Type.Integer({ minimum: 0, maximum: 2_147_483_647 });

export const PointStateSchema = Type.Enum([...POINT_STATES]);
export const HoldKindSchema = Type.Enum([...HOLD_KINDS]);
export const OutOfServiceReasonSchema = Type.Enum([...OUT_OF_SERVICE_REASONS]);
export const SupplyStateSchema = Type.Enum([...SUPPLY_STATES]);
export const OpenSupplyStateSchema = Type.Enum([...OPEN_SUPPLY_STATES]);
export const EndReasonSchema = Type.Enum([...END_REASONS]);
export const SupplyOriginSchema = Type.Enum([...SUPPLY_ORIGINS]);

/** A business "no", told to whoever asked. */
export const RefusalSchema = Type.Object(
  {
    code: Type.Enum([...REFUSAL_CODES]),
    reasons: Type.Optional(Type.Array(OutOfServiceReasonSchema, { maxItems: 8 })),
    detail: Type.Optional(Type.String({ maxLength: 60 })),
  },
  { additionalProperties: false },
);

/** A supply as everybody is shown it: the driver's page, the point's page, the panel. */
export const SupplyViewSchema = Type.Object(
  {
    supplyId: UuidSchema,
    requestId: UuidSchema,
    cpId: CpIdSchema,
    /** Absent: an anonymous supply asked for at the point (shown as ANON). */
    driverId: Type.Optional(DriverIdSchema),
    origin: SupplyOriginSchema,
    state: SupplyStateSchema,
    version: Type.Integer({ minimum: 1 }),
    priceE4PerKwh: PriceE4Schema,
    requestedAtMs: AtMsSchema,
    authorisedAtMs: Type.Optional(AtMsSchema),
    /** Until when the car must be plugged in (PREPARING only). */
    plugDeadlineAtMs: Type.Optional(AtMsSchema),
    pluggedAtMs: Type.Optional(AtMsSchema),
    endedAtMs: Type.Optional(AtMsSchema),
    energyWh: EnergyWhSchema,
    powerW: PowerWSchema,
    amountCents: AmountCentsSchema,
    orderedEndReason: Type.Optional(EndReasonSchema),
    endReason: Type.Optional(EndReasonSchema),
    refusal: Type.Optional(RefusalSchema),
    isEstimated: Type.Boolean(),
    ticketNumber: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);
export type SupplyView = Static<typeof SupplyViewSchema>;

/** A ticket: never changed once issued; a correction is another ticket that names it. */
export const TicketViewSchema = Type.Object(
  {
    ticketNumber: Type.Integer({ minimum: 1 }),
    correctsTicketNumber: Type.Optional(Type.Integer({ minimum: 1 })),
    supplyId: UuidSchema,
    cpId: CpIdSchema,
    address: Type.String({ maxLength: 200 }),
    driverId: Type.Optional(DriverIdSchema),
    requestedAtMs: AtMsSchema,
    authorisedAtMs: Type.Optional(AtMsSchema),
    pluggedAtMs: Type.Optional(AtMsSchema),
    endedAtMs: AtMsSchema,
    issuedAtMs: AtMsSchema,
    energyWh: EnergyWhSchema,
    priceE4PerKwh: PriceE4Schema,
    amountCents: AmountCentsSchema,
    endReason: EndReasonSchema,
    isEstimated: Type.Boolean(),
    readAtMs: Type.Optional(AtMsSchema),
    curve: Type.Optional(Type.Array(Type.Array(Type.Integer(), { minItems: 3, maxItems: 3 }), { maxItems: 120 })),
  },
  { additionalProperties: false },
);
export type TicketView = Static<typeof TicketViewSchema>;

/** The weather where a point stands, in whole degrees C, so that it changes rarely; absent: unknown, or too old to be said. */
export const PointWeatherSchema = Type.Object(
  {
    celsius: Type.Optional(Type.Integer({ minimum: -100, maximum: 70 })),
    isSimulated: Type.Boolean(),
    /** Why the weather holds the point, if it does. */
    alert: Type.Optional(Type.Enum([...WEATHER_ALERT_TYPES])),
    /** The alert that is near while there is none. */
    nearAlert: Type.Optional(Type.Enum([...NEAR_ALERT_TYPES])),
  },
  { additionalProperties: false },
);
export type PointWeather = Static<typeof PointWeatherSchema>;

/** A charging point as drivers see it: no driver ids, no readings (R1-13). */
export const PointCardSchema = Type.Object(
  {
    cpId: CpIdSchema,
    zone: ZoneSchema,
    city: Type.String({ maxLength: 50 }),
    country: Type.String({ maxLength: 2 }),
    address: Type.String({ maxLength: 100 }),
    /** Both or none: where it stands on the map. */
    latitude: Type.Optional(Type.Number()),
    longitude: Type.Optional(Type.Number()),
    priceE4PerKwh: PriceE4Schema,
    maxPowerW: PowerWSchema,
    state: PointStateSchema,
    reasons: Type.Array(OutOfServiceReasonSchema, { maxItems: 8 }),
    version: Type.Integer({ minimum: 0 }),
    weather: Type.Optional(PointWeatherSchema),
    isRetired: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type PointCard = Static<typeof PointCardSchema>;

/** What is simulated beyond a plain charge. */
export const SimulationSchema = Type.Object(
  {
    /** Simulated seconds a second. */
    speed: Type.Integer({ minimum: 1, maximum: 60 }),
    /** Plugs in, and unplugs, by itself after so long; 0: a person does it. */
    autoPlugMs: Type.Integer({ minimum: 0, maximum: 3_600_000 }),
    autoUnplugMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
    /** No channel to Central, as if the network were cut. */
    isLinkCut: Type.Boolean(),
  },
  { additionalProperties: false },
);

/** Lines of an activity log, oldest first: codes with parameters, the page translates. */
export const LogLinesSchema = Type.Array(
  Type.Object(
    {
      atMs: AtMsSchema,
      code: Type.String(),
      params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    },
    { additionalProperties: false },
  ),
  { maxItems: 100 },
);
