import { kafkaLoginSettings } from '../../io/channels/kafka-login.ts';
import { addresses, type ConfigOf, integer, port, secret, text } from '../../io/config.ts';

export const engineSettings = {
  brokers: text({
    variable: 'KAFKA_BROKERS',
    default: '',
    sentence:
      'Kafka brokers, host:port, separated by commas; empty takes those that Central names through the Monitor.',
    pattern: /^([A-Za-z0-9.[\]:-]+:[0-9]{1,5}(,\s*[A-Za-z0-9.[\]:-]+:[0-9]{1,5})*)?$/,
    wanted: 'host:port, several separated by commas',
  }),
  ...kafkaLoginSettings,
  monitorAddress: addresses({
    variable: 'MONITOR_ADDRESS',
    default: '127.0.0.1:8010',
    sentence: "The Monitor's host:port (S-MON-05).",
  }),
  pairingToken: secret({
    variable: 'EV_PAIRING_TOKEN',
    sentence: 'Secret that this engine and its Monitor were both started with.',
  }),
  apiPort: port({
    variable: 'ENGINE_API_PORT',
    default: '5150',
    sentence: 'Port of the local API, always on loopback.',
  }),
  dataDir: text({
    variable: 'EV_DATA_DIR',
    default: 'var/points/default',
    sentence: 'Folder (0700) of the journal; one engine each.',
  }),
  caFile: text({
    variable: 'EV_CA_FILE',
    default: 'var/secrets/ca.pem',
    sentence: "The network's certificate authority, PEM; waited for.",
  }),
  auditDir: text({ variable: 'EV_AUDIT_DIR', default: 'var/logs', sentence: 'Folder of the audit file.' }),
  batteryWh: integer({
    variable: 'ENGINE_BATTERY_WH',
    default: '60000',
    min: 100,
    max: 1_000_000,
    sentence: 'Battery of the simulated vehicle, Wh.',
  }),
  startLevelPercent: integer({
    variable: 'ENGINE_START_LEVEL_PERCENT',
    default: '20',
    min: 0,
    max: 100,
    sentence: 'Its level when it is plugged in, percent.',
  }),
  vehicleMaxW: integer({
    variable: 'ENGINE_VEHICLE_MAX_W',
    default: '150000',
    min: 1_000,
    max: 1_000_000,
    sentence: 'Most that it takes, W.',
  }),
  speed: integer({
    variable: 'ENGINE_SPEED',
    default: '1',
    min: 1,
    max: 60,
    sentence: 'Charges this many times faster than real time; above 1 Central marks tickets as suspect.',
  }),
  autoPlugMs: integer({
    variable: 'AUTO_PLUG_MS',
    default: '0',
    min: 0,
    max: 3_600_000,
    sentence: 'Plugs in by itself this long after the authorisation, ms; 0 waits for a person.',
  }),
  autoUnplugMs: integer({
    variable: 'AUTO_UNPLUG_MS',
    default: '0',
    min: 0,
    max: 86_400_000,
    sentence: 'Unplugs by itself this long after the plug, ms; 0 waits for a person.',
  }),
};
export type EngineConfig = ConfigOf<typeof engineSettings>;

/** The assignment's arguments (R1-19): broker ip:port and Monitor ip:port, or all four apart; for KAFKA_BROKERS and MONITOR_ADDRESS. */
export function engineArguments(args: readonly string[]): string[] {
  if (args.length !== 4) return [...args];
  const [brokerIp = '', brokerPort = '', monitorIp = '', monitorPort = ''] = args;
  return [`${brokerIp}:${brokerPort}`, `${monitorIp}:${monitorPort}`];
}
