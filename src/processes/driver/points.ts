import type { Clock } from '../../io/clock.ts';
import { createLiveFeed, type LiveFeed } from '../../io/live/live-feed.ts';
import type { PointCard } from '../../messages/entities.ts';
import type { LiveSnapshot, Upstream } from '../../messages/live-stream.ts';

/** All points as drivers see them: one feed, serialised once for all browsers. */
export type Points = {
  readonly feed: LiveFeed;
  /** A snapshot begins: what it does not name is gone when it ends. */
  beginSnapshot(): void;
  takeChunk(points: readonly PointCard[], isLast: boolean): void;
  takeChanges(points: readonly PointCard[]): void;
  all(): PointCard[];
};

/** The snapshot comes with `points-chunk`, then `Status_*` keeps it true; an older version changes nothing. */
export function createPoints(options: { clock: Clock; upstream: () => Upstream; dataAtMs: () => number }): Points {
  const feed = createLiveFeed({ feed: 'points', ...options, beatMs: 1_000 });
  const cards = new Map<string, PointCard>();
  let named: Set<string> | undefined;

  const take = (card: PointCard, isSnapshot: boolean) => {
    named?.add(card.cpId);
    const known = cards.get(card.cpId);
    // Equal versions: the snapshot was read first, the change tells what only time did (a lost monitor).
    if (
      known &&
      (known.version > card.version || (isSnapshot && known.version === card.version && named === undefined))
    )
      return;
    if (card.isRetired) cards.delete(card.cpId);
    else cards.set(card.cpId, card);
    feed.set('points', card.cpId, card.isRetired ? null : card);
  };
  return {
    feed,
    beginSnapshot() {
      named = new Set();
    },
    takeChunk(points, isLast) {
      for (const card of points) take(card, true);
      if (!isLast || !named) return;
      for (const cpId of cards.keys()) {
        if (named.has(cpId)) continue;
        cards.delete(cpId);
        feed.set('points', cpId, null);
      }
      named = undefined;
      const snapshot: LiveSnapshot = { points: Object.fromEntries(cards) };
      feed.reset(snapshot);
    },
    takeChanges(points) {
      for (const card of points) take(card, false);
    },
    all: () => [...cards.values()],
  };
}
