import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readNetworkFile } from '../network-file.ts';
import type { NetworkFiles } from '../network-plan.ts';

const EV = resolve(import.meta.dirname, '..', '..', 'ev.ts');

type Command = readonly [command: string, ...args: string[]];

/** A browser or a terminal that is still there after this long, or has handed over to one, is open. */
const FAILS_WITHIN_MS = 2_000;

/** Opens this computer's pages in the browser and its logs in a terminal (S-OPS-14); returns what to say where that fails. */
export async function openOnDesktop(files: NetworkFiles): Promise<string[]> {
  const network = await readNetworkFile(files.network);
  const pages = [
    ...(network?.role === 'CENTRAL' || network?.role === 'EVERYTHING' ? [network.panelUrl] : []),
    ...(network?.points.map((point) => point.pageUrl) ?? []),
    ...(network?.drivers.map((driver) => driver.url) ?? []),
  ];
  const names = (network?.processes ?? []).map((one) => one.name);
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return ['--open: there is no desktop here; the addresses are above'];
  const opened = await Promise.all(pages.map((page) => isOpen(browserCommand(page))));
  const hasTerminal = await isAnyOpen(terminalCommands(files.logs, names));
  return [
    ...(opened.every(Boolean) ? [] : ['--open: no browser could be opened; the addresses are above']),
    ...(hasTerminal ? [] : [`--open: no terminal could be opened; the logs are in ${files.logs}`]),
  ];
}

function browserCommand(page: string): Command {
  if (process.platform === 'darwin') return ['open', page];
  return process.platform === 'win32' ? ['cmd', '/c', 'start', '', page] : ['xdg-open', page];
}

/** How a terminal that follows the logs of these processes is opened; the first one that is there will do. */
function terminalCommands(title: string, names: readonly string[]): Command[] {
  const following = [process.execPath, '--disable-warning=ExperimentalWarning', EV, 'logs', ...names];
  if (process.platform === 'win32') return [['cmd', '/c', 'start', ...following]];
  const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
  const line = `printf '\\033]0;%s\\007' ${quoted(title)}; ${following.map(quoted).join(' ')}`;
  if (process.platform === 'darwin')
    return [['osascript', '-e', `tell application "Terminal" to do script ${JSON.stringify(line)}`]];
  return ['x-terminal-emulator', 'xterm'].map((terminal) => [terminal, '-e', 'sh', '-c', line] as const);
}

async function isAnyOpen(commands: readonly Command[]): Promise<boolean> {
  for (const command of commands) if (await isOpen(command)) return true;
  return false;
}

async function isOpen([command, ...args]: Command): Promise<boolean> {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.unref();
  const ended = once(child, 'exit').then(([exitCode]) => exitCode === 0);
  return Promise.race([ended, sleep(FAILS_WITHIN_MS, true)]).catch(() => false);
}
