import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { AdminParts } from './admin-parts.ts';

/** What was typed is no command: the sentence names the value that is refused. Exit code 2. */
export class BadArgument extends Error {
  readonly code = 'BAD_ARGUMENT';
}

/** A command that cannot be done as things are; the sentence says why. Exit code 1. */
export class CommandRefused extends Error {
  readonly code = 'COMMAND_REFUSED';
}

/** One command of `ev admin`: the forms it may be typed in, each with what it does, and the work. */
export type AdminCommand = {
  forms: readonly (readonly [typed: string, does: string])[];
  run(parts: AdminParts, args: readonly string[]): Promise<void>;
};

/** Options and positional arguments; what is unknown or too much is refused by name. */
export function argumentsOf<Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  wanted: { options?: Options; positionals: readonly string[] },
) {
  const parsed = parsedOf(args, wanted.options ?? ({} as Options));
  const tooMany = parsed.positionals[wanted.positionals.length];
  if (tooMany !== undefined) throw new BadArgument(`'${tooMany}' is one argument too many`);
  return parsed;
}

function parsedOf<Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, strict: true, options });
  } catch (error) {
    throw new BadArgument((error as Error).message.split('. To specify')[0] ?? 'the arguments are not understood');
  }
}

/** The positional argument at this place, or a refusal that names what is missing. */
export function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new BadArgument(`${name} is missing`);
  return value;
}

/** One of a closed list, or a refusal that names the value and the list. */
export function oneOf<Value extends string>(value: string, allowed: readonly Value[], name: string): Value {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new BadArgument(`${name} '${value}' must be one of ${allowed.join(', ')}`);
  return found;
}

const CP_ID = /^[A-Z][A-Z0-9]{1,19}$/;

/** An id such as CP001 or DRV001, as the database keeps them. */
export function idFrom(value: string | undefined, name: string): string {
  const id = required(value, name);
  if (!CP_ID.test(id)) throw new BadArgument(`${name} '${id}' must be like CP001: A to Z, then A to Z and 0 to 9`);
  return id;
}

/** A whole number within limits. */
export function wholeNumber(value: string, limits: { name: string; min: number; max: number }): number {
  const { name, min, max } = limits;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max))
    throw new BadArgument(`${name} '${value}' must be a whole number from ${min} to ${max}`);
  return number;
}

/** A table for people: columns as wide as their widest cell. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
