/** Makes a trigger for an action that runs once at a time; triggers that come meanwhile share one further run. A failed run is forgotten. */
export function latestOnly(action: () => Promise<void>): () => void {
  let isWriting = false;
  let isStale = false;
  const run = async (): Promise<void> => {
    isWriting = true;
    while (isStale) {
      isStale = false;
      await action().catch(() => {});
    }
    isWriting = false;
  };
  return () => {
    isStale = true;
    if (!isWriting) void run();
  };
}
