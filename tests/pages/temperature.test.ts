import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type PageBrowser, startPageBrowser, type ViewerChoice } from '../../src/testing/page-browser.ts';
import { PHONE } from '../../src/testing/page-hands.ts';
import { atScenes } from '../../src/testing/page-scenes.ts';

const SPANISH: ViewerChoice = { locale: 'es-ES' };
const ENGLISH: ViewerChoice = { locale: 'en-GB' };

let browser: PageBrowser;
before(async () => {
  browser = await startPageBrowser();
});
after(() => browser?.stop());

for (const { choice, cold, hot } of [
  { choice: SPANISH, cold: /cerca del mínimo.*por frío/, hot: /cerca del máximo.*por calor/ },
  { choice: ENGLISH, cold: /near the minimum.*cold/, hot: /near the maximum.*heat/ },
])
  test(`ux 3.2 who is about to ask for a charge reads the temperature, and that the weather may stop the point (${choice.locale})`, async () => {
    await atScenes(browser, { app: 'driver', choice: { ...PHONE, ...choice } }, async ({ viewer, show }) => {
      await show('charge-sheet-cold');
      await viewer.reads('sheet-temperature', /^1\s°C$/);
      await viewer.reads('sheet-weather', cold);
      await show('charge-sheet-hot');
      await viewer.reads('sheet-temperature', /^39\s°C$/);
      await viewer.reads('sheet-weather', hot);
      await show('charge-sheet');
      await viewer.reads('sheet-temperature', /^21\s°C$/);
      assert.equal(await viewer.at('sheet-weather').count(), 0, 'of 21 °C nobody is warned');
    });
  });

for (const { choice, out } of [
  { choice: SPANISH, out: /Fuera de servicio por temperatura \(−3\s°C\)\. Se reactivará solo/ },
  { choice: ENGLISH, out: /Out of order because of the temperature \(−3\s°C\)\. It will reactivate by itself/ },
])
  test(`ux 3.3, 2.4 the band of a point has the temperature, and so has its reason when that stopped it (${choice.locale})`, async () => {
    await atScenes(
      browser,
      { app: 'point', choice: { width: 1024, height: 600, ...choice } },
      async ({ viewer, show }) => {
        await show('engine-idle-warm');
        await viewer.reads('band-facts', /· 21\s°C$/);
        await show('engine-out-cold');
        await viewer.reads('band-facts', /· −3\s°C$/);
        await viewer.reads('out-reasons', out);
        await show('engine-idle');
        await viewer.reads('band-facts', /kWh$/);
      },
    );
  });
