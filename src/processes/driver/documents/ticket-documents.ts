import { csvText, csvTime } from '../../../messages/csv-text.ts';
import type { TicketView } from '../../../messages/entities.ts';
import { END_REASON_WORDS } from '../../../messages/spoken-codes.ts';
import { type DocumentLanguage, TICKET_WORDS } from './ticket-words.ts';

/** How a ticket file is written: language and IANA time zone of who reads it. */
export type DocumentChoice = { language: DocumentLanguage; timeZone: string };

/** One line of a ticket: name and value, as the page shows them. */
export type TicketRow = { name: string; value: string };
type TicketSheet = {
  title: string;
  rows: TicketRow[];
  figures: TicketRow[];
  total: TicketRow;
  foot: TicketRow;
  seal: string;
};

const COLUMNS = 40;
const NAME_COLUMNS = 11;

/** True for a time zone that this computer knows. */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function clockText(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function sheetOf(ticket: TicketView, { language, timeZone }: DocumentChoice): TicketSheet {
  const words = TICKET_WORDS[language];
  const decimals = (digits: number) =>
    new Intl.NumberFormat(words.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const times = new Intl.DateTimeFormat(words.locale, {
    ...({ day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const),
    ...({ second: '2-digit', hourCycle: 'h23', timeZone, timeZoneName: 'short' } as const),
  });
  const time = (atMs: number) => {
    const part = Object.fromEntries(times.formatToParts(atMs).map(({ type, value }) => [type, value]));
    return `${part.day}/${part.month}/${part.year} ${part.hour}:${part.minute}:${part.second} (${part.timeZoneName})`;
  };
  const { pluggedAtMs, correctsTicketNumber, priceE4PerKwh } = ticket;
  return {
    title: `${words.title} ${ticket.ticketNumber}`,
    rows: [
      { name: words.point, value: `${ticket.cpId} · ${ticket.address}` },
      { name: words.driver, value: ticket.driverId ?? words.anonymous },
      { name: pluggedAtMs ? words.start : words.requested, value: time(pluggedAtMs ?? ticket.requestedAtMs) },
      { name: words.end, value: time(ticket.endedAtMs) },
      { name: words.duration, value: pluggedAtMs ? clockText(ticket.endedAtMs - pluggedAtMs) : '-' },
    ],
    figures: [
      { name: words.energy, value: `${decimals(3).format(ticket.energyWh / 1_000)} kWh` },
      {
        name: words.tariff,
        value: `${decimals(priceE4PerKwh % 10 === 0 ? 3 : 4).format(priceE4PerKwh / 10_000)} EUR/kWh`,
      },
      ...(correctsTicketNumber ? [{ name: words.corrects, value: String(correctsTicketNumber) }] : []),
    ],
    total: { name: words.total, value: `${decimals(2).format(ticket.amountCents / 100)} EUR` },
    foot: { name: words.endReason, value: END_REASON_WORDS[language][ticket.endReason] },
    seal: ticket.isEstimated ? words.estimated : words.final,
  };
}

/** Breaks a value at blanks so that it fits beside its name. */
function wrapped(value: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of value.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else for (let at = 0; at < Math.max(1, word.length); at += columns) lines.push(word.slice(at, at + columns));
  }
  return lines;
}

function centred(text: string): string {
  return `${' '.repeat(Math.max(0, Math.floor((COLUMNS - text.length) / 2)))}${text}`;
}

/** The ticket in 40 columns of plain text, for a receipt printer (ux 3.2). */
export function ticketText(ticket: TicketView, choice: DocumentChoice): string {
  const sheet = sheetOf(ticket, choice);
  const rule = '-'.repeat(COLUMNS);
  const left = ({ name, value }: TicketRow) =>
    wrapped(value, COLUMNS - NAME_COLUMNS).map(
      (part, index) => `${(index === 0 ? name : '').padEnd(NAME_COLUMNS)}${part}`,
    );
  const right = ({ name, value }: TicketRow) => `${name}${value.padStart(COLUMNS - name.length)}`;
  return [
    centred('EV CHARGING'),
    centred(sheet.title),
    rule,
    ...sheet.rows.flatMap(left),
    ...sheet.figures.map(right),
    rule,
    right(sheet.total),
    ...left(sheet.foot),
    sheet.seal.padStart(COLUMNS),
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const PRINT_STYLE = `body{font:14px/1.5 system-ui,sans-serif;color:#000;background:#fff;max-width:72mm;margin:4mm auto}
h1{font-size:18px;margin:0}dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;border-top:1px solid;padding-top:8px}
dd{margin:0;text-align:right;overflow-wrap:anywhere}.total{display:flex;justify-content:space-between;border-top:2px dashed;
padding-top:8px;font-size:22px;font-weight:700}.seal{font-weight:700;border:1px solid;display:inline-block;padding:0 6px}
@page{margin:4mm}`;

/** The ticket as one HTML file without anything outside it; prints at 80 mm and on A4. */
export function ticketHtml(ticket: TicketView, choice: DocumentChoice): string {
  const sheet = sheetOf(ticket, choice);
  const list = [...sheet.rows, ...sheet.figures, sheet.foot]
    .map(({ name, value }) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`)
    .join('\n');
  return `<!doctype html>
<html lang="${choice.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>EV Charging - ${escaped(sheet.title)}</title><style>${PRINT_STYLE}</style></head><body>
<h1>EV Charging</h1><p>${escaped(sheet.title)} <span class="seal">${escaped(sheet.seal)}</span></p>
<dl>
${list}
</dl>
<p class="total"><span>${escaped(sheet.total.name)}</span><span>${escaped(sheet.total.value)}</span></p>
</body></html>
`;
}

const CSV_HEAD =
  'ticket,corrects,point,address,requested,plugged,ended,energy_wh,price_e4_per_kwh,amount_cents,end_reason,estimated';

/** Tickets as CSV: integers and UTC times, for programs. */
export function ticketsCsv(tickets: readonly TicketView[]): string {
  const rows = tickets.map((ticket) => [
    ...[ticket.ticketNumber, ticket.correctsTicketNumber, ticket.cpId, ticket.address],
    ...[csvTime(ticket.requestedAtMs), csvTime(ticket.pluggedAtMs), csvTime(ticket.endedAtMs), ticket.energyWh],
    ...[ticket.priceE4PerKwh, ticket.amountCents, ticket.endReason, ticket.isEstimated],
  ]);
  return csvText([CSV_HEAD.split(','), ...rows]);
}
