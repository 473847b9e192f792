import { systemClock } from '../../io/clock.ts';
import { configFromCommandLine, helpText } from '../../io/config.ts';
import { createPasswords } from '../../io/crypto/password.ts';
import { createLog } from '../../io/log.ts';
import { createOperator, enrolPoint, resetOperatorPassword } from './commands.ts';
import { adminSettings } from './config.ts';
import { type InitParts, initialiseNetwork } from './init.ts';

const USAGE = `Usage: ev admin COMMAND
  init                              make what the network lacks; run at every start
  create-operator NAME [ROLE]       viewer, operator (default) or admin; prints the password once
  create-admin NAME                 the same with the role admin
  reset-password NAME               prints a new password and ends the sessions
  enrol CP --zone Z --city C --country CC --address A --price-e4 N --power-w N
                                    creates a charging point and prints its enrolment token
  enrol CP                          a new enrolment token for a point that is there
  enrol --uses N [--zone Z]         one token by which N points of a fleet register (EV_ENROLMENT_TOKEN of ev fleet)`;

type AdminCommand = (parts: InitParts, args: readonly string[]) => Promise<void>;

const COMMANDS: Readonly<Record<string, AdminCommand>> = {
  init: initialiseNetwork,
  'create-operator': createOperator,
  'create-admin': (parts, [name = '']) => createOperator(parts, [name, 'admin']),
  'reset-password': resetOperatorPassword,
  enrol: enrolPoint,
};

/** `ev admin ...`: one-shot commands with the database superuser's URL. */
export async function main(args: string[]): Promise<void> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const isHelp = name === '' || name === '--help' || name === '-h' || name === 'help';
    (isHelp ? process.stdout : process.stderr).write(helpText(USAGE, adminSettings));
    process.exitCode = isHelp ? 0 : 2;
    return;
  }
  const config = configFromCommandLine({ usage: USAGE, schema: adminSettings, args: [] });
  if (!config) return;
  const log = createLog('admin', { level: process.env.EV_LOG_LEVEL ?? 'error' });
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    await command({ config, clock: systemClock, log, passwords: createPasswords(), say }, rest);
  } catch (error) {
    process.stderr.write(`ev admin ${name}: ${reasonOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** Our own faults are sentences; anything else keeps its stack. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isSentence = 'code' in error && typeof error.code === 'string';
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return isSentence ? `${error.message}${cause}` : (error.stack ?? error.message);
}
