import { type Static, Type } from 'typebox';
import { AtMsSchema, CpIdSchema, DriverIdSchema, UuidSchema } from './entities.ts';

/** What Central's API answers about the audit (S-AUD-12, R2-28). */

const closed = { additionalProperties: false };

/** S-AUD-05. */
export const AUDIT_CATEGORIES = ['AUTH', 'CHARGE', 'INCIDENT', 'STATUS', 'ERROR', 'SECURITY', 'SYSTEM'] as const;
export type AuditCategory = (typeof AUDIT_CATEGORIES)[number];

/** One category or several, separated by commas. */
const categories = Type.String({
  maxLength: 80,
  pattern: `^(${AUDIT_CATEGORIES.join('|')})(,(${AUDIT_CATEGORIES.join('|')}))*$`,
});
const word = (maxLength: number) => Type.String({ minLength: 1, maxLength });

const filter = {
  /** By the time of the event; `fromMs` included, `toMs` not. */
  fromMs: Type.Optional(AtMsSchema),
  toMs: Type.Optional(AtMsSchema),
  category: Type.Optional(categories),
  component: Type.Optional(Type.String({ pattern: '^[\\w-]{1,60}$' })),
  action: Type.Optional(Type.String({ pattern: '^[A-Z_]{1,60}$' })),
  cpId: Type.Optional(CpIdSchema),
  driverId: Type.Optional(DriverIdSchema),
  supplyId: Type.Optional(UuidSchema),
  correlationId: Type.Optional(UuidSchema),
  /** Part of who did it: `operator:ana`, `ana`, `cp:`. */
  actor: Type.Optional(word(60)),
  /** An address, or a network such as `10.0.0.0/8`. */
  address: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f.:]{2,45}(/\\d{1,3})?$' })),
  isSuccess: Type.Optional(Type.Boolean()),
  /** Part of the description, the action or the parameters. */
  text: Type.Optional(word(100)),
};
export const AuditFilterSchema = Type.Object(filter, closed);
export type AuditFilter = Static<typeof AuditFilterSchema>;

/** `GET /api/audit`: newest first. `cursor` is `nextCursor` of the page before; `afterId` asks for what was written since. */
export const AuditPageQuerySchema = Type.Object(
  {
    ...filter,
    cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}_\\d{1,15}$' })),
    afterId: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  closed,
);

/** One event, as the panel shows it. */
export const AuditEventSchema = Type.Object(
  {
    auditId: Type.Integer(),
    atMs: AtMsSchema,
    component: Type.String(),
    category: Type.Enum([...AUDIT_CATEGORIES]),
    action: Type.String(),
    actor: Type.String(),
    address: Type.Optional(Type.String()),
    isSuccess: Type.Boolean(),
    cpId: Type.Optional(Type.String()),
    supplyId: Type.Optional(Type.String()),
    correlationId: Type.Optional(Type.String()),
    parameters: Type.Record(Type.String(), Type.Unknown()),
    description: Type.String(),
  },
  closed,
);
export type AuditEvent = Static<typeof AuditEventSchema>;

export const AuditPageSchema = Type.Object(
  {
    events: Type.Array(AuditEventSchema, { maxItems: 500 }),
    nextCursor: Type.Optional(Type.String()),
    /** The newest id that the table holds: where `afterId` begins. */
    newestId: Type.Integer(),
    /** Of all that match, on the first page only; counting ends at `MAX_EXPORTED_EVENTS`. */
    total: Type.Optional(Type.Integer()),
  },
  closed,
);
export type AuditPage = Static<typeof AuditPageSchema>;

export const AUDIT_FORMATS = ['csv', 'jsonl'] as const;
export type AuditFormat = (typeof AUDIT_FORMATS)[number];
/** `GET /api/audit/export`: the newest of what matches, at most `MAX_EXPORTED_EVENTS`, as a file. */
export const AuditExportQuerySchema = Type.Object(
  { ...filter, format: Type.Optional(Type.Enum([...AUDIT_FORMATS])) },
  closed,
);
export const MAX_EXPORTED_EVENTS = 100_000;
