const SAY_AFTER_MS = 2_000;
const SAY_EVERY_MS = 10_000;

/** Where the steps of the set-up say how they go. */
export type Say = (line: string) => void;

/** Runs one step; says that it goes on once it has taken two seconds, then every ten, and how long it took. */
export async function step<Result>(say: Say, title: string, work: () => Promise<Result>): Promise<Result> {
  const beganMs = performance.now();
  const seconds = (): string => ((performance.now() - beganMs) / 1_000).toFixed(1);
  let hasSpoken = false;
  const speak = (): void => {
    say(hasSpoken ? `${title} ... ${seconds()} s` : `${title} ...`);
    hasSpoken = true;
  };
  let ticking: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    speak();
    ticking = setInterval(speak, SAY_EVERY_MS);
  }, SAY_AFTER_MS);
  try {
    const result = await work();
    if (hasSpoken) say(`${title}: done in ${seconds()} s`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(ticking);
  }
}
