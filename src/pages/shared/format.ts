export type Language = 'es' | 'en';

/** Figures and times as a person reads them; the server's integers in, text out, never a sum in between. */
export type Formats = {
  /** Watts -> "47,2 kW". */
  power(powerW: number): string;
  /** Watt-hours -> "0,31 kWh". */
  energy(energyWh: number): string;
  /** Watt-hours -> "0,312 kWh", for a ticket or a detail. */
  energyDetail(energyWh: number): string;
  /** Cents -> "0,08 €". */
  money(amountCents: number): string;
  /** 1/10,000 euro -> "0,250 €/kWh" (four decimals if the last is not 0). */
  price(priceE4PerKwh: number): string;
  /** "21:08:24" in the viewer's zone. */
  time(atMs: number): string;
  /** "23 nov 2026, 21:08:24". */
  dateTime(atMs: number): string;
  date(atMs: number): string;
  /** A date with its year, for what may be long ago. */
  fullDate(atMs: number): string;
  month(atMs: number): string;
  /** Short name of the viewer's time zone at that moment, e.g. "CET". */
  zone(atMs: number): string;
  /** 0 -> "lun", Monday first. */
  weekday(day: number): string;
  number(value: number): string;
  /** 1/100 degree C -> "−3,1 °C". */
  temperature(temperatureCc: number): string;
  /** Whole degrees C -> "−3 °C". */
  degrees(celsius: number): string;
};

const LOCALES: Record<Language, string> = { es: 'es-ES', en: 'en-GB' };
const NBSP = '\u00a0';

/** Formats of a language; `timeZone` only for tests, pages use the viewer's. */
export function createFormats(language: Language, timeZone?: string): Formats {
  const locale = LOCALES[language];
  const decimals = (digits: number) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const [one, two, three, four] = [decimals(1), decimals(2), decimals(3), decimals(4)];
  const euros = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' });
  const dates = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const time = dates(clock);
  const dateTime = dates({ day: 'numeric', month: 'short', year: 'numeric', ...clock });
  const date = dates({ day: '2-digit', month: '2-digit' });
  const fullDate = dates({ day: 'numeric', month: 'short', year: 'numeric' });
  const month = dates({ month: 'long', year: 'numeric' });
  const zone = dates({ timeZoneName: 'short' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const plain = new Intl.NumberFormat(locale);
  return {
    power: (powerW) => `${one!.format(powerW / 1_000)}${NBSP}kW`,
    energy: (energyWh) => `${two!.format(energyWh / 1_000)}${NBSP}kWh`,
    energyDetail: (energyWh) => `${three!.format(energyWh / 1_000)}${NBSP}kWh`,
    money: (amountCents) => euros.format(amountCents / 100),
    price: (priceE4) => `${(priceE4 % 10 === 0 ? three : four)!.format(priceE4 / 10_000)}${NBSP}€/kWh`,
    time: (atMs) => time.format(atMs),
    dateTime: (atMs) => dateTime.format(atMs),
    date: (atMs) => date.format(atMs),
    fullDate: (atMs) => fullDate.format(atMs),
    month: (atMs) => month.format(atMs),
    zone: (atMs) => zone.formatToParts(atMs).find((part) => part.type === 'timeZoneName')?.value ?? '',
    weekday: (day) => weekday.format(Date.UTC(2024, 0, 1 + day)),
    number: (value) => plain.format(value),
    temperature: (cc) => `${withMinus(one!.format(Math.round(cc / 10) / 10 || 0))}${NBSP}°C`,
    degrees: (celsius) => `${withMinus(plain.format(celsius))}${NBSP}°C`,
  };
}

/** A minus sign as wide as a figure, not a hyphen. */
function withMinus(figure: string): string {
  return figure.replace('-', '−');
}

/** Milliseconds -> "00:24", "1:02:03". Negative counts as nothing. */
export function duration(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** Milliseconds -> "48 s", "3 min", "2 h", "5 d": the rough age of something. */
export function roughAge(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1_000));
  if (seconds < 60) return `${seconds}${NBSP}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}${NBSP}min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}${NBSP}h`;
  return `${Math.floor(seconds / 86_400)}${NBSP}d`;
}
