import type { NewPoint } from '../../messages/central-api.ts';
import { idFromName } from '../crypto/tokens.ts';
import type { Queries } from './database.ts';
import { createPoint } from './enrolment.ts';
import { issueTicket } from './tickets.ts';

/** What became of one entry; UNCHANGED: the same is there already. */
export type Imported = 'NEW' | 'UNCHANGED' | { refused: string };

/** A point without secret or token: `ev admin enrol ID` gives it its token. One that is described otherwise stays. */
export async function importPoint(tx: Queries, point: NewPoint): Promise<Imported> {
  const known = await tx.row<{ same: boolean; retired: boolean }>(
    `SELECT (p.zone, l.city, l.country, p.address, p.price_e4_per_kwh, p.max_power_w)
       = ($2::text, $3::text, $4::bpchar, $5::text, $6::int, $7::int) AS same, p.retired_at IS NOT NULL AS retired
     FROM charging_points p JOIN weather_locations l USING (location_id) WHERE p.cp_id = $1`,
    [point.cpId, point.zone, point.city, point.country, point.address, point.priceE4PerKwh, point.maxPowerW],
  );
  if (known?.retired) return { refused: 'it was retired: ev admin enrol brings it back' };
  if (known) return known.same ? 'UNCHANGED' : { refused: 'it is there and described otherwise' };
  await createPoint(tx, point);
  return 'NEW';
}

export type ImportedDriver = {
  driverId: string;
  name: string;
  email: string | null;
  /** Asked for only if the driver is new: hashing takes its time. */
  passwordHash(): Promise<string>;
  balanceCents: number;
};

/** A driver whose wallet begins with the old balance. One who is there stays as he is. */
export async function importDriver(tx: Queries, driver: ImportedDriver): Promise<Imported> {
  const { driverId, name, email, balanceCents } = driver;
  if (await tx.row('SELECT 1 FROM drivers WHERE driver_id = $1', [driverId])) return 'UNCHANGED';
  if (email && (await tx.row('SELECT 1 FROM drivers WHERE lower(email) = lower($1)', [email])))
    return { refused: 'another driver has this e-mail address' };
  await tx.run(
    'INSERT INTO drivers (driver_id, name, email, password_hash, balance_cents) VALUES ($1, $2, $3, $4, $5)',
    [driverId, name, email, await driver.passwordHash(), balanceCents],
  );
  if (balanceCents !== 0) await addToWallet(tx, { driverId, amountCents: balanceCents, note: 'imported balance' });
  return 'NEW';
}

export type ImportedSupply = {
  cpId: string;
  driverId: string | null;
  startedAt: Date;
  endedAt: Date;
  energyWh: number;
  amountCents: number;
};

const CLIENT = 'import:bd.json';

/** A charge of before with its ticket, read already. It was paid then: the old balance knows it, so the wallet is evened. */
export async function importSupply(tx: Queries, supply: ImportedSupply): Promise<Imported> {
  const { cpId, driverId, startedAt, endedAt, energyWh, amountCents } = supply;
  const supplyId = idFromName(['import', cpId, driverId ?? '', startedAt.toISOString()].join(' '));
  const known = await tx.row<{ energyWh: number; amountCents: number }>(
    'SELECT energy_wh AS "energyWh", amount_cents AS "amountCents" FROM supplies WHERE supply_id = $1',
    [supplyId],
  );
  if (known) {
    const isSame = known.energyWh === energyWh && known.amountCents === amountCents;
    return isSame ? 'UNCHANGED' : { refused: 'it is there with other figures' };
  }
  if (!(await tx.row('SELECT 1 FROM charging_points WHERE cp_id = $1', [cpId])))
    return { refused: `there is no ${cpId}` };
  if (driverId && !(await tx.row('SELECT 1 FROM drivers WHERE driver_id = $1', [driverId])))
    return { refused: `there is no driver ${driverId}` };
  const priceE4PerKwh = energyWh === 0 ? 0 : Math.round((amountCents * 100_000) / energyWh);
  await tx.run(
    `INSERT INTO supplies (supply_id, request_id, client_id, cp_id, driver_id, origin, state, price_e4_per_kwh, requested_at,
       authorised_at, plugged_at, ended_at, closed_at, end_reason, energy_wh, amount_cents)
     VALUES ($1, $1, $2, $3, $4, 'APP', 'ENDED', $5, $6, $6, $6, $7, $7, 'UNPLUGGED', $8, $9)`,
    [supplyId, CLIENT, cpId, driverId, priceE4PerKwh, startedAt, endedAt, energyWh, amountCents],
  );
  const draft = { supplyId, driverId, energyWh, priceE4PerKwh, amountCents, endReason: 'UNPLUGGED' } as const;
  const walletChangeCents = driverId ? -amountCents : null;
  const { ticketNumber } = await issueTicket(
    tx,
    { ...draft, isEstimated: false, isCorrective: false, walletChangeCents },
    { curve: undefined, issuedAtMs: endedAt.getTime() },
  );
  await tx.run('UPDATE tickets SET delivered_at = issued_at, read_at = issued_at WHERE ticket_number = $1', [
    ticketNumber,
  ]);
  if (driverId && amountCents !== 0)
    await addToWallet(tx, { driverId, amountCents, note: `imported ticket ${ticketNumber}` }, true);
  return 'NEW';
}

async function addToWallet(
  tx: Queries,
  entry: { driverId: string; amountCents: number; note: string },
  isAddedToBalance = false,
): Promise<void> {
  const { driverId, amountCents, note } = entry;
  await tx.run('INSERT INTO wallet_entries (driver_id, amount_cents, note) VALUES ($1, $2, $3)', [
    driverId,
    amountCents,
    note,
  ]);
  if (isAddedToBalance)
    await tx.run('UPDATE drivers SET balance_cents = balance_cents + $2 WHERE driver_id = $1', [driverId, amountCents]);
}
