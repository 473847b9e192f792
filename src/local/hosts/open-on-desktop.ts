import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { print } from '../bring-up.ts';
import { readNetworkFile } from '../network-file.ts';
import type { NetworkFiles } from '../network-plan.ts';

type Command = readonly [command: string, ...args: string[]];

/** Opens this computer's pages in the browser and its logs in a terminal (S-OPS-14); says so where there is no desktop. */
export async function openOnDesktop(files: NetworkFiles): Promise<void> {
  const network = await readNetworkFile(files.network);
  const pages = [
    ...(network?.role === 'CENTRAL' || network?.role === 'EVERYTHING' ? [network.panelUrl] : []),
    ...(network?.points.map((point) => point.pageUrl) ?? []),
    ...(network?.drivers.map((driver) => driver.url) ?? []),
  ];
  const logs = (network?.processes ?? []).map((one) => join(files.logs, `${one.name}.log`));
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return print(['--open: there is no desktop here; the addresses are above']);
  const opened = await Promise.all(pages.map((page) => hasStarted(browserCommand(page))));
  const hasTerminal = await hasStarted(terminalCommand(['tail', '-n', '20', '-F', ...logs]));
  if (!opened.every(Boolean)) print(['--open: no browser could be opened; the addresses are above']);
  if (!hasTerminal) print([`--open: no terminal could be opened; the logs are in ${files.logs}`]);
}

function browserCommand(page: string): Command {
  if (process.platform === 'darwin') return ['open', page];
  return process.platform === 'win32' ? ['cmd', '/c', 'start', '', page] : ['xdg-open', page];
}

function terminalCommand(shown: readonly string[]): Command {
  const quoted = shown.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  if (process.platform === 'darwin')
    return ['osascript', '-e', `tell application "Terminal" to do script ${JSON.stringify(quoted)}`];
  if (process.platform === 'win32') {
    const files = shown.slice(4).map((file) => `'${file}'`);
    return ['cmd', '/c', 'start', 'powershell', '-NoExit', '-Command', `Get-Content -Wait -Tail 20 ${files.join(',')}`];
  }
  return ['x-terminal-emulator', '-e', 'sh', '-c', quoted];
}

async function hasStarted([command, ...args]: Command): Promise<boolean> {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.unref();
  return Promise.race([once(child, 'spawn').then(() => true), once(child, 'error').then(() => false)]).catch(
    () => false,
  );
}
