import { readFileSync } from 'node:fs';
import { wantsHelp } from './command-line.ts';

/** One setting of a process: the environment variable, how to read it, its default and what it means. */
export type Setting<T> = {
  variable: string;
  sentence: string;
  /** Shown in --help; undefined means that the variable must be given. */
  defaultText?: string;
  isSecret?: boolean;
  /** Secrets only: read if neither VARIABLE nor VARIABLE_FILE is given and it exists. */
  defaultFile?: string;
  /** Makes the value of other variables if this one is not given. */
  derive?(environment: NodeJS.ProcessEnv): string | undefined;
  /** Returns the value or throws an Error with a sentence that completes "VARIABLE ...". */
  read(raw: string): T;
};

/** What a process may be told: name in the code -> setting. */
export type ConfigSchema = Record<string, Setting<unknown>>;
export type ConfigOf<S extends ConfigSchema> = { [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/** A refused configuration: all problems at once, each naming its variable, never a secret's value. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

type Base = { variable: string; sentence: string; default?: string };

function unquoted(raw: string): string {
  if (/^(["']).*\1$/.test(raw)) throw new Error('is wrapped in quotation marks; write the bare value');
  return raw;
}

/** Free text. */
export function text(base: Base & { pattern?: RegExp; wanted?: string }): Setting<string> {
  return {
    ...base,
    defaultText: base.default,
    read: (raw) => {
      unquoted(raw);
      if (base.pattern && !base.pattern.test(raw))
        throw new Error(`must be ${base.wanted ?? `like ${base.pattern.source}`}`);
      return raw;
    },
  };
}

/** A whole number within limits; the unit belongs in the sentence. */
export function integer(base: Base & { min: number; max: number }): Setting<number> {
  return {
    ...base,
    defaultText: base.default,
    read: (raw) => {
      const value = Number(unquoted(raw));
      if (!Number.isInteger(value) || value < base.min || value > base.max || raw.trim() === '')
        throw new Error(`must be a whole number from ${base.min} to ${base.max}`);
      return value;
    },
  };
}

/** A TCP port; 0 lets the system choose. */
export function port(base: Base): Setting<number> {
  return integer({ ...base, min: 0, max: 65_535 });
}

/** true or false. */
export function flag(base: Base): Setting<boolean> {
  return {
    ...base,
    defaultText: base.default,
    read: (raw) => {
      if (raw !== 'true' && raw !== 'false') throw new Error('must be true or false');
      return raw === 'true';
    },
  };
}

/** One of a closed list. */
export function choice<const T extends readonly string[]>(base: Base & { of: T }): Setting<T[number]> {
  return {
    ...base,
    defaultText: base.default,
    read: (raw) => {
      if (!base.of.includes(unquoted(raw))) throw new Error(`must be one of ${base.of.join(', ')}`);
      return raw as T[number];
    },
  };
}

const ADDRESS = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?):([0-9]{1,5})$/;

/** host:port or several, separated by commas. */
export function addresses(base: Base): Setting<string[]> {
  return {
    ...base,
    defaultText: base.default,
    read: (raw) => {
      const parts = unquoted(raw)
        .split(',')
        .map((part) => part.trim());
      for (const part of parts) {
        const match = ADDRESS.exec(part);
        if (!match || Number(match[3]) > 65_535 || Number(match[3]) < 1)
          throw new Error(`must be host:port (several separated by commas), not '${part}'`);
      }
      return parts;
    },
  };
}

/** An http(s) URL without a trailing slash. */
export function url(base: Base & { protocols?: readonly string[] }): Setting<string> {
  return {
    ...base,
    defaultText: base.default,
    read: (raw) => {
      const protocols = base.protocols ?? ['https:', 'http:'];
      if (!URL.canParse(unquoted(raw)) || !protocols.includes(new URL(raw).protocol))
        throw new Error(`must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
      return raw.replace(/\/+$/, '');
    },
  };
}

/** One URL or several, separated by commas, that stand for each other. */
export function urls(base: Base & { protocols?: readonly string[] }): Setting<string[]> {
  const one = url(base);
  return { ...base, defaultText: base.default, read: (raw) => raw.split(',').map((part) => one.read(part.trim())) };
}

/** A secret from `VARIABLE` itself or, better, from the file that `VARIABLE_FILE` names (0600). */
export function secret(base: Base & { isOptional?: boolean; defaultFile?: string }): Setting<string> {
  return { ...base, defaultText: base.isOptional ? '' : undefined, isSecret: true, read: (raw) => raw.trim() };
}

function rawValue(setting: Setting<unknown>, environment: NodeJS.ProcessEnv): string | undefined {
  const direct = environment[setting.variable];
  if (direct !== undefined && direct !== '') return direct;
  const named = setting.isSecret ? environment[`${setting.variable}_FILE`] : undefined;
  const file = named || setting.defaultFile;
  if (file) {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      if (named)
        throw new Error(`_FILE names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  return setting.derive?.(environment) ?? setting.defaultText;
}

/** Reads all settings; throws one ConfigError with every problem (R1-G03, F-06). */
export function readConfig<S extends ConfigSchema>(
  schema: S,
  environment: NodeJS.ProcessEnv = process.env,
): ConfigOf<S> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(schema)) {
    try {
      const raw = rawValue(setting, environment);
      if (raw === undefined) {
        problems.push(`${setting.variable} is missing: ${setting.sentence}`);
        continue;
      }
      values[name] = raw === '' && setting.isSecret ? '' : setting.read(raw);
    } catch (error) {
      const joint = (error as Error).message.startsWith('_FILE') ? '' : ' ';
      problems.push(`${setting.variable}${joint}${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values as ConfigOf<S>;
}

/** The --help text of a process: usage, then each variable with its default and meaning. */
export function helpText(usage: string, schema: ConfigSchema): string {
  const lines = Object.values(schema).map((setting) => {
    const name = setting.isSecret ? `${setting.variable} or ${setting.variable}_FILE` : setting.variable;
    const fallback =
      setting.defaultFile !== undefined
        ? `default file ${setting.defaultFile}`
        : setting.defaultText === undefined
          ? 'required'
          : setting.defaultText === ''
            ? 'optional'
            : `default ${setting.defaultText}`;
    return `  ${name} (${fallback})\n      ${setting.sentence}`;
  });
  return `${usage}\n\nEnvironment variables:\n${lines.join('\n')}\n`;
}

/**
 * The start of every main.ts: prints help and returns undefined for --help; prints the problems and exits 2 for a bad value.
 * `positionals` maps the assignment's positional arguments (R1-18 to R1-22) onto variables, in order.
 */
export function configFromCommandLine<S extends ConfigSchema>(command: {
  usage: string;
  schema: S;
  args: readonly string[];
  positionals?: readonly string[];
  /** What is wrong between variables that are each right, each sentence naming them. */
  problemsOf?(config: ConfigOf<S>): string[];
}): ConfigOf<S> | undefined {
  if (wantsHelp(command.args)) {
    process.stdout.write(helpText(command.usage, command.schema));
    return undefined;
  }
  const environment: NodeJS.ProcessEnv = { ...process.env };
  const positionals = command.positionals ?? [];
  const option = command.args.find((one) => one.startsWith('-'));
  if (option !== undefined) refuse(`Unknown option '${option}'\n\n${command.usage}`);
  const tooMany = command.args[positionals.length];
  if (tooMany !== undefined) refuse(`'${tooMany}' is one argument too many\n\n${command.usage}`);
  for (const [index, value] of command.args.entries()) environment[positionals[index] as string] = value;
  try {
    const config = readConfig(command.schema, environment);
    const problems = command.problemsOf?.(config) ?? [];
    if (problems.length > 0) throw new ConfigError(problems);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refuse(`Configuration refused:\n${error.problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}
