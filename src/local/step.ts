const SAY_AFTER_MS = 2_000;
const SAY_EVERY_MS = 10_000;

/** Where the steps of the set-up say how they go. */
export type Say = (line: string) => void;

/** How a step is told: what it still waits for, asked while it goes on, and how it ended (done). */
export type StepWords = { title: string; waitsFor?: () => string; ended?: () => string };

/** Runs one step; says that it goes on once it has taken two seconds, then every ten, and how long it took. */
export async function step<Result>(say: Say, words: string | StepWords, work: () => Promise<Result>): Promise<Result> {
  const { title, waitsFor, ended }: StepWords = typeof words === 'string' ? { title: words } : words;
  const beganMs = performance.now();
  const seconds = (): string => ((performance.now() - beganMs) / 1_000).toFixed(1);
  let hasSpoken = false;
  const speak = (): void => {
    const waited = hasSpoken ? ` ${seconds()} s${waitsFor ? `, waiting for ${waitsFor()}` : ''}` : '';
    say(`${title} ...${waited}`);
    hasSpoken = true;
  };
  let ticking: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    speak();
    ticking = setInterval(speak, SAY_EVERY_MS);
  }, SAY_AFTER_MS);
  try {
    const result = await work();
    if (hasSpoken) say(`${title}: ${ended?.() ?? 'done'} in ${seconds()} s`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(ticking);
  }
}
