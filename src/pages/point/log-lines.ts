import type { EngineView } from '../../messages/live-stream.ts';
import type { ActivityCode } from '../../messages/shown-codes.ts';

export type LogLine = EngineView['log'][number];

export const LOG_LEVELS = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const LEVELS: Partial<Record<ActivityCode, LogLevel>> = {
  ALREADY_PAIRED: 'warn',
  AUTHENTICATION_REFUSED: 'error',
  BAD_PAIRING: 'error',
  CENTRAL_CLOSED: 'warn',
  CENTRAL_LOST: 'error',
  CHANNEL_DOWN: 'warn',
  DECLINED: 'warn',
  ENGINE_GONE: 'error',
  ENGINE_KO: 'error',
  FAULT_ON: 'warn',
  JOURNAL_UNWRITABLE: 'error',
  KEY_REVOKED: 'error',
  LINK_CUT: 'warn',
  LOCAL_HOLD_ON: 'warn',
  MONITOR_GONE: 'error',
  PAIRING_REFUSED: 'error',
  REGISTRATION_FAILED: 'error',
  SUPPLY_DROPPED: 'warn',
  UNREGISTERED: 'warn',
};

/** How bad a line is; a code that this page does not know is plain information. */
export function levelOf(code: string): LogLevel {
  return LEVELS[code as ActivityCode] ?? 'info';
}

/** Lines of at least this level, newest first, each with a key that stays its own. */
export function shownLines(lines: readonly LogLine[], least: LogLevel): { line: LogLine; key: string }[] {
  const rank = LOG_LEVELS.indexOf(least);
  const sameSoFar = new Map<string, number>();
  return lines
    .map((line) => {
      const name = `${line.atMs} ${line.code}`;
      const count = (sameSoFar.get(name) ?? 0) + 1;
      sameSoFar.set(name, count);
      return { line, key: `${name} ${count}` };
    })
    .filter(({ line }) => LOG_LEVELS.indexOf(levelOf(line.code)) >= rank)
    .reverse();
}

/** How many lines have come since these were taken. */
export function newerCount(lines: readonly LogLine[], frozen: readonly LogLine[]): number {
  const last = frozen.at(-1);
  if (!last) return lines.length;
  const place = lines.findLastIndex((line) => line.atMs === last.atMs && line.code === last.code);
  return lines.length - 1 - place;
}
