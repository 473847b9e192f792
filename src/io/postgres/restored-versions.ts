import type { Queries } from './database.ts';
import { OPEN_STATES_SQL } from './supplies.ts';

/** More than one point changes between a backup and its restore. */
const STEP = 1_000_000;

/**
 * After a restore versions begin above all that was ever told: driver apps and pages that have seen newer ones than the backup
 * has would take everything for old, and go on showing what was (a WEATHER hold, for one) until the numbers had caught up.
 */
export async function raiseVersions(tx: Queries): Promise<void> {
  await tx.run('UPDATE charging_point_facts SET version = version + $1', [STEP]);
  await tx.run(`UPDATE supplies SET version = version + $1 WHERE state IN ${OPEN_STATES_SQL}`, [STEP]);
}
