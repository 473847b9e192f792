import { BadArgument } from '../../io/command-line.ts';
import type { AdminParts } from './admin-parts.ts';

/** A command that cannot be done as things are; the sentence says why. Exit code 1. */
export class CommandRefused extends Error {
  readonly code = 'COMMAND_REFUSED';
}

/** One command of `ev admin`: the forms it may be typed in, each with what it does, and the work. */
export type AdminCommand = {
  forms: readonly (readonly [typed: string, does: string])[];
  run(parts: AdminParts, args: readonly string[]): Promise<void>;
};

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
