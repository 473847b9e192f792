import assert from 'node:assert/strict';
import { type FixtureServer, startFixtureServer } from '../pages/testing/fixture-server.ts';
import type { PageApp } from '../pages/vite.config.ts';
import type { PageBrowser, Viewer, ViewerChoice } from './page-browser.ts';

/** A window on `/__states` of one app: each of its visual states, with fixed data. */
export type Scenes = {
  viewer: Viewer;
  server: FixtureServer;
  /** Back to the list; resolves with the names of all states. */
  list(): Promise<string[]>;
  /** Puts one state on the screen. */
  put(id: string): Promise<void>;
  /** The same, and waits until all that belongs to it is there. */
  show(id: string): Promise<void>;
};

/**
 * Resolves once no part of the page is still being loaded, and from one look to the next, two frames later, nothing has
 * been added or taken away: what comes by an answer or by an effect comes within the frame after.
 */
const SETTLED = `new Promise((settled) => {
  const afterTwoFrames = (run) => requestAnimationFrame(() => requestAnimationFrame(run));
  const count = () => document.querySelectorAll('#root *').length;
  const isComing = () => document.querySelector('[data-testid="part-coming"]') !== null;
  const look = (before) => afterTwoFrames(() => (!isComing() && count() === before ? settled() : look(count())));
  look(count());
})`;

/** Opens the states of an app for `use`, and closes them; no state may ask another host for anything or log an error. */
export async function atScenes(
  browser: PageBrowser,
  of: { app: PageApp; choice?: ViewerChoice },
  use: (scenes: Scenes) => Promise<void>,
): Promise<void> {
  const server = await startFixtureServer({ app: of.app, port: 0, snapshots: {} });
  const viewer = await browser.open(`${server.url}/__states`, of.choice);
  const put = async (id: string): Promise<void> => {
    await viewer.page.evaluate(`location.hash = ${JSON.stringify(id)}`);
    await viewer.page.locator(`[data-scene="${id}"]`).waitFor({ state: 'attached' });
  };
  try {
    await viewer.sees('scene-link');
    await use({
      ...{ viewer, server, put },
      async list() {
        await viewer.page.evaluate(`location.hash = ''`);
        await viewer.sees('scene-link');
        return viewer.at('scene-link').allInnerTexts();
      },
      async show(id) {
        await put(id);
        await viewer.page.evaluate(SETTLED);
      },
    });
    assert.deepEqual(browser.misdeeds, []);
  } finally {
    await viewer.page.context().close();
    await server.stop();
  }
}
