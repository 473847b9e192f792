import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PAGE_APPS } from '../../src/pages/vite.config.ts';
import { faultsOf } from '../../src/testing/axe.ts';
import { type PageBrowser, startPageBrowser } from '../../src/testing/page-browser.ts';
import { atScenes } from '../../src/testing/page-scenes.ts';

const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['es', 'en'] as const;

let browser: PageBrowser;
before(async () => {
  browser = await startPageBrowser();
});
after(() => browser?.stop());

for (const app of PAGE_APPS)
  test(`ux 9.8 axe finds nothing in any state of ${app}, in both themes and both languages`, () =>
    atScenes(browser, { app, choice: { height: 900 } }, async ({ viewer, server, list, show }) => {
      const ids = await list();
      assert.equal(new Set(ids).size, ids.length, 'two states have one name');
      const found: string[] = [];
      for (const language of LANGUAGES) {
        await list();
        await viewer.press(`language-${language}`);
        await viewer.page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
        for (const id of ids) {
          await show(id);
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
    }));
