import { type Static, Type } from 'typebox';
import { AtMsSchema, EnergyWhSchema, PowerWSchema, SequenceSchema, UuidSchema } from './entities.ts';
import { PanelMessageSchema, PanelOrderSchema, PanelRefusalSchema } from './live-stream.ts';
import { WeatherStatusReportSchema } from './weather-api.ts';

/** What one Central tells the others, sealed, on a topic of their own (protocol 5): all that its picture has and the database does not. */

const closed = { additionalProperties: false };

/** Most readings in one record: well below what a batch of the producer may weigh. */
export const MAX_LIVE_READINGS = 2_000;
/** Most of each other kind. */
export const MAX_LIVE_ITEMS = 500;

/** supplyId, sequence, Wh, W, when it was measured, when Central had it. */
export const LiveReadingSchema = Type.Tuple([
  UuidSchema,
  SequenceSchema,
  EnergyWhSchema,
  PowerWSchema,
  AtMsSchema,
  AtMsSchema,
]);

export const centralLive = {
  /** Every 250 ms, if there is any. */
  'replica-news': Type.Object(
    {
      replicaId: UuidSchema,
      readings: Type.Array(LiveReadingSchema, { maxItems: MAX_LIVE_READINGS }),
      messages: Type.Array(PanelMessageSchema, { maxItems: MAX_LIVE_ITEMS }),
      orders: Type.Array(PanelOrderSchema, { maxItems: MAX_LIVE_ITEMS }),
      refusals: Type.Array(PanelRefusalSchema, { maxItems: MAX_LIVE_ITEMS }),
      /** Who is logged in by which channel; what the weather is: to be read again. */
      haveLoginsChanged: Type.Optional(Type.Boolean()),
      hasWeatherChanged: Type.Optional(Type.Boolean()),
      /** The newest word of EV_W. */
      weatherStatus: Type.Optional(WeatherStatusReportSchema),
    },
    closed,
  ),
} as const;

export type CentralLive = { [K in keyof typeof centralLive]: Static<(typeof centralLive)[K]> };
export type ReplicaNews = CentralLive['replica-news'];
