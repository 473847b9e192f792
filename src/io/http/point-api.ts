import type { Upstream } from '../../messages/live-stream.ts';
import type { Clock } from '../clock.ts';
import { createLiveFeed } from '../live/live-feed.ts';
import { type LocalApiOptions, type RunningLocalApi, startLocalApi } from './local-api.ts';

/** A change is shown within this. */
const SHOWN_EVERY_MS = 200;
const BEAT_EVERY_MS = 1_000;

/** The local API of one half of a charging point (D-18): on `/live` stands what its process shows of itself. */
export async function startPointApi(
  options: Omit<LocalApiOptions, 'name' | 'feed'> & {
    half: 'engine' | 'monitor';
    clock: Clock;
    upstream: () => Upstream;
    /** The half as it is now; asked for again only after a change. */
    view: () => unknown;
    onChange: (tell: () => void) => void;
  },
): Promise<RunningLocalApi> {
  const { half, clock, upstream, view, onChange } = options;
  const feed = createLiveFeed({ feed: half, clock, beatMs: BEAT_EVERY_MS, upstream });
  let isStale = true;
  onChange(() => {
    isStale = true;
  });
  const show = (): void => {
    if (isStale) feed.set(half, half, view());
    isStale = false;
  };
  show();
  const showing = clock.setRepeating(show, SHOWN_EVERY_MS);
  const api = await startLocalApi({ ...options, name: half, feed });
  return {
    port: api.port,
    api: api.api,
    async stop() {
      showing.cancel();
      feed.stop();
      await api.stop();
    },
  };
}
