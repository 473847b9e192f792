import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** What was typed is not understood: the sentence names the value that is refused. Exit code 2. */
export class BadArgument extends Error {
  readonly code = 'BAD_ARGUMENT';
}

const BAD_USAGE = 2;
const HELP = { help: { type: 'boolean', short: 'h' } } as const;

type Arguments<Options extends ParseArgsOptionsConfig> = ReturnType<typeof argumentsOf<Options>>;

/** What a command takes: its options, and the names of its positional arguments (none; or any number of them). */
type Wanted<Options> = { options?: Options; positionals?: readonly string[] | 'ANY' };

/** Options and positional arguments; what is unknown or too much is refused by name. */
export function argumentsOf<const Options extends ParseArgsOptionsConfig = Record<never, never>>(
  args: readonly string[],
  { options, positionals = [] }: Wanted<Options>,
) {
  const parsed = parsedOf(args, options ?? ({} as Options));
  const tooMany = positionals === 'ANY' ? undefined : parsed.positionals[positionals.length];
  if (tooMany !== undefined) throw new BadArgument(`'${tooMany}' is one argument too many`);
  return parsed;
}

function parsedOf<Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, strict: true, options });
  } catch (error) {
    throw new BadArgument((error as Error).message.split('. To specify')[0] ?? 'the arguments are not understood');
  }
}

/** A command's usage, and what it makes of its arguments: `read` throws BadArgument for a value that makes no sense. */
type CommandLine<Options extends ParseArgsOptionsConfig, Asked> = Wanted<Options> & {
  usage: string;
  read(given: Arguments<Options>): Asked;
};

/**
 * What a command was asked for. Undefined: there is nothing to do, as the usage was printed (--help, -h), or a sentence
 * that names what is refused, with exit code 2.
 */
export function readCommandLine<const Options extends ParseArgsOptionsConfig = Record<never, never>, Asked = unknown>(
  args: readonly string[],
  command: CommandLine<Options, Asked>,
): Asked | undefined {
  if (wantsHelp(args)) {
    process.stdout.write(`${command.usage}\n`);
    return undefined;
  }
  try {
    return command.read(argumentsOf(args, command));
  } catch (error) {
    if (!(error instanceof BadArgument)) throw error;
    process.stderr.write(`${error.message}\n\n${command.usage}\n`);
    process.exitCode = BAD_USAGE;
    return undefined;
  }
}

/** The same for a command that takes no arguments: whether it is to do its work. */
export function isPlainCall(args: readonly string[], usage: string): boolean {
  return readCommandLine(args, { usage, read: () => true }) === true;
}

/** True if help is asked for, wherever among the arguments: whatever else they say, then nothing is done. */
export function wantsHelp(args: readonly string[]): boolean {
  return parseArgs({ args: [...args], allowPositionals: true, strict: false, options: HELP }).values.help === true;
}

/** A whole number within limits, or a refusal that names the option. */
export function wholeNumber(typed: string, limits: { name: string; min: number; max: number }): number {
  const { name, min, max } = limits;
  const number = /^\d{1,10}$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(number >= min && number <= max))
    throw new BadArgument(`${name} '${typed}' must be a whole number from ${min} to ${max}`);
  return number;
}
