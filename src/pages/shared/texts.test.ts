import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DECLINE_CODES,
  END_REASONS,
  OPEN_SUPPLY_STATES,
  OUT_OF_SERVICE_REASONS,
  POINT_STATES,
  REFUSAL_CODES,
  SUSPECT_REASONS,
} from '../../domain/vocabulary.ts';
import { ACTIVITY_CODES, PANEL_MESSAGE_CODES } from '../../messages/shown-codes.ts';
import { central as centralEn } from '../central/texts/en.ts';
import { central as centralEs } from '../central/texts/es.ts';
import { driver as driverEn } from '../driver/texts/en.ts';
import { driver as driverEs } from '../driver/texts/es.ts';
import { point as pointEn } from '../point/texts/en.ts';
import { point as pointEs } from '../point/texts/es.ts';
import { registry as registryEn } from '../registry/texts/en.ts';
import { registry as registryEs } from '../registry/texts/es.ts';
import { weather as weatherEn } from '../weather/texts/en.ts';
import { weather as weatherEs } from '../weather/texts/es.ts';
import type { TextTree } from './text-keys.ts';
import { shared as sharedEn } from './texts/en.ts';
import { shared as sharedEs } from './texts/es.ts';

const AREAS: Record<string, { es: TextTree; en: TextTree }> = {
  shared: { es: sharedEs, en: sharedEn },
  central: { es: centralEs, en: centralEn },
  driver: { es: driverEs, en: driverEn },
  point: { es: pointEs, en: pointEn },
  registry: { es: registryEs, en: registryEn },
  weather: { es: weatherEs, en: weatherEn },
};

function flat(tree: TextTree, prefix = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') texts.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) texts.set(inner, text);
  }
  return texts;
}

function paramsOf(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).sort();
}

for (const [name, { es, en }] of Object.entries(AREAS)) {
  test(`ux 9.9 ${name}: every key exists in both languages with equal parameters, and no text is empty`, () => {
    const spanish = flat(es);
    const english = flat(en);
    assert.deepEqual([...english.keys()].sort(), [...spanish.keys()].sort());
    for (const [key, text] of spanish) {
      assert.notEqual(text.trim(), '', key);
      assert.deepEqual(paramsOf(english.get(key)!), paramsOf(text), key);
    }
  });
}

test('no page’s own words hide a shared area', () => {
  for (const [name, { es }] of Object.entries(AREAS)) {
    if (name === 'shared') continue;
    for (const area of Object.keys(es)) assert.equal(area in sharedEs, false, `${name}: ${area}`);
  }
});

test('every code of the closed lists has words', () => {
  const texts = flat(sharedEs);
  const wanted = [
    ...REFUSAL_CODES.map((code) => `refusal.${code}`),
    ...DECLINE_CODES.map((code) => `decline.${code}`),
    ...END_REASONS.map((code) => `end.${code}`),
    ...OUT_OF_SERVICE_REASONS.map((code) => `reason.${code}`),
    ...OPEN_SUPPLY_STATES.map((code) => `phase.${code}`),
    ...SUSPECT_REASONS.map((code) => `suspect.${code}`),
    ...POINT_STATES.flatMap((code) => [`state.panel.${code}`, `state.driver.${code}`]),
  ];
  assert.deepEqual(
    wanted.filter((key) => !texts.has(key)),
    [],
  );
});

test('every message of the panel and every line of the activity logs has words, and no words are for nothing', () => {
  assert.deepEqual(Object.keys(centralEs.message).sort(), [...PANEL_MESSAGE_CODES].sort());
  assert.deepEqual(Object.keys(pointEs.log).sort(), [...ACTIVITY_CODES].sort());
});

test('S-UI-01, S-UI-02, S-UI-10, S-UI-17: the pages have the titles of the description', () => {
  assert.equal(centralEs.central.title, 'Panel Central EV Charging');
  assert.equal(centralEs.central.networkState, 'Estado de la Red');
  assert.equal(driverEs.driver.title, 'Panel Driver');
  assert.equal(pointEs.point.engineTitle, 'Panel Engine');
  assert.equal(pointEs.point.state, 'Estado actual');
});
