import { BadSetting } from '../network-plan.ts';
import { isHealthy } from './health.ts';
import { joinAs } from './join.ts';
import { databasePassword, prepareServer } from './server.ts';

const USAGE = `ev container WHAT: what containers need beside the components (docs/deployment-containers.md)
  health              exit 0 if EV_HEALTH_URL answers /readyz
  database-password   makes PostgreSQL's password, once
  network             sets up the network of the server's compose, and its broker's settings
  join KIND           joins a network that is on another computer, as points or drivers
  hold                holds a network namespace for a charging point's containers`;

/** `ev container`: one-shot services and the health check of the image. */
export async function main(args: string[]): Promise<void> {
  try {
    await run(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = error instanceof BadSetting ? 2 : 1;
  }
}

async function run([what, kind]: string[]): Promise<void> {
  switch (what) {
    case 'health':
      process.exitCode = (await isHealthy(process.env)) ? 0 : 1;
      return;
    case 'database-password':
      return databasePassword();
    case 'network':
      return prepareServer(process.env);
    case 'join':
      return joinAs(kind, process.env);
    case 'hold':
      return hold();
    default:
      throw new BadSetting(USAGE);
  }
}

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
