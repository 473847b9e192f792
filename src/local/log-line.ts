const COLOURS = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94] as const;
const RED = 31;
const YELLOW = 33;
const DIM = 2;
const SHOWN_VALUE_LENGTH = 160;
const HIDDEN_FIELDS = new Set(['level', 'time', 'component', 'msg', 'pid', 'hostname', 'err']);

/** How lines are shown: with colours (a terminal) or without; `nameWidth` lines the messages up. */
export type LineStyle = { hasColours: boolean; nameWidth: number };

/** Whether a line belongs on the screen; PostgreSQL's routine lines stay in its file. */
export function isWorthShowing(name: string, raw: string): boolean {
  return name !== 'postgres' || !/ (LOG|STATEMENT|DETAIL): {2}/.test(raw);
}

/** One raw line of a process as a person reads it: `12:00:01 central      WARN sentence key=value`. */
export function renderLine(name: string, raw: string, style: LineStyle): string {
  const paint = (code: number, text: string): string => (style.hasColours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const prefix = paint(colourOf(name), name.padEnd(style.nameWidth));
  const entry = parseEntry(raw);
  if (entry === undefined) return `${paint(DIM, '        ')} ${prefix} ${raw}`;
  const level = typeof entry.level === 'string' ? entry.level : 'info';
  const fields = Object.entries(entry).filter(([key]) => !HIDDEN_FIELDS.has(key));
  const details = fields.map(([key, value]) => paint(DIM, `${key}=${shown(value)}`));
  const parts = [paint(DIM, clockTime(entry.time)), prefix, ...levelMark(level, paint), String(entry.msg ?? '')];
  return [...parts, ...details, ...errorText(entry.err, paint)].join(' ');
}

function levelMark(level: string, paint: (code: number, text: string) => string): string[] {
  if (level === 'error' || level === 'fatal') return [paint(RED, level.toUpperCase())];
  return level === 'warn' ? [paint(YELLOW, 'WARN')] : [];
}

function errorText(error: unknown, paint: (code: number, text: string) => string): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { message, code } = error as { message?: unknown; code?: unknown };
  return [paint(RED, `${String(message ?? 'error')}${code === undefined ? '' : ` (${String(code)})`}`)];
}

function parseEntry(raw: string): Record<string, unknown> | undefined {
  if (!raw.startsWith('{')) return undefined;
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function clockTime(time: unknown): string {
  const text = typeof time === 'string' ? time : '';
  return /T(\d\d:\d\d:\d\d)/.exec(text)?.[1] ?? '        ';
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN_VALUE_LENGTH ? `${text.slice(0, SHOWN_VALUE_LENGTH)}…` : text;
}

function colourOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return COLOURS[sum % COLOURS.length] ?? COLOURS[0];
}
