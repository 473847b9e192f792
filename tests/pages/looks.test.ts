import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PageApp } from '../../src/pages/vite.config.ts';
import {
  type PageBrowser,
  SEEN_WITHIN_MS,
  startPageBrowser,
  type ViewerChoice,
} from '../../src/testing/page-browser.ts';
import { PHONE } from '../../src/testing/page-hands.ts';
import { atScenes, type Scenes } from '../../src/testing/page-scenes.ts';
import { until } from '../../src/testing/until.ts';

/** Under this size a finger misses (ux 2.8: Driver). */
const DRIVER_TARGET_PX = 48;
/** The same for a gloved hand at a point (ux 2.8: Engine). */
const ENGINE_TARGET_PX = 64;
const PAPER_80_MM_PX = 302;
/** In such steps a page's clock is moved until what waits says so. */
const STEP_MS = 100;
/** What a page's timers have just changed is drawn in the task after. */
const NEXT_TASK = `new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = done;
  port2.postMessage(0);
}).then(() => undefined)`;

let browser: PageBrowser;
before(async () => {
  browser = await startPageBrowser();
});
after(() => browser?.stop());

const atStates = (app: PageApp, choice: ViewerChoice, use: (scenes: Scenes) => Promise<void>): Promise<void> =>
  atScenes(browser, { app, choice }, use);

/** What a look finds in each state, by the state's name; a state in which it finds nothing is left out. */
async function inEachState({ viewer, list, show }: Scenes, look: string): Promise<string[]> {
  const found: string[] = [];
  for (const id of await list()) {
    await show(id);
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
    await atStates(app, { width: 320, height: 640 }, async (scenes) => {
      assert.deepEqual(await inEachState(scenes, SIDEWAYS), []);
    });
    await atStates(app, { width: 1280, height: 800 }, async (scenes) => {
      await scenes.viewer.page.evaluate(`document.documentElement.style.fontSize = '200%'`);
      assert.deepEqual(await inEachState(scenes, SIDEWAYS), []);
    });
  });

test('ux 2.8 whoever asks for no motion sees none, in any state of driver and point', async () => {
  const moving = `document.getAnimations().filter((one) => one.playState === 'running')
    .map((one) => one.effect?.target?.outerHTML.slice(0, 120))`;
  for (const app of ['driver', 'point'] as const)
    await atStates(app, PHONE, async (scenes) => {
      await scenes.viewer.page.emulateMedia({ reducedMotion: 'reduce' });
      assert.deepEqual(await inEachState(scenes, moving), []);
    });
});

test('ux 2.8 more contrast: lines as dark as text; in the system’s own colours the chosen is framed', async () => {
  await atStates('driver', PHONE, async ({ viewer, show }) => {
    await show('points-all');
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
  await atStates('driver', PHONE, async ({ viewer, show }) => {
    await show('points-all');
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
  await atStates('driver', PHONE, async (scenes) => {
    assert.deepEqual(await inEachState(scenes, small), []);
  });
});

test('ux 2.8 what a hand presses at a point is large enough for a glove, in every state', async () => {
  const small = `[...document.querySelectorAll('[data-testid="band"] ~ * [data-testid^="engine-"]')]
    .map((one) => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ box }) => Math.min(box.width, box.height) < ${ENGINE_TARGET_PX})
    .map(({ one, box }) => Math.round(box.height) + ' px: ' + one.dataset.testid)`;
  await atStates('point', { width: 1024, height: 600 }, async (scenes) => {
    await scenes.show('engine-idle');
    await scenes.viewer.sees('engine-start');
    assert.deepEqual(await inEachState(scenes, small), []);
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
    await atStates(app, PHONE, async ({ viewer, put }) => {
      const { clock } = viewer.page;
      await clock.install();
      await clock.pauseAt(Date.now() + 60_000);
      await put(id);
      // Its timers begin once it is drawn: of its eight seconds, 200 to 300 ms are over when it appears.
      const isWaiting = async (): Promise<boolean> => {
        await clock.runFor(STEP_MS);
        await viewer.page.evaluate(NEXT_TASK);
        return (await viewer.at('waiting').count()) > 0;
      };
      await until('it waits', isWaiting, SEEN_WITHIN_MS);
      await clock.runFor(7_500);
      await viewer.page.evaluate(NEXT_TASK);
      assert.equal(await viewer.at('waiting-retry').count(), 0, 'before its time');
      await clock.runFor(500);
      await viewer.sees('waiting-retry');
    });
});

test('ux 3.3 the last ticket of a point prints alone on 80 mm, with the point’s name, black on white even from the dark theme', async () => {
  await atStates('point', { width: PAPER_80_MM_PX, colorScheme: 'dark' }, async ({ viewer, show }) => {
    await show('engine-ticket');
    await viewer.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const seen = (await viewer.page.evaluate(`(() => {
      const ticket = document.querySelector('[data-testid="last-ticket"]');
      return {
        text: document.body.innerText,
        width: document.documentElement.scrollWidth,
        inks: [ticket, ...ticket.querySelectorAll('h2, p')].map((one) => getComputedStyle(one).color),
      };
    })()`)) as { text: string; width: number; inks: string[] };
    assert.match(seen.text, /CP001 · C\/ Italia 5, Alicante[\s\S]*52[\s\S]*0,200\s*kWh[\s\S]*0,05\s*€[\s\S]*CES?T/);
    assert.doesNotMatch(seen.text, /Recarga anónima|Panel técnico|DISPONIBLE/i);
    assert.ok(seen.width <= PAPER_80_MM_PX, `${seen.width} px`);
    for (const ink of seen.inks) {
      const darkness = Math.max(...(ink.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number));
      assert.ok(darkness < 110, ink);
    }
  });
});
