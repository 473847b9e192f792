import { type Static, Type } from 'typebox';
import { CpIdSchema, DriverIdSchema, ZoneSchema } from '../../messages/entities.ts';

/*  bd.json, the earlier storage (S-DB-16), by the columns that the description gives its tables (S-DB-01, -02, -06):
    { "charging_points": { "CP001": {...} }, "drivers": { "ANA01": {...} }, "supplies": [ {...} ] }
    Money and prices in euro, energy in kWh, times in ISO form (without a zone: UTC). */
const closed = { additionalProperties: false };
const nullable = <Schema extends Parameters<typeof Type.Optional>[0]>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

/** One charging point. `zona` is ours: without it `--zone` says it. Its state is not imported: it is derived (D-03). */
export const OldPointSchema = Type.Object(
  {
    ubicacion: Type.String({ minLength: 1, maxLength: 100 }),
    precio: Type.Number({ minimum: 0, maximum: 100 }),
    potencia: nullable(Type.Number({ exclusiveMinimum: 0, maximum: 1_000 })),
    city: Type.String({ minLength: 1, maxLength: 50 }),
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
    zona: Type.Optional(ZoneSchema),
    estado: nullable(Type.String({ maxLength: 20 })),
  },
  closed,
);
export type OldPoint = Static<typeof OldPointSchema>;

/** One driver: `password` (hashed here) or an argon2id `password_hash`; another kind of hash cannot be used (D-14). */
export const OldDriverSchema = Type.Object(
  {
    nombre: Type.String({ minLength: 1, maxLength: 100 }),
    email: nullable(Type.String({ maxLength: 100, pattern: '^[^@\\s]+@[^@\\s]+$' })),
    saldo: nullable(Type.Number({ minimum: -1_000_000, maximum: 1_000_000 })),
    password: Type.Optional(Type.String({ minLength: 8, maxLength: 200 })),
    password_hash: Type.Optional(Type.String({ maxLength: 255 })),
  },
  closed,
);
export type OldDriver = Static<typeof OldDriverSchema>;

const WhenSchema = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?(Z|[+-]\\d{2}:\\d{2})?$',
});
/** One charge that is over; one that was running then has no end here. */
export const OldSupplySchema = Type.Object(
  {
    cp_id: CpIdSchema,
    driver_id: nullable(DriverIdSchema),
    inicio: WhenSchema,
    fin: WhenSchema,
    consumo: Type.Number({ minimum: 0, maximum: 2_000 }),
    precio_total: Type.Number({ minimum: 0, maximum: 100_000 }),
    estado: nullable(Type.String({ maxLength: 20 })),
    supply_id: nullable(Type.Union([Type.Integer(), Type.String({ maxLength: 40 })])),
  },
  closed,
);
export type OldSupply = Static<typeof OldSupplySchema>;

/** The file as a whole; its entries are checked one by one, so that each that is refused is told. */
export const OldFileSchema = Type.Object(
  {
    charging_points: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    drivers: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    supplies: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 1_000_000 })),
  },
  closed,
);

/** ISO time without a zone is UTC; undefined for a day that does not exist. */
export function timeOf(text: string): Date | undefined {
  const hasZone = /(Z|[+-]\d{2}:\d{2})$/.test(text);
  const date = new Date(`${text.replace(' ', 'T')}${hasZone ? '' : 'Z'}`);
  const isReal = !Number.isNaN(date.getTime()) && (hasZone || date.toISOString().startsWith(text.slice(0, 10)));
  return isReal ? date : undefined;
}

/** A decimal times a power of ten as an integer; undefined if it has more decimals than that. */
export function scaled(value: number, factor: number): number | undefined {
  const whole = Math.round(value * factor);
  return Math.abs(value * factor - whole) < 1e-6 * Math.max(1, Math.abs(value)) ? whole : undefined;
}
