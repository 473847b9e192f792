/** One command: what it is for, the module that runs it and which of its exports (`main` if not said). */
type Command = { summary: string; module: string; entry?: string };
type Entry = (args: string[]) => Promise<void>;

/** Every command of `./ev`, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  up: { summary: 'start everything on this computer (./run_all.sh)', module: './local/up.ts' },
  down: { summary: 'stop everything (./stop_all.sh)', module: './local/control-commands.ts', entry: 'down' },
  status: { summary: 'what runs, and where', module: './local/control-commands.ts', entry: 'status' },
  start: {
    summary: 'start NAME: start a process that was stopped',
    module: './local/control-commands.ts',
    entry: 'start',
  },
  logs: { summary: 'logs [NAME ...]: the newest lines, and what comes', module: './local/logs-command.ts' },
  stop: { summary: 'stop NAME: stop a process; it stays down', module: './local/control-commands.ts', entry: 'stop' },
  'start-central': {
    summary: 'the computer of Central, Kafka and panel (EV_Central/start.sh)',
    module: './local/hosts/start-host.ts',
    entry: 'startCentral',
  },
  'start-registry': {
    summary: 'Registry on a computer of its own (EV_Registry/start.sh)',
    module: './local/hosts/start-host.ts',
    entry: 'startRegistry',
  },
  'start-points': {
    summary: 'a computer of charging points (EV_CP/start.sh)',
    module: './local/hosts/start-host.ts',
    entry: 'startPoints',
  },
  'start-drivers': {
    summary: 'a computer of driver apps (EV_Driver/start.sh)',
    module: './local/hosts/start-host.ts',
    entry: 'startDrivers',
  },
  'stop-central': {
    summary: 'stop that computer (EV_Central/stop.sh)',
    module: './local/hosts/stop-host.ts',
    entry: 'stopCentral',
  },
  'stop-registry': {
    summary: 'stop that computer (EV_Registry/stop.sh)',
    module: './local/hosts/stop-host.ts',
    entry: 'stopRegistry',
  },
  'stop-points': {
    summary: 'stop these points, or all (EV_CP/stop.sh)',
    module: './local/hosts/stop-host.ts',
    entry: 'stopPoints',
  },
  'stop-drivers': {
    summary: 'stop these driver apps, or all (EV_Driver/stop.sh)',
    module: './local/hosts/stop-host.ts',
    entry: 'stopDrivers',
  },
  central: { summary: 'Central: sockets, API, live stream', module: './processes/central/main.ts' },
  'central-web': { summary: "Central's panel", module: './processes/central-web/main.ts' },
  registry: { summary: 'Registry: API and page', module: './processes/registry/main.ts' },
  monitor: { summary: "a charging point's Monitor", module: './processes/monitor/main.ts' },
  engine: { summary: "a charging point's Engine", module: './processes/engine/main.ts' },
  'engine-web': { summary: "a charging point's page", module: './processes/engine-web/main.ts' },
  driver: { summary: 'driver app', module: './processes/driver/main.ts' },
  weather: { summary: 'EV_W: watches the weather and tells Central', module: './processes/weather/main.ts' },
  'weather-sim': { summary: 'a stand-in for OpenWeather', module: './processes/weather-sim/main.ts' },
  fleet: { summary: 'many virtual charging points (--cps N)', module: './processes/fleet/main.ts' },
  admin: {
    summary: 'administration: operators, tokens, enrolment, keys, backup ...',
    module: './processes/admin/main.ts',
  },
  demo: { summary: 'unattended demonstration: expected, seen, exit code', module: './testing/demo/main.ts' },
  pages: { summary: 'build the pages whose sources changed', module: './pages/build.ts' },
  docs: { summary: 'regenerate docs/config.md and docs/messages.md', module: './local/docs/write-docs.ts' },
  check: { summary: 'types, lint, architecture and unit tests, in seconds', module: './local/check/check.ts' },
  test: { summary: 'all tests (./test_all.sh)', module: './local/check/test-all.ts' },
  crash: {
    summary: 'kill -9 at random moments until 1,000 supplies have lived through one',
    module: './testing/crash-run.ts',
  },
  fuzz: { summary: 'requests generated from the OpenAPI documents of all processes', module: './testing/fuzz/main.ts' },
  container: { summary: 'what containers need beside the components', module: './local/containers/main.ts' },
  'test-services': {
    summary: 'Kafka and PostgreSQL for tests, until SIGTERM',
    module: './local/test-services-command.ts',
  },
};

/** The assignment's program names with their positional arguments (R1-18 to R1-22). */
const ALIASES: Readonly<Record<string, string>> = {
  EV_Central: 'central',
  EV_Registry: 'registry',
  EV_CP_M: 'monitor',
  EV_CP_E: 'engine',
  EV_Driver: 'driver',
  EV_W: 'weather',
};

const BAD_USAGE = 2;

function helpText(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  const aliases = Object.entries(ALIASES).map(([alias, name]) => `${alias} = ${name}`);
  return [
    'ev COMMAND [arguments]; ev COMMAND --help says more',
    '',
    ...commands,
    '',
    `The assignment's names: ${aliases.join(', ')}`,
    '',
  ].join('\n');
}

/** Runs `./ev NAME ARGS`. */
export async function run(name: string, args: string[]): Promise<void> {
  const command = Object.hasOwn(COMMANDS, ALIASES[name] ?? name) ? COMMANDS[ALIASES[name] ?? name] : undefined;
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(helpText());
  } else if (command === undefined) {
    process.stderr.write(`ev: there is no command '${name}'\n\n${helpText()}`);
    process.exitCode = BAD_USAGE;
  } else {
    const loaded: Record<string, Entry | undefined> = await import(new URL(command.module, import.meta.url).href);
    const entry = loaded[command.entry ?? 'main'];
    if (entry === undefined) throw new Error(`${command.module} has no '${command.entry ?? 'main'}'`);
    await entry(args);
  }
}

// Whoever read our output may leave (`ev status | head`); that must end neither a command nor the supervisor.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

if (import.meta.main) {
  const [name = '--help', ...args] = process.argv.slice(2);
  await run(name, args);
}
