import type { Clock } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';
import type { PointCard } from '../../../messages/entities.ts';

export type StatusParts = {
  clock: Clock;
  log: Log;
  /** Resolves when the broker has it. */
  publish(zone: string, points: PointCard[]): Promise<void>;
  everyMs?: number;
};

/** States of points for drivers: levels, the newest of each point, coalesced per zone. */
export type StatusPublication = { put(card: PointCard): void; stop(): void };

const EVERY_MS = 250;
const MAX_POINTS = 500;

export function startStatusPublication(parts: StatusParts): StatusPublication {
  const waiting = new Map<string, PointCard>();
  let isPublishing = false;

  const publishWaiting = async (): Promise<void> => {
    if (isPublishing || waiting.size === 0) return;
    isPublishing = true;
    try {
      for (const cards of chunksByZone(waiting.values())) {
        await parts.publish(cards[0]!.zone, cards);
        for (const card of cards) if (waiting.get(card.cpId) === card) waiting.delete(card.cpId);
      }
    } catch (error) {
      parts.log.debug({ err: error, waiting: waiting.size }, 'states of points wait for the broker');
    } finally {
      isPublishing = false;
    }
  };
  const timer = parts.clock.setRepeating(() => void publishWaiting(), parts.everyMs ?? EVERY_MS);
  return {
    put: (card) => void waiting.set(card.cpId, card),
    stop: () => timer.cancel(),
  };
}

function chunksByZone(cards: Iterable<PointCard>): PointCard[][] {
  const byZone = Map.groupBy(cards, (card) => card.zone);
  return [...byZone.values()].flatMap((ofZone) =>
    Array.from({ length: Math.ceil(ofZone.length / MAX_POINTS) }, (_, index) =>
      ofZone.slice(index * MAX_POINTS, (index + 1) * MAX_POINTS),
    ),
  );
}
