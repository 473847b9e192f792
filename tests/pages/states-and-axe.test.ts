import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startFixtureServer } from '../../src/pages/testing/fixture-server.ts';
import { PAGE_APPS } from '../../src/pages/vite.config.ts';
import { faultsOf } from '../../src/testing/axe.ts';
import { type PageBrowser, startPageBrowser, type Viewer } from '../../src/testing/page-browser.ts';

const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['es', 'en'] as const;

let browser: PageBrowser;
before(async () => {
  browser = await startPageBrowser();
});
after(() => browser?.stop());

/** Back to the list of states, in this language; the page is not loaded again. */
async function readIn(viewer: Viewer, language: string): Promise<void> {
  await viewer.page.evaluate(`location.hash = ''`);
  await viewer.press(`language-${language}`);
  await viewer.page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
}

/** Puts one state on the screen and waits for two frames of it. */
async function show(viewer: Viewer, id: string): Promise<void> {
  await viewer.page.evaluate(`location.hash = ${JSON.stringify(id)}`);
  await viewer.page.locator(`[data-scene="${id}"]`).waitFor({ state: 'attached' });
  await viewer.page.evaluate('new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))');
}

for (const app of PAGE_APPS)
  test(`ux 9.8 axe finds nothing in any state of ${app}, in both themes and both languages`, async () => {
    const server = await startFixtureServer({ app, port: 0, snapshots: {} });
    const viewer = await browser.open(`${server.url}/__states`, { height: 900 });
    try {
      await viewer.sees('scene-link');
      const ids = await viewer.at('scene-link').allInnerTexts();
      assert.equal(new Set(ids).size, ids.length, 'two states have one name');
      const found: string[] = [];
      for (const language of LANGUAGES) {
        await readIn(viewer, language);
        for (const id of ids) {
          await show(viewer, id);
          for (const colorScheme of THEMES) {
            // Without motion no colour is on its way from one theme to the other.
            await viewer.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            const faults = await faultsOf(viewer.page, { isColourOnly: colorScheme !== THEMES[0] });
            found.push(...faults.map((fault) => `${id}, ${language}, ${colorScheme}: ${fault}`));
          }
        }
      }
      assert.deepEqual(found, []);
      assert.deepEqual(server.calls, [], 'a state asked the server');
      assert.deepEqual(browser.misdeeds, []);
    } finally {
      await viewer.page.context().close();
      await server.stop();
    }
  });
