/** An action that runs once at a time. */
export type LatestOnly = {
  /** Runs the action soon; triggers that come while it runs share one further run. A failed run is forgotten. */
  trigger: () => void;
  /** Resolves when nothing is running or waiting. */
  idle: () => Promise<void>;
};

/** Makes it. */
export function latestOnly(action: () => Promise<void>): LatestOnly {
  let isStale = false;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (isStale) {
      isStale = false;
      await action().catch(() => {});
    }
    running = undefined;
  };
  return {
    trigger: () => {
      isStale = true;
      running ??= run();
    },
    idle: async () => running,
  };
}
