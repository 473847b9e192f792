import type { ActivityCode } from '../../messages/shown-codes.ts';
import type { Clock } from '../clock.ts';

/** One line of the activity log of a page: a code with parameters, the page translates. */
export type LogLine = { atMs: number; code: ActivityCode; params: Record<string, string | number> };

export type ActivityLog = {
  add(code: ActivityCode, params?: Record<string, string | number>): void;
  lines(): LogLine[];
};

/** The newest lines, newest last. */
export function createActivityLog(clock: Clock, maxLines = 100): ActivityLog {
  const lines: LogLine[] = [];
  return {
    add(code, params = {}) {
      lines.push({ atMs: clock.nowMs(), code, params });
      if (lines.length > maxLines) lines.shift();
    },
    lines: () => [...lines],
  };
}
