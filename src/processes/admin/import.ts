import { readFile } from 'node:fs/promises';
import { administration } from '../../io/audit/admin-events.ts';
import { argumentsOf, BadArgument } from '../../io/command-line.ts';
import { parseArgonHash } from '../../io/crypto/password-hash.ts';
import type { Database, Queries } from '../../io/postgres/database.ts';
import {
  type Imported,
  type ImportedSupply,
  importDriver,
  importPoint,
  importSupply,
} from '../../io/postgres/imports.ts';
import { CpIdSchema, DriverIdSchema, ZoneSchema } from '../../messages/entities.ts';
import { type BodyValidator, compileValidator, parser } from '../../messages/validators.ts';
import type { AdminParts } from './admin-parts.ts';
import { SOURCE, withAudit } from './audited.ts';
import {
  type OldDriver,
  OldDriverSchema,
  OldFileSchema,
  type OldPoint,
  OldPointSchema,
  type OldSupply,
  OldSupplySchema,
  scaled,
  timeOf,
} from './bd-json.ts';
import { CommandRefused, required } from './command.ts';
import { jsonLines } from './json-lines.ts';

const parseFile = parser(OldFileSchema);
const checks = {
  point: compileValidator(OldPointSchema),
  driver: compileValidator(OldDriverSchema),
  supply: compileValidator(OldSupplySchema),
  cpId: compileValidator(CpIdSchema),
  driverId: compileValidator(DriverIdSchema),
  zone: compileValidator(ZoneSchema),
};
const DEFAULT_POWER_KW = 50;
const KWH = 1_000;

/** What is refused, where it stands, why. */
type Problem = { path: string; why: string };
type Counts = { points: number; drivers: number; supplies: number; unchanged: number };
/** Tells of one entry: undefined when it is in. */
type Take = (tx: Queries) => Promise<Imported>;

/**
 * `ev admin import bd.json --zone Z [--skip-refused]` (S-DB-14): all of it in one transaction, or, if anything is
 * refused, nothing (with --skip-refused: all the rest). What is there already stays as it is: twice is once.
 */
export async function importFile(parts: AdminParts, args: readonly string[]): Promise<void> {
  const { positionals, values } = argumentsOf(args, {
    positionals: ['FILE'],
    options: { zone: { type: 'string' }, 'skip-refused': { type: 'boolean' } },
  });
  const path = required(positionals[0], 'the file to import');
  if (values.zone !== undefined && !checks.zone.isValid(values.zone))
    throw new BadArgument(`--zone '${values.zone}' must be like ALC`);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new BadArgument(`${path} cannot be read (${error.code})`);
  });
  const file = parseFile(parsedJson(path, text));
  if (!file) throw new CommandRefused(`${path} must hold charging_points, drivers and supplies, and nothing else`);
  const lines = jsonLines(text);
  const problems: Problem[] = [];
  const counts = await withAudit(parts, async (db, record) => {
    const made = await importAll(db, parts, {
      file,
      zone: values.zone,
      problems,
      maySkip: values['skip-refused'] === true,
    });
    if (made) record(administration.imported(SOURCE, made));
    return made;
  });
  for (const { path: where, why } of problems) parts.say(`line ${lines.get(where) ?? '?'} ${where}: ${why}`);
  if (!counts)
    throw new CommandRefused(
      `nothing was imported: ${problems.length} entries are refused (--skip-refused leaves them out)`,
    );
  const { points, drivers, supplies, unchanged } = counts;
  parts.say(
    `imported ${points} points, ${drivers} drivers, ${supplies} supplies; ${unchanged} were there already; ${problems.length} refused`,
  );
}

function parsedJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandRefused(`${path} is not JSON: ${(error as Error).message}`);
  }
}

type ImportOf = {
  file: NonNullable<ReturnType<typeof parseFile>>;
  zone: string | undefined;
  problems: Problem[];
  maySkip: boolean;
};

async function importAll(db: Database, parts: AdminParts, of: ImportOf): Promise<Counts | undefined> {
  const { file, problems } = of;
  const counts: Counts = { points: 0, drivers: 0, supplies: 0, unchanged: 0 };
  const rolledBack = Symbol('nothing is kept');
  try {
    await db.transaction(async (tx) => {
      await tx.run('SET LOCAL statement_timeout = 0');
      const take = async (kind: keyof Omit<Counts, 'unchanged'>, path: string, entry: Take | string) => {
        const outcome = typeof entry === 'string' ? { refused: entry } : await entry(tx);
        if (outcome === 'NEW') counts[kind] += 1;
        else if (outcome === 'UNCHANGED') counts.unchanged += 1;
        else problems.push({ path, why: outcome.refused });
      };
      for (const [cpId, point] of Object.entries(file.charging_points ?? {}))
        await take('points', `/charging_points/${cpId}`, pointEntry(cpId, point, of.zone));
      for (const [driverId, driver] of Object.entries(file.drivers ?? {}))
        await take('drivers', `/drivers/${driverId}`, await driverEntry(driverId, driver, parts));
      for (const [index, supply] of (file.supplies ?? []).entries())
        await take('supplies', `/supplies/${index}`, supplyEntry(supply));
      if (problems.length > 0 && !of.maySkip) throw rolledBack;
    });
  } catch (error) {
    if (error === rolledBack) return undefined;
    throw error;
  }
  return counts;
}

/** The value if it fits, else the first complaint. */
function checked<Value>(value: unknown, check: BodyValidator): { value: Value } | { complaint: string } {
  return check.isValid(value) ? { value: value as Value } : { complaint: check.complaint(value) };
}

function pointEntry(cpId: string, given: unknown, zone: string | undefined): Take | string {
  if (!checks.cpId.isValid(cpId)) return 'the id must be like CP001';
  const read = checked<OldPoint>(given, checks.point);
  if ('complaint' in read) return read.complaint;
  const { ubicacion, precio, potencia, city, country, zona = zone } = read.value;
  if (zona === undefined) return 'no zone: say it as zona, or with --zone';
  const priceE4PerKwh = scaled(precio, 10_000);
  const maxPowerW = scaled(potencia ?? DEFAULT_POWER_KW, KWH);
  if (priceE4PerKwh === undefined) return 'precio has more than four decimals';
  if (maxPowerW === undefined || maxPowerW < 1_000) return 'potencia must be kilowatts from 1 to 1000';
  return (tx) => importPoint(tx, { cpId, zone: zona, city, country, address: ubicacion, priceE4PerKwh, maxPowerW });
}

async function driverEntry(driverId: string, given: unknown, parts: AdminParts): Promise<Take | string> {
  if (!checks.driverId.isValid(driverId)) return 'the id must be like ANA01';
  const read = checked<OldDriver>(given, checks.driver);
  if ('complaint' in read) return read.complaint;
  const { nombre, email, saldo, password, password_hash: hash } = read.value;
  const balanceCents = scaled(saldo ?? 0, 100);
  if (balanceCents === undefined) return 'saldo has more than two decimals';
  if ((password === undefined) === (hash === undefined)) return 'either password or password_hash';
  if (hash !== undefined && !isArgonHash(hash))
    return 'password_hash is not argon2id: no login could be checked with it';
  return async (tx) =>
    importDriver(tx, {
      ...{ driverId, name: nombre, email: email ?? null, balanceCents },
      passwordHash: async () => hash ?? (await parts.passwords.hash(password ?? '')),
    });
}

function isArgonHash(text: string): boolean {
  try {
    parseArgonHash(text);
    return true;
  } catch {
    return false;
  }
}

function supplyEntry(given: unknown): Take | string {
  const read = checked<OldSupply>(given, checks.supply);
  if ('complaint' in read) return read.complaint;
  const { cp_id: cpId, driver_id: driverId, consumo, precio_total: total } = read.value;
  const [startedAt, endedAt] = [timeOf(read.value.inicio), timeOf(read.value.fin)];
  const [energyWh, amountCents] = [scaled(consumo, KWH), scaled(total, 100)];
  if (!startedAt || !endedAt) return 'inicio or fin is no day and time that exists';
  if (endedAt < startedAt) return 'fin is before inicio';
  if (energyWh === undefined) return 'consumo has more than three decimals';
  if (amountCents === undefined) return 'precio_total has more than two decimals';
  const supply: ImportedSupply = { cpId, driverId: driverId ?? null, startedAt, endedAt, energyWh, amountCents };
  return (tx) => importSupply(tx, supply);
}
