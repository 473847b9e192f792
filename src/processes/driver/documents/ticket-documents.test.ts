import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TicketView } from '../../../messages/entities.ts';
import { ticketView } from '../../../pages/testing/scenes.ts';
import { isTimeZone, ticketHtml, ticketsCsv, ticketText } from './ticket-documents.ts';

const pluggedAtMs = Date.UTC(2026, 0, 8, 20, 8, 24);
const ticket: TicketView = ticketView(52, {
  ...{ pluggedAtMs, endedAtMs: pluggedAtMs + 18_000, energyWh: 200, amountCents: 5, endReason: 'DRIVER_STOP' },
});
const choice = { language: 'es', timeZone: 'Europe/Madrid' } as const;

test('ux 3.2, ux 9.11: a ticket as text has 40 columns, one named time zone, kWh for energy and 18 s for 18 s', () => {
  const text = ticketText(ticket, choice);
  assert.ok(
    text.split('\n').every((line) => line.length <= 40),
    text,
  );
  for (const words of [
    'Ticket de recarga 52',
    '08/01/2026 21:08:24 (CET)',
    '00:00:18',
    '0,200 kWh',
    '0,05 EUR',
    'DEFINITIVO',
  ])
    assert.ok(text.includes(words), `${words} is not in\n${text}`);
  assert.equal(/\bkW\b/.test(text), false);
  assert.ok(ticketText({ ...ticket, isEstimated: true }, choice).includes('ESTIMADO'));
});

test('ticket as HTML: same figures, self-contained, what others wrote is text', () => {
  const html = ticketHtml({ ...ticket, address: '<script>x</script>' }, { ...choice, language: 'en' });
  assert.ok(html.includes('0.200 kWh') && html.includes('0.05 EUR') && html.includes('by the user'));
  assert.equal(/<script|https?:|<link|<img/.test(html), false);
});

test('CSV has integers and UTC, and no cell that a spreadsheet would run', () => {
  const csv = ticketsCsv([{ ...ticket, address: '=1+1, "x"' }]);
  assert.ok(csv.includes('2026-01-08T20:08:24.000Z') && csv.includes(',200,2500,5,DRIVER_STOP,false'));
  assert.ok(csv.includes(`"'=1+1, ""x"""`), csv);
});

test('an invented time zone is none', () => {
  assert.deepEqual([isTimeZone('Europe/Madrid'), isTimeZone('Mars/Olympus')], [true, false]);
});
