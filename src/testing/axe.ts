import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** All rules of those that are on by default which look at colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
const UNTRANSLATED = /Mensaje sin traducir|Untranslated message/;

/**
 * What is wrong with a page as it stands: rule and element of all that axe holds against it, and codes without words.
 * `isColourOnly`: for a page that was looked at whole a moment ago and has changed its theme since.
 */
export async function faultsOf(page: Page, { isColourOnly = false } = {}): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe.source);
  const options = {
    // Describing all that is right takes longer than finding what is wrong.
    resultTypes: ['violations'],
    ...(isColourOnly ? { runOnly: { type: 'rule', values: COLOUR_RULES } } : {}),
  };
  const broken = (await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  )) as string[];
  const text = (await page.locator('body').textContent()) ?? '';
  return UNTRANSLATED.test(text) ? [...broken, 'a code without words'] : broken;
}
