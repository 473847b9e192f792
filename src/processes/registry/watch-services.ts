import { directory } from '../../io/audit/admin-events.ts';
import { type DirectoryEntry, forgetOldServices, serviceDirectory } from '../../io/postgres/service-instances.ts';
import type { RegistryParts } from './parts.ts';

const LOOK_EVERY_MS = 5_000;
const SOURCE = { entity: 'registry' };

/** What became of the directory between two looks: an orderly stop leaves no entry and is no fall. */
export function fallsBetween(
  before: ReadonlyMap<string, DirectoryEntry>,
  now: readonly DirectoryEntry[],
): { lost: DirectoryEntry[]; back: DirectoryEntry[] } {
  const was = (entry: DirectoryEntry) => before.get(placeOf(entry))?.isAlive;
  return {
    lost: now.filter((entry) => !entry.isAlive && was(entry) === true),
    back: now.filter((entry) => entry.isAlive && was(entry) === false),
  };
}

/** One service at one address, whichever of its lives. */
export function placeOf({ kind, url }: Pick<DirectoryEntry, 'kind' | 'url'>): string {
  return `${kind} ${url}`;
}

/** Notices by their heartbeats which services fell and which came back (S-REG-12). */
export function watchServices(
  parts: Pick<RegistryParts, 'db' | 'clock' | 'log' | 'audit'>,
  everyMs = LOOK_EVERY_MS,
): { look(): Promise<void>; stop(): void } {
  const { db, clock, log, audit } = parts;
  let before: ReadonlyMap<string, DirectoryEntry> = new Map();
  let looking: Promise<void> | undefined;
  const lookOnce = async (): Promise<void> => {
    try {
      const now = await serviceDirectory(db);
      const { lost, back } = fallsBetween(before, now);
      for (const { kind, url } of lost) audit.record(directory.serviceLost(SOURCE, { kind, url }));
      for (const { kind, url } of back) audit.record(directory.serviceBack(SOURCE, { kind, url }));
      before = new Map(now.map((entry) => [placeOf(entry), entry]));
      await forgetOldServices(db);
    } catch (error) {
      log.debug({ err: error }, 'the directory of services cannot be read now');
    }
  };
  /** One at a time: who comes meanwhile waits for the look that runs. */
  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const timer = clock.setRepeating(() => void look(), everyMs);
  void look();
  return { look, stop: () => timer.cancel() };
}
