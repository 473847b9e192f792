import { setImmediate } from 'node:timers/promises';
import { COMMANDS, run } from '../ev.ts';

/** What one command of `./ev` said and left behind. `leftOpen`: timers, sockets and processes that it has started. */
export type CommandRun = { name: string; stdout: string; stderr: string; exitCode: number; leftOpen: string[] };

class Exit extends Error {}

/** Runs each command with these arguments, all in this one process: loading them all anew for each takes minutes. */
async function runEach(args: readonly string[]): Promise<CommandRun[]> {
  const runs: CommandRun[] = [];
  process.exit = (code) => {
    process.exitCode = code ?? process.exitCode;
    throw new Exit();
  };
  for (const name of Object.keys(COMMANDS)) runs.push(await runOne(name, args));
  return runs;
}

async function runOne(name: string, args: readonly string[]): Promise<CommandRun> {
  const said = { stdout: '', stderr: '' };
  const writes = { stdout: process.stdout.write, stderr: process.stderr.write };
  process.exitCode = 0;
  const before = await openNow();
  for (const stream of ['stdout', 'stderr'] as const)
    process[stream].write = (text: string | Uint8Array) => {
      said[stream] += String(text);
      return true;
    };
  try {
    await run(name, [...args]);
  } catch (error) {
    if (!(error instanceof Exit)) said.stderr += String(error);
  } finally {
    for (const stream of ['stdout', 'stderr'] as const) process[stream].write = writes[stream];
  }
  const leftOpen = await openNow();
  for (const one of before) if (leftOpen.includes(one)) leftOpen.splice(leftOpen.indexOf(one), 1);
  return { name, ...said, exitCode: Number(process.exitCode), leftOpen };
}

async function openNow(): Promise<string[]> {
  await setImmediate();
  return process.getActiveResourcesInfo();
}

// Opened by whoever looks at it first: that is nothing that a command has started.
void process.stdin;
const { exit } = process;
const runs = await runEach(process.argv.slice(2));
// What a command has left open is told by the test, and must not keep it waiting.
process.stdout.write(JSON.stringify(runs), () => exit(0));
