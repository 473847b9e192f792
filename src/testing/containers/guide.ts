import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandsUnder } from '../deployment-guide.ts';
import { ComposeRun } from './compose.ts';
import type { ComputerNetwork } from './computer.ts';
import type { Image } from './image.ts';
import { composeConfig, containerTools } from './tools.ts';

/** A line of the guide: variables, files, and what `docker compose` is to do. */
type Line = {
  env: Record<string, string>;
  files: string[];
  project: string | undefined;
  profiles: string[];
  action: string;
  words: string[];
};

/** One computer on which a person types the lines of docs/deployment-containers.md. */
export class GuideComputer {
  readonly network: ComputerNetwork;
  readonly folder: string;
  readonly #parts: { projectFolder: string; image: Image };
  /** What the lines left in the `.env` of each folder. */
  readonly #dotEnv = new Map<string, Record<string, string>>();
  readonly #projects = new Map<string, ComposeRun>();

  constructor(parts: { projectFolder: string; image: Image; network: ComputerNetwork; folder: string }) {
    this.network = parts.network;
    this.folder = parts.folder;
    this.#parts = parts;
    rmSync(parts.folder, { recursive: true, force: true });
  }

  /** Types a line, `more` being further variables of the `.env`; resolves with what it printed. */
  async type(text: string, more: Record<string, string> = {}): Promise<string> {
    const kept = /^echo (\w+)=(\S+) >>? (\S+)\/\.env$/.exec(text);
    if (kept) {
      const [, name = '', value = '', folder = ''] = kept;
      this.#dotEnv.set(folder, { ...this.#dotEnv.get(folder), [name]: value });
      return '';
    }
    const line = lineOf(text);
    const env = { ...this.#dotEnv.get(dirname(line.files[0] ?? '')), ...more, ...line.env };
    const files = line.files.map((file) => join(this.#parts.projectFolder, file));
    const config = await composeConfig(await containerTools(this.#parts.projectFolder), files, env, line.project);
    const running = this.#projects.get(config.name);
    const [service = '', ...words] = line.words;
    if (line.action === 'up') {
      if (running) await running.upAs(config, line.profiles);
      else await this.#begin(config).up(line.profiles);
      return '';
    }
    if (!running) throw new Error(`${config.name} does not run: ${text}`);
    if (line.action === 'run') return running.once(service, words);
    if (line.action === 'exec') return running.exec(service, words);
    throw new Error(`not understood: ${text}`);
  }

  project(name: string): ComposeRun {
    const found = this.#projects.get(name);
    if (!found) throw new Error(`${name} does not run on ${this.network.host}`);
    return found;
  }

  async down(): Promise<void> {
    await Promise.all([...this.#projects.values()].map((one) => one.down()));
  }

  #begin(config: Awaited<ReturnType<typeof composeConfig>>): ComposeRun {
    const folder = join(this.folder, config.name);
    const made = new ComposeRun({ ...this.#parts, config, network: this.network, folder });
    this.#projects.set(config.name, made);
    return made;
  }
}

/** What docs/deployment-containers.md says to type under a heading, at the addresses of a network of tests. */
export function guideLines(projectFolder: string, heading: string, prefix: string): string[] {
  return commandsUnder(readFileSync(join(projectFolder, 'docs', 'deployment-containers.md'), 'utf8'), heading, prefix);
}

/** The join code in what `join-code` printed. */
export function codeIn(printed: string): string {
  const code = /ev1\.\S+/.exec(printed)?.[0];
  if (!code) throw new Error(`no join code in: ${printed}`);
  return code;
}

function lineOf(text: string): Line {
  const line: Line = { env: {}, files: [], project: undefined, profiles: [], action: '', words: [] };
  const words = text.split(' ');
  while (/^\w+=/.test(words[0] ?? '')) {
    const [name = '', value = ''] = (words.shift() ?? '').split('=');
    line.env[name] = value;
  }
  if (words.splice(0, 2).join(' ') !== 'docker compose') throw new Error(`not understood: ${text}`);
  while (words[0]?.startsWith('-')) {
    const [option, value = ''] = words.splice(0, 2);
    if (option === '-f') line.files.push(value);
    else if (option === '-p') line.project = value;
    else if (option === '--profile') line.profiles.push(value);
    else throw new Error(`${option} is not understood: ${text}`);
  }
  line.action = words.shift() ?? '';
  // -d, --build and --rm are what happens here anyway.
  while (words[0]?.startsWith('-')) words.shift();
  return { ...line, words };
}
