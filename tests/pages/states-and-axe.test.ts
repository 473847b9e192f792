import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { startFixtureServer } from '../../src/pages/testing/fixture-server.ts';
import { PAGE_APPS } from '../../src/pages/vite.config.ts';
import { type PageBrowser, startPageBrowser, type Viewer } from '../../src/testing/page-browser.ts';

/** Both themes and both languages; a colour and a word do not depend on each other, so two looks have them all. */
const LOOKS = [
  { colorScheme: 'light', locale: 'es-ES' },
  { colorScheme: 'dark', locale: 'en-GB' },
] as const;
const UNTRANSLATED = /Mensaje sin traducir|Untranslated message/;

let browser: PageBrowser;
before(async () => {
  browser = await startPageBrowser();
});
after(() => browser?.stop());

async function sceneIds(viewer: Viewer): Promise<string[]> {
  await viewer.sees('scene-link');
  const ids = await viewer.at('scene-link').allInnerTexts();
  assert.equal(new Set(ids).size, ids.length, 'two states have one name');
  return ids;
}

/** Everything that axe holds against one state, with the element. */
async function violations(viewer: Viewer, id: string): Promise<string[]> {
  await viewer.page.evaluate(`location.hash = ${JSON.stringify(id)}`);
  await viewer.finds('scene', { name: 'data-scene', value: id });
  const found = await new AxeBuilder({ page: viewer.page }).setLegacyMode().analyze();
  const broken = found.violations.flatMap(({ id: rule, nodes }) => nodes.map(({ html }) => `${id}: ${rule}: ${html}`));
  const text = (await viewer.page.locator('body').textContent()) ?? '';
  return UNTRANSLATED.test(text) ? [...broken, `${id}: a code without words`] : broken;
}

for (const app of PAGE_APPS)
  for (const look of LOOKS)
    test(`ux 9.8 axe finds nothing in any state of ${app}, ${look.colorScheme} and ${look.locale}`, async () => {
      const server = await startFixtureServer({ app, port: 0, snapshots: {} });
      const viewer = await browser.open(`${server.url}/__states`, { ...look, height: 900 });
      try {
        const found: string[] = [];
        for (const id of await sceneIds(viewer)) found.push(...(await violations(viewer, id)));
        assert.deepEqual(found, []);
        assert.deepEqual(server.calls, [], 'a state asked the server');
        assert.deepEqual(browser.misdeeds, []);
      } finally {
        await viewer.page.context().close();
        await server.stop();
      }
    });
