import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFormats, duration, roughAge } from './format.ts';

const spaces = (text: string) => text.replace(/\s/gu, ' ');
const es = createFormats('es', 'Europe/Madrid');
const en = createFormats('en', 'Europe/London');

test('kW is only for power and kWh only for energy, in the words of each language', () => {
  assert.equal(spaces(es.power(47_230)), '47,2 kW');
  assert.equal(spaces(es.energy(312)), '0,31 kWh');
  assert.equal(spaces(en.energyDetail(312)), '0.312 kWh');
});

test('money has two decimals and may be negative (a wallet)', () => {
  assert.equal(spaces(es.money(8)), '0,08 €');
  assert.equal(en.money(-412), '-€4.12');
});

test('a price shows three decimals, four only if the last one says something', () => {
  assert.equal(spaces(es.price(2_500)), '0,250 €/kWh');
  assert.equal(spaces(es.price(2_505)), '0,2505 €/kWh');
});

test('times are in the viewer’s zone, and the zone has a name', () => {
  const atMs = Date.UTC(2026, 0, 8, 20, 8, 24);
  assert.equal(es.time(atMs), '21:08:24');
  assert.equal(en.time(atMs), '20:08:24');
  assert.equal(es.zone(atMs), 'CET');
});

test('a charge of 18 s shows 18 s', () => {
  assert.equal(duration(18_000), '00:18');
  assert.equal(duration(3_723_999), '1:02:03');
  assert.equal(duration(-5), '00:00');
});

test('ages are rough', () => {
  assert.equal(spaces(roughAge(48_000)), '48 s');
  assert.equal(spaces(roughAge(190_000)), '3 min');
  assert.equal(spaces(roughAge(7_300_000)), '2 h');
});
