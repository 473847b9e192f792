import { kafkaLoginSettings } from '../../io/channels/kafka-login.ts';
import { type ConfigOf, integer, port, secret, text } from '../../io/config.ts';
import { monitorSettings } from '../monitor/config.ts';

/** Where its Monitors find Central and Registry is told as to any Monitor. */
const { centralSockets, registryUrl, caFile, auditDir } = monitorSettings;

export const fleetSettings = {
  cps: integer({
    variable: 'FLEET_CPS',
    default: '100',
    min: 1,
    max: 20_000,
    sentence: 'How many charging points (also --cps N).',
  }),
  prefix: text({
    variable: 'FLEET_PREFIX',
    default: 'FL',
    pattern: /^[A-Z][A-Z0-9]{0,9}$/,
    wanted: 'capital letters and digits',
    sentence: 'Their ids begin with this: FL00001, FL00002 ...',
  }),
  zones: text({
    variable: 'FLEET_ZONES',
    default: 'ALC,MAD',
    pattern: /^[A-Z][A-Z0-9]{1,7}(,[A-Z][A-Z0-9]{1,7})*$/,
    wanted: 'zones separated by commas',
    sentence: 'Zones they are spread over.',
  }),
  charging: integer({
    variable: 'FLEET_CHARGING',
    default: '0',
    min: 0,
    max: 20_000,
    sentence: 'How many of them ask for a supply again and again (ANON).',
  }),
  startsPerSecond: integer({
    variable: 'FLEET_STARTS_PER_SECOND',
    default: '50',
    min: 1,
    max: 2_000,
    sentence: 'Most requests a second of all of them together.',
  }),
  autoPlugMs: integer({
    variable: 'AUTO_PLUG_MS',
    default: '1500',
    min: 0,
    max: 3_600_000,
    sentence: 'Plugged in so long after the authorisation, ms; 0 never.',
  }),
  autoUnplugMs: integer({
    variable: 'AUTO_UNPLUG_MS',
    default: '0',
    min: 0,
    max: 86_400_000,
    sentence: 'Unplugged so long after the plug, ms; 0 never.',
  }),
  healthPeriodMs: integer({
    variable: 'MONITOR_HEALTH_PERIOD_MS',
    default: '2000',
    min: 100,
    max: 2_500,
    sentence: 'Milliseconds between two questions of a Monitor to its engine.',
  }),
  batteryWh: integer({
    variable: 'ENGINE_BATTERY_WH',
    default: '60000',
    min: 100,
    max: 1_000_000,
    sentence: 'Battery of each vehicle, Wh.',
  }),
  speed: integer({ variable: 'ENGINE_SPEED', default: '1', min: 1, max: 60, sentence: 'Times faster than real time.' }),
  brokers: text({
    variable: 'KAFKA_BROKERS',
    default: '127.0.0.1:9092',
    sentence: 'Kafka brokers, host:port, separated by commas: one connection for all.',
  }),
  ...kafkaLoginSettings,
  centralSockets,
  registryUrl,
  enrolmentToken: secret({
    variable: 'EV_ENROLMENT_TOKEN',
    isOptional: true,
    sentence: 'Enrolment token for as many uses; needed until all are registered.',
  }),
  dataDir: text({
    variable: 'EV_DATA_DIR',
    default: 'var/fleet',
    sentence: 'Folder (0700) of the credentials and the journal.',
  }),
  caFile,
  auditDir,
  apiPort: port({
    variable: 'FLEET_API_PORT',
    default: '18900',
    sentence: 'Port of the local API (health, metrics, /api/state), always on loopback.',
  }),
};
export type FleetConfig = ConfigOf<typeof fleetSettings>;

/** `--cps N` as the first positional argument (FLEET_CPS). */
export function fleetArguments(args: readonly string[]): string[] {
  return args[0] === '--cps' && args.length > 1 ? args.slice(1) : [...args];
}
