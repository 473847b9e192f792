import { type Static, Type } from 'typebox';
import {
  AtMsSchema,
  CpIdSchema,
  DriverIdSchema,
  EndReasonSchema,
  SupplyViewSchema,
  TicketViewSchema,
  UuidSchema,
  ZoneSchema,
} from './entities.ts';

/** What Central's API answers of the past: supplies and their tickets, drivers, figures of the network. */

const closed = { additionalProperties: false };

/** OPEN: still holds its point (INTERRUPTED too). */
export const SUPPLY_GROUPS = ['OPEN', 'ENDED', 'DENIED'] as const;
export type SupplyGroup = (typeof SUPPLY_GROUPS)[number];

/** Driver id under which anonymous supplies are asked for and shown. */
export const ANONYMOUS = 'ANON';

const filter = {
  cpId: Type.Optional(CpIdSchema),
  /** `ANON`: those without a driver. */
  driverId: Type.Optional(DriverIdSchema),
  zone: Type.Optional(ZoneSchema),
  state: Type.Optional(Type.Enum([...SUPPLY_GROUPS])),
  endReason: Type.Optional(EndReasonSchema),
  /** The one that this ticket is of. */
  ticketNumber: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  /** By the time of the request; `fromMs` included, `toMs` not. */
  fromMs: Type.Optional(AtMsSchema),
  toMs: Type.Optional(AtMsSchema),
};
export const SupplyFilterSchema = Type.Object(filter, closed);
export type SupplyFilter = Static<typeof SupplyFilterSchema>;

/** `GET /api/supplies/history`: newest first; `cursor` is `nextCursor` of the page before. */
export const SupplyPageQuerySchema = Type.Object(
  {
    ...filter,
    cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  closed,
);
export const SupplyPageSchema = Type.Object(
  {
    supplies: Type.Array(SupplyViewSchema),
    nextCursor: Type.Optional(Type.String()),
    /** Of all that match, on the first page only; counting ends at `MAX_COUNTED_SUPPLIES`. */
    totals: Type.Optional(
      Type.Object({ supplies: Type.Integer(), energyWh: Type.Integer(), amountCents: Type.Integer() }, closed),
    ),
  },
  closed,
);
export type SupplyPage = Static<typeof SupplyPageSchema>;

export const MAX_COUNTED_SUPPLIES = 100_000;
/** `GET /api/supplies/export` gives the newest of what matches, at most this many. */
export const MAX_EXPORTED_SUPPLIES = 10_000;

/** `GET /api/supplies/:supplyId`: a supply with its tickets, newest first (more than one: the later ones correct). */
export const SupplyDetailSchema = Type.Object(
  { supply: SupplyViewSchema, tickets: Type.Array(TicketViewSchema, { maxItems: 20 }) },
  closed,
);
export type SupplyDetail = Static<typeof SupplyDetailSchema>;

/** `GET /api/drivers`: ids and figures, never names (R1 footnote); by id, `cursor` is the last id of the page before. */
export const DriverPageQuerySchema = Type.Object(
  {
    search: Type.Optional(Type.String({ maxLength: 20, pattern: '^[A-Za-z0-9]*$' })),
    cursor: Type.Optional(DriverIdSchema),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  closed,
);
export const DriverRowSchema = Type.Object(
  {
    driverId: DriverIdSchema,
    isErased: Type.Boolean(),
    supplies: Type.Integer(),
    energyWh: Type.Integer(),
    amountCents: Type.Integer(),
    lastSupplyAtMs: Type.Optional(AtMsSchema),
  },
  closed,
);
export type DriverRow = Static<typeof DriverRowSchema>;
/** `GET /api/drivers/:driverId`: that, and what is open now. */
export const DriverDetailSchema = Type.Object(
  { driver: DriverRowSchema, isConnected: Type.Boolean(), openSupplies: Type.Array(SupplyViewSchema) },
  closed,
);
export const DriverPageSchema = Type.Object(
  { drivers: Type.Array(DriverRowSchema), nextCursor: Type.Optional(DriverIdSchema), total: Type.Integer() },
  closed,
);
export type DriverPage = Static<typeof DriverPageSchema>;

const ExportedRows = Type.Array(Type.Record(Type.String(), Type.Unknown()));
/** `GET /api/drivers/:driverId/personal-data`: all that is kept of a person but the hash of the password (GDPR). */
export const DriverExportSchema = Type.Object(
  {
    account: Type.Record(Type.String(), Type.Unknown()),
    ...{ logins: ExportedRows, supplies: ExportedRows, tickets: ExportedRows, wallet: ExportedRows },
    audit: ExportedRows,
  },
  closed,
);
export type DriverExport = Static<typeof DriverExportSchema>;

export const STATISTICS_RANGES = ['24h', '7d', '30d'] as const;
export type StatisticsRange = (typeof STATISTICS_RANGES)[number];

/** `GET /api/statistics`: what ended in each hour (24h) or day of `timeZone`, by zone; computed at most once a minute. */
export const StatisticsQuerySchema = Type.Object(
  {
    range: Type.Optional(Type.Enum([...STATISTICS_RANGES])),
    /** IANA name; days begin at its midnight. UTC if not said. */
    timeZone: Type.Optional(Type.String({ maxLength: 60, pattern: '^[A-Za-z0-9_+/-]+$' })),
  },
  closed,
);
export const StatisticsSchema = Type.Object(
  {
    range: Type.Enum([...STATISTICS_RANGES]),
    unit: Type.Enum(['hour', 'day']),
    timeZone: Type.String(),
    fromMs: AtMsSchema,
    computedAtMs: AtMsSchema,
    /** Start of every hour or day of the range, oldest first. */
    startsMs: Type.Array(AtMsSchema, { maxItems: 40 }),
    zones: Type.Array(
      Type.Object(
        {
          zone: ZoneSchema,
          /** One figure for each of `startsMs`. */
          energyWh: Type.Array(Type.Integer()),
          amountCents: Type.Array(Type.Integer()),
          supplies: Type.Array(Type.Integer()),
        },
        closed,
      ),
      { maxItems: 500 },
    ),
    /** The ten points that gave most energy. */
    topPoints: Type.Array(
      Type.Object(
        { cpId: CpIdSchema, energyWh: Type.Integer(), amountCents: Type.Integer(), supplies: Type.Integer() },
        closed,
      ),
      { maxItems: 10 },
    ),
  },
  closed,
);
export type Statistics = Static<typeof StatisticsSchema>;

/** Whole weeks: every hour of the week has as many days behind it. */
export const UTILISATION_WEEKS = 4;
export const WEEK_HOURS = 7 * 24;

/** `GET /api/utilisation`: how long points charged in each hour of the week, over the last four; computed at most every five minutes. */
export const UtilisationQuerySchema = Type.Object({ timeZone: StatisticsQuerySchema.properties.timeZone }, closed);
export const UtilisationSchema = Type.Object(
  {
    timeZone: Type.String(),
    fromMs: AtMsSchema,
    computedAtMs: AtMsSchema,
    /** Points in service now. */
    pointCount: Type.Integer({ minimum: 0 }),
    /** Seconds of charging, of all points together; Monday 00:00 first. */
    chargingS: Type.Array(Type.Integer({ minimum: 0 }), { minItems: WEEK_HOURS, maxItems: WEEK_HOURS }),
    /** The ten that charged longest. */
    topPoints: Type.Array(Type.Object({ cpId: CpIdSchema, chargingS: Type.Integer({ minimum: 0 }) }, closed), {
      maxItems: 10,
    }),
  },
  closed,
);
export type Utilisation = Static<typeof UtilisationSchema>;

/** `GET /api/load`: what the network gave over the last hour, from Central's memory: it begins with this Central's start. */
export const LoadSchema = Type.Object(
  {
    everyMs: Type.Integer(),
    zones: Type.Array(ZoneSchema, { maxItems: 500 }),
    samples: Type.Array(
      Type.Object(
        {
          atMs: AtMsSchema,
          /** For each of `zones`. */
          powerW: Type.Array(Type.Integer({ minimum: 0 })),
          /** Points AVAILABLE, CHARGING, OUT_OF_SERVICE, FAULTED, DISCONNECTED. */
          states: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 5, maxItems: 5 }),
        },
        closed,
      ),
      { maxItems: 400 },
    ),
  },
  closed,
);
export type Load = Static<typeof LoadSchema>;

/** `GET /api/channels`: who holds which Kafka channel (D-11), until when. */
export const ChannelListSchema = Type.Object(
  {
    channels: Type.Array(
      Type.Object(
        {
          clientId: Type.String(),
          zone: ZoneSchema,
          channelNumber: Type.Integer(),
          partition: Type.Integer(),
          leaseId: UuidSchema,
          startsAtMs: AtMsSchema,
          expiresAtMs: AtMsSchema,
        },
        closed,
      ),
      { maxItems: 500 },
    ),
    total: Type.Integer(),
  },
  closed,
);
export type ChannelList = Static<typeof ChannelListSchema>;
