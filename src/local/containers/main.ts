import { BadArgument, readCommandLine } from '../../io/command-line.ts';
import { BadSetting } from '../network-plan.ts';
import { databaseFiles } from './database.ts';
import { isHealthy } from './health.ts';
import { joinAs } from './join.ts';
import { prepareServer } from './server.ts';

const USAGE = `ev container WHAT: what containers need beside the components (docs/deployment-containers.md)
  health              exit 0 if EV_HEALTH_URL answers /readyz
  database-files      PostgreSQL's password, once, and who may come in
  network             sets up the network of the server's compose, and its broker's settings
  join KIND           joins a network that is on another computer, as points, drivers, registry or central
  hold                holds a network namespace for a charging point's containers`;

/** `ev container`: one-shot services and the health check of the image. */
export async function main(args: string[]): Promise<void> {
  const asked = readCommandLine(args, { usage: USAGE, positionals: ['WHAT', 'KIND'], read });
  if (asked === undefined) return;
  try {
    await asked();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = error instanceof BadSetting ? 2 : 1;
  }
}

/** The work that is asked for. */
function read({ positionals: [what = '', kind] }: { positionals: string[] }): () => Promise<void> {
  const work = Object.hasOwn(WORK, what) ? WORK[what] : undefined;
  if (work === undefined) throw new BadArgument(what === '' ? 'WHAT is missing' : `there is no '${what}' here`);
  if (kind !== undefined && what !== 'join') throw new BadArgument(`'${kind}' is one argument too many`);
  return () => work(kind);
}

const WORK: Readonly<Record<string, (kind?: string) => Promise<void>>> = {
  async health() {
    process.exitCode = (await isHealthy(process.env)) ? 0 : 1;
  },
  'database-files': async () => databaseFiles(process.env),
  network: () => prepareServer(process.env),
  join: (kind) => joinAs(kind, process.env),
  hold,
};

/** Until SIGTERM: containers that share this one's network lose it with this one, so it does nothing that could fail. */
function hold(): Promise<void> {
  const idle = setInterval(() => undefined, 2 ** 30);
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        clearInterval(idle);
        resolve();
      });
  });
}
