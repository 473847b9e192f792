import type { Clock } from '../../../io/clock.ts';

/** Answers that are expensive to make: one computation serves everybody who asks the same within `keptMs`; at most `most` are kept. */
export function keptAnswers<Answer>(options: { clock: Clock; keptMs: number; most: number }) {
  const { clock, keptMs, most } = options;
  const kept = new Map<string, { untilMs: number; answer: Promise<Answer> }>();
  return (key: string, make: (nowMs: number) => Promise<Answer>): Promise<Answer> => {
    const nowMs = clock.nowMs();
    const known = kept.get(key);
    if (known && known.untilMs > nowMs) return known.answer;
    const answer = make(nowMs);
    kept.delete(key);
    kept.set(key, { untilMs: nowMs + keptMs, answer });
    // A failure is told to whoever asked; the next one tries again.
    answer.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) if (kept.size > most) kept.delete(oldest);
    return answer;
  };
}
