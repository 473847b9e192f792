import { useEffect, useMemo } from 'react';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { FeedState } from '../live/live-state.ts';
import { liveStore } from '../live/live-store.ts';
import { LanguageSwitch, ThemeButton } from '../ui/chrome.tsx';
import type { Scene } from './scene.ts';
import styles from './states.module.css';

const KEEP_FRESH_MS = 1_000;
const SILENT_MS = { LIVE: 0, RECONNECTING: 7_000, OFFLINE: 48_000 };
/** The server's time in every state: it stands still, so that a countdown shows what its state is about. */
const STANDING_AT_MS = Date.now();

const shown = createStore<{ scene: Scene | undefined }>(() => ({ scene: undefined }));

function feedStates(scene: Scene, nowMs: number): Record<string, FeedState> {
  const silentMs = SILENT_MS[scene.link ?? 'LIVE'];
  const receivedAtMs = nowMs - (scene.readingAgeMs ?? silentMs);
  const readings = Object.fromEntries(
    (scene.readings ?? []).map(([index, powerW, energyWh, amountCents]) => [
      index,
      { powerW, energyWh, amountCents, receivedAtMs },
    ]),
  );
  return Object.fromEntries(
    Object.entries(scene.feeds ?? {}).map(([name, collections]) => [
      name,
      {
        ...{ streamId: scene.id, seq: 1, collections, readings },
        dataAtMs: STANDING_AT_MS - (scene.dataAgeMs ?? silentMs),
        upstream: scene.upstream ?? { isCentralReachable: true },
      },
    ]),
  );
}

/** Puts a scene's data where the live stream would. */
function putOn(scene: Scene): void {
  const nowMs = performance.now();
  const link = scene.link ?? 'LIVE';
  liveStore.setState({
    feeds: feedStates(scene, nowMs),
    link: {
      phase: link === 'LIVE' ? 'OPEN' : 'WAITING',
      attempt: link === 'LIVE' ? 0 : 2,
      retryAtMs: nowMs + 4_000,
      startedAtMs: nowMs - 60_000,
    },
    lastFrameAtMs: nowMs - SILENT_MS[link],
    serverOffsetMs: STANDING_AT_MS - nowMs,
  });
}

function show(scenes: readonly Scene[]): void {
  const scene = scenes.find(({ id }) => `#${id}` === location.hash);
  if (scene) {
    scene.prepare?.();
    putOn(scene);
  }
  shown.setState({ scene });
}

function answerFromScene(input: RequestInfo | URL): Promise<Response> {
  const asked = new URL(input instanceof Request ? input.url : input, location.href);
  const content = shown.getState().scene?.answer?.(asked.pathname + asked.search);
  return Promise.resolve(
    content === undefined ? Response.json({ code: 'NOT_FOUND' }, { status: 404 }) : Response.json(content),
  );
}

/** Makes this window one of fixed data: calls are answered by the scene, and the anchor chooses it. */
export function startScenes(scenes: readonly Scene[]): void {
  globalThis.fetch = answerFromScene;
  window.addEventListener('hashchange', () => show(scenes));
  show(scenes);
}

function Stage({ scene }: { scene: Scene }) {
  const { hook, searchHook } = useMemo(() => {
    const [path = '/', searchPath = ''] = (scene.path ?? '/').split('?');
    return memoryLocation({ path, searchPath });
  }, [scene]);
  useEffect(() => {
    const handle = setInterval(() => putOn(scene), KEEP_FRESH_MS);
    return () => clearInterval(handle);
  }, [scene]);
  return (
    <Router hook={hook} searchHook={searchHook}>
      {scene.render()}
    </Router>
  );
}

/** `/__states`: the list of all visual states of an app; with an anchor that state alone, as it stands in the app. */
export function StatesPage({ scenes }: { scenes: readonly Scene[] }) {
  const scene = useStore(shown, (state) => state.scene);
  if (scene)
    return (
      <div key={scene.id} className={styles.stage} data-testid="scene" data-scene={scene.id}>
        <Stage scene={scene} />
      </div>
    );
  return (
    <main className={styles.list}>
      <header>
        <h1>/__states</h1>
        <LanguageSwitch />
        <ThemeButton />
      </header>
      <ul>
        {scenes.map(({ id }) => (
          <li key={id}>
            <a href={`#${id}`} data-testid="scene-link">
              {id}
            </a>
          </li>
        ))}
      </ul>
    </main>
  );
}
