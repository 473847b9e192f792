import { amountCents } from '../../../domain/tariff.ts';
import type { CentralChannels } from '../../../io/channels/central-contract.ts';
import type { Clock, Timer } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import { connectedDrivers } from '../../../io/postgres/login-sessions.ts';
import type { CentralToDriver } from '../../../messages/driver-central.ts';
import type { CentralPicture } from '../picture/central-picture.ts';
import type { LiveReadings } from '../readings/live-readings.ts';
import type { OutgoingNews } from '../replicas/outgoing-news.ts';

/** Who is connected, and by which leases; once a second each lease gets the newest readings of its users. */
export type DriverSessions = {
  /** A login came, went or moved here: read again soon, by every replica. */
  changed(): void;
  /** It did at another replica. */
  readSoon(): void;
  /** Reads who is connected now. */
  refresh(): Promise<void>;
  stop(): void;
};

export type DriverSessionsParts = {
  database: Database;
  clock: Clock;
  log: Log;
  picture: CentralPicture;
  readings: LiveReadings;
  news: Pick<OutgoingNews, 'loginsChanged'>;
  channels(): Pick<CentralChannels, 'sendToLease'> | undefined;
  readingsEveryMs?: number;
};

const READ_AGAIN_MS = 5_000;
const READ_SOON_MS = 100;
const READINGS_EVERY_MS = 1_000;
const MAX_READINGS = 2_000;

type Readings = CentralToDriver['supply-readings']['readings'];

export function startDriverSessions(parts: DriverSessionsParts): DriverSessions {
  const { clock, log } = parts;
  let leasesByDriver = new Map<string, string[]>();
  let soon: Timer | undefined;

  const refresh = async (): Promise<void> => {
    try {
      const connected = await connectedDrivers(parts.database);
      const grouped = Map.groupBy(connected, (one) => one.driverId);
      leasesByDriver = new Map([...grouped].map(([driverId, logins]) => [driverId, logins.map((one) => one.leaseId)]));
      parts.picture.setDrivers(connected);
    } catch (error) {
      log.debug({ err: error }, 'who is connected is not known now');
    }
  };
  const tellReadings = async (): Promise<void> => {
    const channels = parts.channels();
    if (!channels) return;
    await Promise.all(
      [...readingsByLease(parts, leasesByDriver)].map(async ([leaseId, readings]) => {
        try {
          await channels.sendToLease(leaseId, 'supply-readings', { readings }, { isUrgent: false, ttlMs: 5_000 });
        } catch (error) {
          log.debug({ err: error }, 'readings not told to a driver process');
        }
      }),
    );
  };
  const timers = [
    clock.setRepeating(() => void refresh(), READ_AGAIN_MS),
    clock.setRepeating(() => void tellReadings(), parts.readingsEveryMs ?? READINGS_EVERY_MS),
  ];
  const readSoon = (): void => {
    soon ??= clock.setTimer(() => {
      soon = undefined;
      void refresh();
    }, READ_SOON_MS);
  };
  return {
    changed() {
      readSoon();
      parts.news.loginsChanged();
    },
    readSoon,
    refresh,
    stop() {
      soon?.cancel();
      for (const timer of timers) timer.cancel();
    },
  };
}

/** What is news to each lease: the newest reading of every running supply of its users. */
function readingsByLease(
  { readings, picture }: DriverSessionsParts,
  leasesByDriver: ReadonlyMap<string, readonly string[]>,
): Map<string, Readings> {
  const byLease = new Map<string, Readings>();
  for (const supplyId of readings.takeChanged('drivers')) {
    const supply = picture.openSupply(supplyId);
    const reading = readings.newest(supplyId);
    if (!supply?.driverId || !reading) continue;
    const { energyWh, powerW, measuredAtMs } = reading;
    const cents = amountCents(energyWh, supply.priceE4PerKwh);
    const told = { supplyId, driverId: supply.driverId, powerW, energyWh, amountCents: cents, measuredAtMs };
    for (const leaseId of leasesByDriver.get(supply.driverId) ?? []) {
      const ofLease = byLease.get(leaseId) ?? [];
      if (ofLease.length < MAX_READINGS) ofLease.push(told);
      byLease.set(leaseId, ofLease);
    }
  }
  return byLease;
}
