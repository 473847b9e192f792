import { type DestinationStream, type Logger, pino } from 'pino';
import { redact } from './redact.ts';

/** Our log: `log.info({ cpId }, 'sentence')`. Secret-looking keys never reach the output (F-48). */
export type Log = Logger;

/** How much is logged and where it goes; stdout unless a test passes a stream. */
export type LogOptions = { level?: string; destination?: DestinationStream };

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * JSON lines on stdout, one log per component. Level: the option, else EV_LOG_LEVEL, else `info`;
 * an unknown level counts as `info` so that a typo cannot keep a service down.
 */
export function createLog(component: string, options: LogOptions = {}): Log {
  const wanted = options.level ?? process.env.EV_LOG_LEVEL ?? 'info';
  const settings = {
    level: LEVELS.includes(wanted) ? wanted : 'info',
    base: { component },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: redact },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: object) => redact(fields) as Record<string, unknown>,
    },
  };
  const log = options.destination ? pino(settings, options.destination) : pino(settings);
  // pino formats no bindings of children; they inherit this one.
  const { child } = log;
  log.child = function childWithoutSecrets(this: Log, bindings, childOptions) {
    return child.call(this, redact(bindings) as typeof bindings, childOptions);
  } as typeof child;
  return log;
}
