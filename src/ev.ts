type Command = { summary: string; load: () => Promise<{ main: (args: string[]) => Promise<void> }> };

/** Every command of `./ev`. A name here is all that a new process needs to be started by hand. */
const COMMANDS: Readonly<Record<string, Command>> = {
  'test-services': {
    summary: 'Kafka and PostgreSQL for tests, until SIGTERM',
    load: () => import('./local/test-services-command.ts'),
  },
};

const [name = '--help', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) throw new Error(name);
await (await command.load()).main(args);
