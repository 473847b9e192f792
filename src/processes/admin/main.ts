import { join } from 'node:path';
import { systemClock } from '../../io/clock.ts';
import { BadArgument, wantsHelp } from '../../io/command-line.ts';
import { configFromCommandLine, helpText } from '../../io/config.ts';
import { createPasswords } from '../../io/crypto/password.ts';
import { createLog } from '../../io/log.ts';
import { COMMANDS } from './catalogue.ts';
import type { AdminCommand } from './command.ts';
import { adminSettings } from './config.ts';

const EXIT = { done: 0, refused: 1, badUsage: 2 } as const;

function formLines(commands: readonly AdminCommand[]): string[] {
  return commands.flatMap(({ forms }) => forms.map(([typed, does]) => `  ev admin ${typed}\n      ${does}`));
}

function usage(): string {
  return [
    'Usage: ev admin COMMAND ...      (ev admin COMMAND --help tells one)',
    ...formLines(Object.values(COMMANDS)),
    '',
    'Exit codes: 0 done, 1 refused or failed (the reason is on stderr), 2 not understood.',
  ].join('\n');
}

/** With EV_VAR_DIR, as for ./run_all.sh, the files of that network are meant. */
function nameFilesOf(varFolder: string): void {
  const secrets = join(varFolder, 'secrets');
  const files = {
    DATABASE_ADMIN_URL_FILE: join(secrets, 'database-admin.url'),
    EV_SECRETS_DIR: secrets,
    EV_MASTER_KEY_FILE: join(secrets, 'master.key'),
    EV_CA_FILE: join(secrets, 'ca.pem'),
    EV_AUDIT_DIR: join(varFolder, 'logs'),
  };
  for (const [variable, path] of Object.entries(files)) process.env[variable] ??= path;
}

/** `ev admin ...`: one-shot commands with the database superuser's URL. */
export async function main(args: string[]): Promise<void> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const isHelp = ['', '--help', '-h', 'help'].includes(name);
    if (isHelp) process.stdout.write(helpText(usage(), adminSettings));
    else process.stderr.write(`ev admin: there is no command '${name}'\n\n${usage()}\n`);
    process.exitCode = isHelp ? EXIT.done : EXIT.badUsage;
    return;
  }
  if (wantsHelp(rest)) {
    process.stdout.write(helpText(`Usage:\n${formLines([command]).join('\n')}`, adminSettings));
    return;
  }
  if (process.env.EV_VAR_DIR) nameFilesOf(process.env.EV_VAR_DIR);
  const config = configFromCommandLine({ usage: usage(), schema: adminSettings, args: [] });
  if (!config) return;
  const log = createLog('admin', { level: process.env.EV_LOG_LEVEL ?? 'error' });
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    await command.run({ config, clock: systemClock, log, passwords: createPasswords(), say }, rest);
  } catch (error) {
    process.stderr.write(`ev admin ${name}: ${reasonOf(error)}\n`);
    process.exitCode = error instanceof BadArgument ? EXIT.badUsage : EXIT.refused;
    if (error instanceof BadArgument) process.stderr.write(`${formLines([command]).join('\n')}\n`);
  }
}

/** Our own faults are sentences; anything else keeps its stack. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isSentence = 'code' in error && typeof error.code === 'string';
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return isSentence ? `${error.message}${cause}` : (error.stack ?? error.message);
}
