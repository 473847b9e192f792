import { type Static, Type } from 'typebox';
import { BATCH_LINE_STATES, BATCH_STATES } from '../domain/batch.ts';
import { MAX_BATCH_CHARACTERS, MAX_BATCH_LINES } from '../domain/batch-text.ts';
import {
  AmountCentsSchema,
  AtMsSchema,
  DriverIdSchema,
  EndReasonSchema,
  EnergyWhSchema,
  RefusalSchema,
  SupplyStateSchema,
  UuidSchema,
} from './entities.ts';

/** Batches of charges, as the driver app keeps them and tells them (S-DRV-11, R1-14). */

const closed = { additionalProperties: false };

const BatchLineSchema = Type.Object(
  {
    line: Type.Integer({ minimum: 1 }),
    cpId: Type.String({ maxLength: 40 }),
    requestId: UuidSchema,
    state: Type.Enum([...BATCH_LINE_STATES]),
    supplyId: Type.Optional(UuidSchema),
    supplyState: Type.Optional(SupplyStateSchema),
    refusal: Type.Optional(RefusalSchema),
    ticketNumber: Type.Optional(Type.Integer({ minimum: 1 })),
    energyWh: Type.Optional(EnergyWhSchema),
    amountCents: Type.Optional(AmountCentsSchema),
    endReason: Type.Optional(EndReasonSchema),
    askAtMs: Type.Optional(AtMsSchema),
  },
  closed,
);

/** Collection `batches` of a driver's feed `me`: the one that runs and the last few before it. */
export const BatchViewSchema = Type.Object(
  {
    batchId: UuidSchema,
    driverId: DriverIdSchema,
    createdAtMs: AtMsSchema,
    state: Type.Enum([...BATCH_STATES]),
    lines: Type.Array(BatchLineSchema, { maxItems: MAX_BATCH_LINES }),
    nextAtMs: AtMsSchema,
    finishedAtMs: Type.Optional(AtMsSchema),
  },
  closed,
);
export type BatchView = Static<typeof BatchViewSchema>;

/** The content of a `.txt`: one charging point id a line. Lines that are none are kept as INVALID, with their number. */
export const BatchStartSchema = Type.Object({ text: Type.String({ maxLength: MAX_BATCH_CHARACTERS }) }, closed);

/** What a person may do to a batch: POST /api/batches/:batchId/<order>. */
export const BATCH_ORDERS = ['pause', 'resume', 'skip', 'cancel'] as const;
export const BatchOrderSchema = Type.Enum([...BATCH_ORDERS]);
export type BatchOrder = (typeof BATCH_ORDERS)[number];
