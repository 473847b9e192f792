import type { Clock } from '../../../io/clock.ts';
import type { Log } from '../../../io/log.ts';

/** Runs `work` every `everyMs`, never twice at once; a failure is logged and the next turn tries again. */
export function repeatWork(
  parts: { clock: Clock; log: Log },
  name: string,
  job: { everyMs: number; work(): Promise<void> },
): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const turn = () => {
    running ??= job
      .work()
      .catch((error: unknown) => parts.log.debug({ err: error, name }, 'a timer could not do its work this time'))
      .finally(() => {
        running = undefined;
      });
  };
  const timer = parts.clock.setRepeating(turn, job.everyMs);
  return {
    async stop() {
      timer.cancel();
      await running;
    },
  };
}
