import { type Static, Type } from 'typebox';
import { DECLINE_CODES } from '../domain/vocabulary.ts';
import type { BatchView } from './batches.ts';
import {
  AmountCentsSchema,
  AtMsSchema,
  CpIdSchema,
  DriverIdSchema,
  EndReasonSchema,
  EnergyWhSchema,
  HoldKindSchema,
  LogLinesSchema,
  OpenSupplyStateSchema,
  OutOfServiceReasonSchema,
  type PointCardSchema,
  PointStateSchema,
  PointWeatherSchema,
  PowerWSchema,
  PriceE4Schema,
  RefusalSchema,
  SimulationSchema,
  SupplyOriginSchema,
  SupplyViewSchema,
  type TicketViewSchema,
  UuidSchema,
  ZoneSchema,
} from './entities.ts';
import type { WeatherPlace, WeatherService } from './weather-api.ts';

/**
 * The live stream, one mechanism for every page (protocol 5): `hello` with a snapshot, then `changes` every 250 ms,
 * `beat` every 2 s. A snapshot is collections of entities by id; a change is [collection, id, entity or null].
 * Who misses a `seq` connects again and gets a snapshot.
 */

const closed = { additionalProperties: false };

/** Health of what stands behind a page's server. */
export const UpstreamSchema = Type.Object(
  {
    /** Can orders and requests reach Central now? */
    isCentralReachable: Type.Boolean(),
    /** When the last sign of life of Central came; absent: never. */
    centralSeenAtMs: Type.Optional(AtMsSchema),
    isBrokerUp: Type.Optional(Type.Boolean()),
    isDatabaseUp: Type.Optional(Type.Boolean()),
    /** Point pages: the engine and the Monitor behind the web. */
    isEngineReachable: Type.Optional(Type.Boolean()),
    isMonitorReachable: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type Upstream = Static<typeof UpstreamSchema>;

/** `[readingIndex, powerW, energyWh, amountCents]`; the index is the open supply's `readingIndex`. */
export type LiveReading = readonly [number, number, number, number];
export type LiveChange = readonly [collection: string, id: string, entity: unknown];
export type LiveSnapshot = Record<string, Record<string, unknown>>;

/** Each frame names its feed: one socket may carry several (a driver's: `points` shared by all, `me` of one user), each with its own `seq`. */
export type LiveHello = {
  type: 'hello';
  feed: string;
  /** Made new at each start of the server: a changed one means "forget what you have". */
  streamId: string;
  seq: number;
  serverTimeMs: number;
  /** When this data was true: older than serverTimeMs while the upstream is away. */
  dataAtMs: number;
  upstream: Upstream;
  snapshot: LiveSnapshot;
  readings: readonly LiveReading[];
};
export type LiveChanges = {
  type: 'changes';
  feed: string;
  seq: number;
  serverTimeMs: number;
  changes: readonly LiveChange[];
  readings?: readonly LiveReading[];
};
export type LiveBeat = {
  type: 'beat';
  feed: string;
  seq: number;
  serverTimeMs: number;
  dataAtMs: number;
  upstream: Upstream;
};
export type LiveFrame = LiveHello | LiveChanges | LiveBeat;

/** A reader's check of a frame's outline; entities are trusted, they come from our own server over an authenticated link. */
export const LiveFrameSchema = Type.Object(
  {
    type: Type.Enum(['hello', 'changes', 'beat']),
    feed: Type.String({ maxLength: 40 }),
    seq: Type.Integer({ minimum: 0 }),
    serverTimeMs: AtMsSchema,
  },
  { additionalProperties: true },
);

/** Collection `points` of the panel. */
export const PanelPointSchema = Type.Object(
  {
    cpId: CpIdSchema,
    zone: ZoneSchema,
    /** Its entry in the collection `weather`. */
    locationId: Type.Optional(Type.Integer()),
    city: Type.String(),
    country: Type.String(),
    address: Type.String(),
    latitude: Type.Optional(Type.Number()),
    longitude: Type.Optional(Type.Number()),
    priceE4PerKwh: PriceE4Schema,
    maxPowerW: PowerWSchema,
    state: PointStateSchema,
    phase: Type.Optional(OpenSupplyStateSchema),
    reasons: Type.Array(OutOfServiceReasonSchema),
    /** Holds that take effect when the running supply ends. */
    pendingReasons: Type.Array(OutOfServiceReasonSchema),
    faultCode: Type.Optional(Type.String()),
    stateSinceMs: AtMsSchema,
    lastSeenAtMs: Type.Optional(AtMsSchema),
    isRegistered: Type.Boolean(),
    keyState: Type.Enum(['NONE', 'PENDING', 'ACTIVE', 'REVOKED']),
    version: Type.Integer({ minimum: 0 }),
    weather: Type.Optional(PointWeatherSchema),
    /** Operator view only, as all that follows: of what an administrator may edit. */
    revision: Type.Optional(Type.Integer({ minimum: 1 })),
    monitorAddress: Type.Optional(Type.String()),
    keyFingerprint: Type.Optional(Type.String()),
    holdsSetBy: Type.Optional(
      Type.Array(Type.Object({ kind: HoldKindSchema, setBy: Type.String(), setAtMs: AtMsSchema }, closed)),
    ),
  },
  closed,
);
export type PanelPoint = Static<typeof PanelPointSchema>;

/** Collection `supplies` of the panel: the open ones. */
export type PanelSupply = Static<typeof SupplyViewSchema> & { readingIndex: number };

/** Collection `refusals`: requests answered with no, for 30 s. */
export const PanelRefusalSchema = Type.Object(
  {
    requestId: UuidSchema,
    cpId: Type.String(),
    driverId: Type.Optional(DriverIdSchema),
    origin: SupplyOriginSchema,
    refusal: RefusalSchema,
    atMs: AtMsSchema,
  },
  closed,
);
export type PanelRefusal = Static<typeof PanelRefusalSchema>;

/** Collection `messages`: codes with parameters, never text; the page translates. */
export const PanelMessageSchema = Type.Object(
  {
    messageId: Type.String(),
    atMs: AtMsSchema,
    level: Type.Enum(['info', 'warn', 'error']),
    source: Type.String({ maxLength: 40 }),
    code: Type.String({ maxLength: 60 }),
    params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    cpId: Type.Optional(Type.String()),
    count: Type.Integer({ minimum: 1 }),
  },
  closed,
);
export type PanelMessage = Static<typeof PanelMessageSchema>;

/** Collection `modules`: the health of each part. */
export const PanelModuleSchema = Type.Object(
  {
    moduleId: Type.String(),
    kind: Type.String(),
    status: Type.Enum(['UP', 'DOWN']),
    version: Type.Optional(Type.String()),
    startedAtMs: Type.Optional(AtMsSchema),
    seenAtMs: Type.Optional(AtMsSchema),
    /** How long its answer to Central took just now, ms. */
    latencyMs: Type.Optional(Type.Integer({ minimum: 0 })),
    detail: Type.Optional(Type.String()),
  },
  closed,
);
export type PanelModule = Static<typeof PanelModuleSchema>;

/** Collection `drivers`: who is connected; ids only (D-15). */
export const PanelDriverSchema = Type.Object(
  { driverId: DriverIdSchema, via: Type.String(), sinceMs: AtMsSchema },
  closed,
);
export type PanelDriver = Static<typeof PanelDriverSchema>;

/** Collection `orders` of the operator view: one row per order and point. */
export const PanelOrderSchema = Type.Object(
  {
    orderId: UuidSchema,
    cpId: CpIdSchema,
    kind: Type.String(),
    state: Type.Enum(['SENT', 'APPLIED', 'REFUSED', 'TIMED_OUT']),
    code: Type.Optional(Type.String()),
    orderedBy: Type.String(),
    orderedAtMs: AtMsSchema,
    settledAtMs: Type.Optional(AtMsSchema),
  },
  closed,
);
export type PanelOrder = Static<typeof PanelOrderSchema>;

/** Collections of Central's stream. */
export type PanelSnapshot = {
  points: Record<string, PanelPoint>;
  supplies: Record<string, PanelSupply>;
  refusals: Record<string, PanelRefusal>;
  messages: Record<string, PanelMessage>;
  modules: Record<string, PanelModule>;
  drivers: Record<string, PanelDriver>;
  orders?: Record<string, PanelOrder>;
  /** By locationId. */
  weather?: Record<string, WeatherPlace>;
  weatherService?: { service?: WeatherService };
};

/** Collection `me` (id `me`) of a driver's stream: the user's own state. */
export const DriverMeSchema = Type.Object(
  {
    driverId: DriverIdSchema,
    balanceCents: Type.Integer(),
    openSupply: Type.Optional(SupplyViewSchema),
    interruptedSupplies: Type.Array(SupplyViewSchema),
    /** A request on its way: not yet answered by Central. */
    pendingRequest: Type.Optional(
      Type.Object({ requestId: UuidSchema, cpId: CpIdSchema, sentAtMs: AtMsSchema }, closed),
    ),
    lastRefusal: Type.Optional(
      Type.Object(
        {
          requestId: Type.Optional(UuidSchema),
          cpId: Type.Optional(CpIdSchema),
          refusal: RefusalSchema,
          requestedAtMs: Type.Optional(AtMsSchema),
          atMs: AtMsSchema,
        },
        closed,
      ),
    ),
    sessionExpiresAtMs: AtMsSchema,
    /** When the newest reading of the open supply was measured. */
    readingAtMs: Type.Optional(AtMsSchema),
  },
  closed,
);
export type DriverMe = Static<typeof DriverMeSchema>;

/** Collections of a driver's stream: `points` by cpId, `me`, `tickets` by number (newest 50; unread = no readAtMs), `batches` by id (the running one and the last few). */
export type DriverSnapshot = {
  points: Record<string, Static<typeof PointCardSchema>>;
  me: { me: DriverMe };
  tickets: Record<string, Static<typeof TicketViewSchema>>;
  batches?: Record<string, BatchView>;
};

/** Collection `engine` (id `engine`) of an engine's stream. */
export const EngineViewSchema = Type.Object(
  {
    cpId: Type.Optional(CpIdSchema),
    zone: Type.Optional(ZoneSchema),
    address: Type.Optional(Type.String()),
    city: Type.Optional(Type.String()),
    priceE4PerKwh: Type.Optional(PriceE4Schema),
    maxPowerW: Type.Optional(PowerWSchema),
    bootId: UuidSchema,
    phase: Type.Enum(['IDLE', 'REQUESTING', 'ACCEPTED', 'AUTHORISED', 'CHARGING', 'ENDED']),
    supply: Type.Optional(
      Type.Object(
        {
          supplyId: Type.Optional(UuidSchema),
          requestId: UuidSchema,
          driverId: Type.Optional(DriverIdSchema),
          origin: SupplyOriginSchema,
          energyWh: EnergyWhSchema,
          powerW: PowerWSchema,
          amountCents: AmountCentsSchema,
          priceE4PerKwh: PriceE4Schema,
          plugDeadlineAtMs: Type.Optional(AtMsSchema),
          pluggedAtMs: Type.Optional(AtMsSchema),
          endedAtMs: Type.Optional(AtMsSchema),
          endReason: Type.Optional(EndReasonSchema),
          /** [second since the plug, W, Wh], at most 120 points; the newest may be some seconds old. */
          curve: Type.Optional(Type.Array(Type.Array(Type.Integer()), { maxItems: 120 })),
        },
        closed,
      ),
    ),
    lastTicket: Type.Optional(
      Type.Object(
        {
          supplyId: UuidSchema,
          ticketNumber: Type.Optional(Type.Integer()),
          energyWh: EnergyWhSchema,
          amountCents: AmountCentsSchema,
          priceE4PerKwh: PriceE4Schema,
          pluggedAtMs: Type.Optional(AtMsSchema),
          endedAtMs: AtMsSchema,
          endReason: EndReasonSchema,
          driverId: Type.Optional(DriverIdSchema),
          isAcknowledged: Type.Boolean(),
        },
        closed,
      ),
    ),
    lastRefusal: Type.Optional(Type.Object({ refusal: RefusalSchema, atMs: AtMsSchema }, closed)),
    isLocalHold: Type.Boolean(),
    holds: Type.Array(HoldKindSchema),
    isFaulted: Type.Boolean(),
    faultCode: Type.Optional(Type.String()),
    isMonitorPresent: Type.Boolean(),
    isCentralReachable: Type.Boolean(),
    isChannelUp: Type.Boolean(),
    hasKey: Type.Boolean(),
    keyId: Type.Optional(UuidSchema),
    isJournalWritable: Type.Boolean(),
    unacknowledgedCount: Type.Integer({ minimum: 0 }),
    /** What is simulated beyond a plain charge: the page says so wherever figures are. */
    simulation: SimulationSchema,
    /** Why a start cannot be asked for now; absent: it can. */
    startBlockedBy: Type.Optional(Type.Enum([...DECLINE_CODES, 'NO_CHANNEL', 'OUT_OF_SERVICE'])),
    log: LogLinesSchema,
  },
  closed,
);
export type EngineView = Static<typeof EngineViewSchema>;

/** Collection `monitor` (id `monitor`) of a Monitor's stream. */
export const MonitorViewSchema = Type.Object(
  {
    cpId: CpIdSchema,
    isRegistered: Type.Boolean(),
    registeredAtMs: Type.Optional(AtMsSchema),
    central: Type.Object(
      {
        isConnected: Type.Boolean(),
        address: Type.Optional(Type.String()),
        lastSeenAtMs: Type.Optional(AtMsSchema),
        refusal: Type.Optional(Type.String()),
        retryAtMs: Type.Optional(AtMsSchema),
      },
      closed,
    ),
    engine: Type.Object(
      {
        isPaired: Type.Boolean(),
        isOk: Type.Boolean(),
        isChannelUp: Type.Boolean(),
        code: Type.Optional(Type.String()),
        latencyMs: Type.Optional(Type.Number()),
        /** Of the last minute's answers. */
        latencyAverageMs: Type.Optional(Type.Number()),
        latencyMaxMs: Type.Optional(Type.Number()),
        missedInARow: Type.Integer(),
        koSinceMs: Type.Optional(AtMsSchema),
        strip: Type.Array(Type.Enum(['OK', 'KO', 'MISSED']), { maxItems: 60 }),
      },
      closed,
    ),
    key: Type.Object(
      {
        keyId: Type.Optional(UuidSchema),
        isInstalled: Type.Boolean(),
        isRevoked: Type.Boolean(),
        issuedAtMs: Type.Optional(AtMsSchema),
      },
      closed,
    ),
    /** The last call of Registry in this life of the Monitor, and why it failed. */
    registryCall: Type.Optional(Type.Object({ atMs: AtMsSchema, code: Type.Optional(Type.String()) }, closed)),
    state: PointStateSchema,
    holds: Type.Array(HoldKindSchema),
    /** As Central said last; absent without a connection. */
    weather: Type.Optional(PointWeatherSchema),
    log: LogLinesSchema,
  },
  closed,
);
export type MonitorView = Static<typeof MonitorViewSchema>;

/** Collections of a point's web: both halves side by side; absent while never seen. */
export type PointSnapshot = { engine: { engine?: EngineView }; monitor: { monitor?: MonitorView } };
