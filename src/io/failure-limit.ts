import type { Clock } from './clock.ts';

/** Bars a source after repeated failures; successes cost nothing (protocol 2: limits count failures). */
export type FailureLimit = {
  /** How long this source must still wait, undefined: it may try. */
  barredForMs(source: string): number | undefined;
  noteFailure(source: string): void;
  noteSuccess(source: string): void;
};

const MAX_SOURCES = 10_000;

/** `maxFailures` within `windowMs` bar a source until the window is over. Memory is bounded: the longest known source is forgotten first. */
export function createFailureLimit(options: { maxFailures: number; windowMs: number; clock: Clock }): FailureLimit {
  const sources = new Map<string, { failures: number; sinceMs: number }>();

  function living(source: string): { failures: number; sinceMs: number } | undefined {
    const known = sources.get(source);
    if (!known || options.clock.monotonicMs() - known.sinceMs < options.windowMs) return known;
    sources.delete(source);
    return undefined;
  }

  return {
    barredForMs(source) {
      const known = living(source);
      if (!known || known.failures < options.maxFailures) return undefined;
      return Math.ceil(known.sinceMs + options.windowMs - options.clock.monotonicMs());
    },
    noteFailure(source) {
      const known = living(source) ?? { failures: 0, sinceMs: options.clock.monotonicMs() };
      sources.set(source, { ...known, failures: known.failures + 1 });
      if (sources.size > MAX_SOURCES) sources.delete(sources.keys().next().value ?? source);
    },
    noteSuccess: (source) => void sources.delete(source),
  };
}
