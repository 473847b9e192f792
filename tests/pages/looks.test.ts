import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startFixtureServer } from '../../src/pages/testing/fixture-server.ts';
import type { PageApp } from '../../src/pages/vite.config.ts';
import { type PageBrowser, startPageBrowser, type Viewer, type ViewerChoice } from '../../src/testing/page-browser.ts';
import { PHONE } from '../../src/testing/page-hands.ts';

/** Under this size a finger misses (ux 2.8: Driver). */
const DRIVER_TARGET_PX = 48;
/** The same for a gloved hand at a point (ux 2.8: Engine). */
const ENGINE_TARGET_PX = 64;
const PAPER_80_MM_PX = 302;

let browser: PageBrowser;
before(async () => {
  browser = await startPageBrowser();
});
after(() => browser?.stop());

/** Opens the list of an app's states; `use` gets each one it asks for. */
async function atStates(app: PageApp, choice: ViewerChoice, use: (viewer: Viewer) => Promise<void>): Promise<void> {
  const server = await startFixtureServer({ app, port: 0, snapshots: {} });
  const viewer = await browser.open(`${server.url}/__states`, choice);
  try {
    await viewer.sees('scene-link');
    await use(viewer);
    assert.deepEqual(browser.misdeeds, []);
  } finally {
    await viewer.page.context().close();
    await server.stop();
  }
}

async function show(viewer: Viewer, id: string): Promise<void> {
  await viewer.page.evaluate(`location.hash = ${JSON.stringify(id)}`);
  await viewer.page.locator(`[data-scene="${id}"]`).waitFor({ state: 'attached' });
  await viewer.page.evaluate('new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))');
}

/** What a look finds in each state, by the state's name; a state in which it finds nothing is left out. */
async function inEachState(viewer: Viewer, look: string): Promise<string[]> {
  await viewer.page.evaluate(`location.hash = ''`);
  await viewer.sees('scene-link');
  const found: string[] = [];
  for (const id of await viewer.at('scene-link').allInnerTexts()) {
    await show(viewer, id);
    for (const one of (await viewer.page.evaluate(look)) as string[]) found.push(`${id}: ${one}`);
  }
  return found;
}

const SIDEWAYS = `(() => {
  const { scrollWidth } = document.documentElement;
  if (scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll('#root *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
  return [scrollWidth + ' px: ' + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | ')];
})()`;

const NARROW_APPS = ['central', 'driver', 'point', 'registry', 'weather'] as const;

for (const app of NARROW_APPS)
  test(`ux 2.8 no state of ${app} scrolls sideways on 320 px (200 % of 640), or on a desk with letters twice as large`, async () => {
    await atStates(app, { width: 320, height: 640 }, async (viewer) => {
      assert.deepEqual(await inEachState(viewer, SIDEWAYS), []);
    });
    await atStates(app, { width: 1280, height: 800 }, async (viewer) => {
      await viewer.page.evaluate(`document.documentElement.style.fontSize = '200%'`);
      assert.deepEqual(await inEachState(viewer, SIDEWAYS), []);
    });
  });

test('ux 2.8 whoever asks for no motion sees none, in any state of driver and point', async () => {
  const moving = `document.getAnimations().filter((one) => one.playState === 'running')
    .map((one) => one.effect?.target?.outerHTML.slice(0, 120))`;
  for (const app of ['driver', 'point'] as const)
    await atStates(app, PHONE, async (viewer) => {
      await viewer.page.emulateMedia({ reducedMotion: 'reduce' });
      assert.deepEqual(await inEachState(viewer, moving), []);
    });
});

test('ux 2.8 more contrast: lines as dark as text; in the system’s own colours the chosen is framed', async () => {
  await atStates('driver', PHONE, async (viewer) => {
    await show(viewer, 'points-all');
    const styleOf = async (testId: string): Promise<Record<string, string>> =>
      (await viewer.page.evaluate(`(() => {
        const { borderTopColor, borderTopWidth, color, outlineStyle } =
          getComputedStyle(document.querySelector('[data-testid="${testId}"]'));
        return { borderTopColor, borderTopWidth, color, outlineStyle };
      })()`)) as Record<string, string>;
    const plain = await styleOf('point-CP001');
    assert.notEqual(plain.borderTopColor, plain.color);
    await viewer.page.emulateMedia({ contrast: 'more' });
    const strong = await styleOf('point-CP001');
    assert.deepEqual([strong.borderTopColor, strong.borderTopWidth], [strong.color, '3px']);
    await viewer.page.emulateMedia({ contrast: null, forcedColors: 'active' });
    assert.equal((await styleOf('tab-/')).outlineStyle, 'solid');
    assert.equal((await styleOf('tab-/mas')).outlineStyle, 'none');
  });
});

test('ux 9.8 without any colour the five states differ by icon and by word', async () => {
  await atStates('driver', PHONE, async (viewer) => {
    await show(viewer, 'points-all');
    const badges = await viewer.at('state-badge').evaluateAll((all) =>
      all.map((badge) => ({
        word: badge.textContent ?? '',
        icon: badge.querySelector('svg')?.innerHTML ?? '',
      })),
    );
    const byWord = new Map(badges.map(({ word, icon }) => [word, icon]));
    assert.equal(byWord.size, 5);
    assert.equal(new Set(byWord.values()).size, 5);
    assert.ok(badges.every(({ word, icon }) => byWord.get(word) === icon));
  });
});

test('ux 2.8 what a driver presses is large enough for a finger, in every state', async () => {
  const small = `[...document.querySelectorAll('#root :is(button, select, input, nav a)')]
    .map((one) => one.closest('label') ?? one)
    .map((one) => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && (box.height < ${DRIVER_TARGET_PX} || box.width < ${DRIVER_TARGET_PX}))
    .map(({ one, box }) => Math.round(box.width) + ' x ' + Math.round(box.height) + ': ' + one.outerHTML.slice(0, 120))`;
  await atStates('driver', PHONE, async (viewer) => {
    assert.deepEqual(await inEachState(viewer, small), []);
  });
});

test('ux 2.8 what a hand presses at a point is large enough for a glove, in every state', async () => {
  const small = `[...document.querySelectorAll('[data-testid="band"] ~ * [data-testid^="engine-"]')]
    .map((one) => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ box }) => Math.min(box.width, box.height) < ${ENGINE_TARGET_PX})
    .map(({ one, box }) => Math.round(box.height) + ' px: ' + one.dataset.testid)`;
  await atStates('point', { width: 1024, height: 600 }, async (viewer) => {
    await show(viewer, 'engine-idle');
    await viewer.sees('engine-start');
    assert.deepEqual(await inEachState(viewer, small), []);
  });
});

test('ux 2.6 what takes longer than eight seconds says so and offers to ask again', async () => {
  const loading = [
    ['driver', 'points-loading'],
    ['point', 'engine-loading'],
    ['point', 'monitor-loading'],
    ['registry', 'points-loading'],
    ['weather', 'monitor-loading'],
  ] as const;
  for (const [app, id] of loading)
    await atStates(app, PHONE, async (viewer) => {
      await viewer.page.clock.install();
      await show(viewer, id);
      await viewer.sees('waiting');
      assert.equal(await viewer.at('waiting-retry').count(), 0);
      await viewer.page.clock.fastForward('00:09');
      await viewer.sees('waiting-retry');
    });
});

test('ux 3.3 the last ticket of a point prints alone on 80 mm, with the point’s name, black on white even from the dark theme', async () => {
  await atStates('point', { width: PAPER_80_MM_PX, colorScheme: 'dark' }, async (viewer) => {
    await show(viewer, 'engine-ticket');
    await viewer.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const seen = (await viewer.page.evaluate(`(() => {
      const ticket = document.querySelector('[data-testid="last-ticket"]');
      return {
        text: document.body.innerText,
        width: document.documentElement.scrollWidth,
        inks: [ticket, ...ticket.querySelectorAll('h2, p')].map((one) => getComputedStyle(one).color),
      };
    })()`)) as { text: string; width: number; inks: string[] };
    assert.match(seen.text, /CP001 · C\/ Italia 5, Alicante[\s\S]*52[\s\S]*0,200\s*kWh[\s\S]*0,05\s*€[\s\S]*CET/);
    assert.doesNotMatch(seen.text, /Recarga anónima|Panel técnico|DISPONIBLE/i);
    assert.ok(seen.width <= PAPER_80_MM_PX, `${seen.width} px`);
    for (const ink of seen.inks) {
      const darkness = Math.max(...(ink.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number));
      assert.ok(darkness < 110, ink);
    }
  });
});
