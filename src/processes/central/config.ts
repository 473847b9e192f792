import { DEFAULT_SUPPLY_POLICY, type SupplyPolicy } from '../../domain/supply.ts';
import { kafkaLoginSettings } from '../../io/channels/kafka-login.ts';
import { addresses, type ConfigOf, choice, flag, integer, port, secret, text } from '../../io/config.ts';
import { masterKeySettings } from '../../io/crypto/master-key-settings.ts';
import { databaseSettings } from '../../io/postgres/database-settings.ts';
import { inUrl } from '../../io/sockets/ip-address.ts';
import { GUESTS_PATTERN } from '../../messages/join-api.ts';

export const centralSettings = {
  host: text({ variable: 'EV_HOST', default: '127.0.0.1', sentence: 'Address to listen on.' }),
  socketPort: port({ variable: 'CENTRAL_SOCKET_PORT', default: '8020', sentence: 'Port for Monitors (R1-18).' }),
  apiPort: port({
    variable: 'CENTRAL_API_PORT',
    default: '8021',
    sentence: 'Port of the REST API and the live stream.',
  }),
  brokers: addresses({
    variable: 'KAFKA_BROKERS',
    default: '127.0.0.1:9092',
    sentence: 'Kafka, host:port, one or more.',
  }),
  ...kafkaLoginSettings,
  advertisedBrokers: text({
    variable: 'KAFKA_ADVERTISED_BROKERS',
    default: '',
    pattern: /^([A-Za-z0-9.[\]:-]+:[0-9]{1,5}(,\s*[A-Za-z0-9.[\]:-]+:[0-9]{1,5})*)?$/,
    wanted: 'host:port, several separated by commas',
    sentence: 'Kafka as charging points on other computers reach it (F-04); empty tells them KAFKA_BROKERS.',
  }),
  kafkaController: text({
    variable: 'KAFKA_CONTROLLER',
    default: '',
    pattern: /^([A-Za-z0-9.[\]:-]+:[0-9]{1,5})?$/,
    wanted: 'host:port',
    sentence:
      'Controller of a secured Kafka beside this Central, which gives the broker its users there; empty leaves that to another Central.',
  }),
  ...databaseSettings('ev_central'),
  databaseAddress: text({
    variable: 'DATABASE_ADDRESS',
    default: '',
    sentence: 'host:port that replaces the one in DATABASE_URL (third argument of EV_Central).',
  }),
  poolSize: integer({
    variable: 'DATABASE_POOL_SIZE',
    default: '16',
    min: 2,
    max: 200,
    sentence: 'Connections to PostgreSQL at most.',
  }),
  ...masterKeySettings,
  replicaName: text({
    variable: 'CENTRAL_REPLICA_NAME',
    default: 'central-1',
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,48}$/,
    wanted: 'letters, digits, dots and dashes',
    sentence: 'Name of this replica: the same after a restart, another for a second Central.',
  }),
  publicNames: text({
    variable: 'CENTRAL_NAMES',
    default: '',
    sentence: 'Further host names and addresses for the certificate, separated by commas.',
  }),
  advertisedHost: text({
    variable: 'CENTRAL_ADVERTISED_HOST',
    default: '',
    pattern: /^([A-Za-z0-9][A-Za-z0-9.-]*|[0-9a-fA-F:]+)?$/,
    wanted: 'a host name or address',
    sentence:
      'Where other computers reach this Central, told to the Monitors of all; default EV_HOST, or the first of CENTRAL_NAMES if that means everywhere.',
  }),
  corsOrigins: text({ variable: 'CORS_ORIGINS', default: '', sentence: 'Origins that may call the API, by commas.' }),
  isPanelPublic: flag({
    variable: 'PANEL_PUBLIC',
    default: 'true',
    sentence: 'May anyone on the network read the panel (R2-05)?',
  }),
  monitorLoss: choice({
    variable: 'MONITOR_LOSS',
    default: 'continue',
    of: ['continue', 'stop'],
    sentence: 'What a lost monitor means for a running supply (D-08).',
  }),
  plugTimeoutMs: integer({
    variable: 'PLUG_TIMEOUT_MS',
    default: String(DEFAULT_SUPPLY_POLICY.plugTimeoutMs),
    min: 1_000,
    max: 3_600_000,
    sentence: 'How long a point waits for the plug, in ms.',
  }),
  isBalanceRequired: flag({
    variable: 'BALANCE_REQUIRED',
    default: 'false',
    sentence: 'Refuse a driver without balance (D-20)?',
  }),
  heartbeatMs: integer({
    variable: 'MONITOR_HEARTBEAT_MS',
    default: '1000',
    min: 100,
    max: 60_000,
    sentence: 'How often a Monitor says OK, in ms; large networks set 3000.',
  }),
  joinDatabaseAddress: text({
    variable: 'JOIN_DATABASE_ADDRESS',
    default: '',
    pattern: /^([A-Za-z0-9.[\]:-]+:[0-9]{1,5})?$/,
    wanted: 'host:port',
    sentence:
      'Where a joining computer of Registry or of a further Central reaches PostgreSQL, over TLS; empty admits none.',
  }),
  joinGuests: text({
    variable: 'JOIN_GUESTS',
    default: '',
    pattern: GUESTS_PATTERN,
    wanted: 'registry@address or central@address, several separated by commas',
    sentence:
      'The computers that may join to run Registry or a further Central; a code of theirs is good nowhere else.',
  }),
  joinRegistryDatabaseUrl: secret({
    variable: 'JOIN_REGISTRY_DATABASE_URL',
    isOptional: true,
    sentence: "Registry's login of the database, for the computer that joins to run Registry.",
  }),
  joinRegistryUrl: text({
    variable: 'JOIN_REGISTRY_URL',
    default: '',
    pattern: /^(https:\/\/.+)?$/,
    wanted: 'an https address',
    sentence: 'Registry, if it runs on another computer; told to those that join.',
  }),
  auditFolder: text({ variable: 'EV_AUDIT_DIR', default: 'var/logs', sentence: 'Folder of audit_central.log.' }),
};
export type CentralConfig = ConfigOf<typeof centralSettings>;

/** The domain's figures under this configuration. */
export function supplyPolicy(
  config: Pick<CentralConfig, 'plugTimeoutMs' | 'monitorLoss' | 'isBalanceRequired'>,
): SupplyPolicy {
  const { plugTimeoutMs, monitorLoss, isBalanceRequired } = config;
  return { ...DEFAULT_SUPPLY_POLICY, plugTimeoutMs, monitorLoss, isBalanceRequired };
}

const EVERYWHERE = ['0.0.0.0', '::'];

/** Where this replica is reached, as it signs itself in; no socket address if it does not know its own host. */
export function replicaPlace(
  config: Pick<CentralConfig, 'host' | 'advertisedHost' | 'publicNames' | 'socketPort' | 'apiPort' | 'replicaName'>,
): { apiUrl: string; socketAddress?: string } {
  const [firstName = ''] = config.publicNames.split(',').map((name) => name.trim());
  const named = config.advertisedHost || (EVERYWHERE.includes(config.host) ? firstName : config.host);
  return {
    apiUrl: `https://${inUrl(named || config.host)}:${config.apiPort}/#${config.replicaName}`,
    ...(named !== '' && { socketAddress: `${inUrl(named)}:${config.socketPort}` }),
  };
}

/** DATABASE_URL with the host and port of the positional argument, if one was given. */
export function databaseUrlOf(config: Pick<CentralConfig, 'databaseUrl' | 'databaseAddress'>): string {
  if (config.databaseAddress === '') return config.databaseUrl;
  const url = new URL(config.databaseUrl);
  url.host = config.databaseAddress;
  return url.href;
}
