import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type PageBrowser, startPageBrowser } from '../../src/testing/page-browser.ts';
import { atScenes } from '../../src/testing/page-scenes.ts';

/** A window of 1280 px at 400 % (WCAG 1.4.10), and one of 1280 px at 200 % (1.4.4). */
const WINDOWS = [
  { name: '320 px', width: 320, height: 640 },
  { name: '200 % zoom', width: 640, height: 400 },
] as const;

let browser: PageBrowser;
before(async () => {
  browser = await startPageBrowser();
});
after(() => browser?.stop());

/**
 * What a reader of a narrow window would lose: the page scrolls sideways, or a control stands outside it without a
 * scrolling part of its own around it.
 */
const LOSSES = `(() => {
  const root = document.documentElement;
  const losses = root.scrollWidth > innerWidth ? ['the page is ' + root.scrollWidth + ' px wide'] : [];
  const isScrolled = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  for (const control of document.querySelectorAll('button, a[href], input, select, summary')) {
    const { left, right, width, height } = control.getBoundingClientRect();
    const isShown = width > 1 && height > 1 && control.checkVisibility({ visibilityProperty: true });
    if (isShown && (left < -1 || right > innerWidth + 1) && !isScrolled(control) && !control.matches('[class*=skip]'))
      losses.push((control.dataset.testid ?? control.textContent) + ' ' + Math.round(left) + '-' + Math.round(right));
  }
  return losses;
})()`;

for (const { name, width, height } of WINDOWS)
  test(`ux 2.8 in every state of the panel nothing is lost at ${name}: no sideways page, no control out of reach`, () =>
    atScenes(browser, { app: 'central', choice: { width, height } }, async ({ viewer, list, show }) => {
      const found: string[] = [];
      for (const id of await list()) {
        await show(id);
        for (const loss of (await viewer.page.evaluate(LOSSES)) as string[]) found.push(`${id}: ${loss}`);
      }
      assert.deepEqual(found, []);
    }));
