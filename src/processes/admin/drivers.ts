import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { administration } from '../../io/audit/admin-events.ts';
import { argumentsOf, BadArgument } from '../../io/command-line.ts';
import { type Erasure, eraseDriver, exportDriver } from '../../io/postgres/driver-privacy.ts';
import { writeWhole } from '../../io/private-files.ts';
import type { AdminParts } from './admin-parts.ts';
import { SOURCE, withAudit } from './audited.ts';
import { CommandRefused, idFrom, oneOf, required } from './command.ts';

/** `ev admin driver export ID FILE`: all that is kept of a person, as JSON (GDPR, right of access). */
async function exportTo(parts: AdminParts, driverId: string, file: string | undefined): Promise<void> {
  const path = resolve(required(file, 'the file of the export'));
  if (existsSync(path)) throw new BadArgument(`${path} is there already`);
  await withAudit(parts, async (db, record) => {
    const told = await exportDriver(db, driverId);
    if (!told) throw new CommandRefused(`there is no driver '${driverId}'`);
    writeWhole(path, `${JSON.stringify(told, undefined, 2)}\n`);
    record(administration.driverExported(SOURCE, { driverId }));
  });
  parts.say(`all that is kept of ${driverId}: ${path} (0600)`);
}

const REFUSALS: Readonly<Record<Exclude<Erasure, 'ERASED'>, string>> = {
  DRIVER_UNKNOWN: 'is not known',
  ALREADY_ERASED: 'was erased before',
  SUPPLY_OPEN: 'has an open supply: it must end first',
};

/** `ev admin driver erase ID --yes` (GDPR, right to erasure). */
async function erase(parts: AdminParts, driverId: string, isSure: boolean): Promise<void> {
  if (!isSure) throw new BadArgument(`this cannot be undone: ./ev admin driver erase ${driverId} --yes`);
  await withAudit(parts, async (db, record) => {
    const outcome = await db.transaction((tx) => eraseDriver(tx, driverId));
    if (outcome !== 'ERASED') throw new CommandRefused(`${driverId} ${REFUSALS[outcome]}`);
    record(administration.driverErased(SOURCE, { driverId }));
  });
  parts.say(`${driverId}: name, e-mail, password, logins and addresses are erased; the id and its tickets stay`);
  parts.say('Backups of before, and audit files until they are rotated away, still hold them.');
}

/** `ev admin driver export|erase`. */
export async function driver(parts: AdminParts, args: readonly string[]): Promise<void> {
  const { positionals, values } = argumentsOf(args, {
    positionals: ['ACTION', 'ID', 'FILE'],
    options: { yes: { type: 'boolean' } },
  });
  const [typed, id, file] = positionals;
  const action = oneOf(required(typed, 'the action'), ['export', 'erase'] as const, 'action');
  const driverId = idFrom(id, 'the id of the driver');
  return action === 'export' ? exportTo(parts, driverId, file) : erase(parts, driverId, values.yes === true);
}
