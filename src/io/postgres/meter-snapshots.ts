import type { MeterSnapshot } from '../../domain/supply.ts';
import type { Queries } from './database.ts';

const SAVE = {
  name: 'save-meter-snapshots',
  text: `INSERT INTO meter_snapshots (supply_id, sequence, energy_wh, power_w, measured_at, received_at)
    SELECT r.* FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::timestamptz[], $6::timestamptz[]) AS r
      (supply_id, sequence, energy_wh, power_w, measured_at, received_at)
    WHERE EXISTS (SELECT 1 FROM supplies s WHERE s.supply_id = r.supply_id AND s.state NOT IN ('ENDED','DENIED'))
    ON CONFLICT (supply_id) DO UPDATE SET sequence = excluded.sequence, energy_wh = excluded.energy_wh,
      power_w = excluded.power_w, measured_at = excluded.measured_at, received_at = excluded.received_at
    WHERE excluded.sequence > meter_snapshots.sequence`,
};

/** The newest readings of running supplies in one statement; older ones change nothing (F-25). */
export async function saveMeterSnapshots(
  queries: Queries,
  readings: readonly { supplyId: string; reading: MeterSnapshot }[],
): Promise<void> {
  if (readings.length === 0) return;
  await queries.run(SAVE, [
    readings.map((one) => one.supplyId),
    readings.map((one) => one.reading.sequence),
    readings.map((one) => one.reading.energyWh),
    readings.map((one) => one.reading.powerW),
    readings.map((one) => new Date(one.reading.measuredAtMs)),
    readings.map((one) => new Date(one.reading.receivedAtMs)),
  ]);
}

/** Forgets the snapshot of a supply that has its ticket. */
export async function deleteMeterSnapshot(tx: Queries, supplyId: string): Promise<void> {
  await tx.run({ name: 'delete-meter-snapshot', text: 'DELETE FROM meter_snapshots WHERE supply_id = $1' }, [supplyId]);
}
