import { addresses, type ConfigOf, integer, port, secret, text, url } from '../../io/config.ts';

export const monitorSettings = {
  cpId: text({
    variable: 'CP_ID',
    pattern: /^[A-Z][A-Z0-9]{1,19}$/,
    wanted: 'an id such as CP001',
    sentence: 'Id of the charging point.',
  }),
  centralSockets: addresses({
    variable: 'CENTRAL_SOCKETS',
    default: '127.0.0.1:8020',
    sentence: "Central's TLS sockets, host:port, several separated by commas.",
  }),
  registryUrl: url({
    variable: 'REGISTRY_URL',
    default: 'https://127.0.0.1:5002',
    protocols: ['https:'],
    sentence: "Registry's API.",
  }),
  enrolmentToken: secret({
    variable: 'EV_ENROLMENT_TOKEN',
    isOptional: true,
    sentence: 'Enrolment token of this point; needed once. The page of the Monitor takes one as well.',
  }),
  enrolmentTokenFile: text({
    variable: 'EV_ENROLMENT_TOKEN_FILE',
    default: '',
    sentence: 'File with the enrolment token (0600); it may appear later.',
  }),
  pairingToken: secret({
    variable: 'EV_PAIRING_TOKEN',
    sentence: 'Secret that this Monitor and its engine were both started with.',
  }),
  dataDir: text({
    variable: 'EV_DATA_DIR',
    default: 'var/points/default',
    sentence: 'Folder (0700) of the credential and the private key.',
  }),
  host: text({ variable: 'EV_HOST', default: '127.0.0.1', sentence: 'Address to listen on for the engine (TLS).' }),
  port: port({ variable: 'MONITOR_PORT', default: '8010', sentence: 'Port to listen on for the engine (S-MON-05).' }),
  apiPort: port({
    variable: 'MONITOR_API_PORT',
    default: '8110',
    sentence: 'Port of the local API, always on loopback.',
  }),
  engineAddress: text({
    variable: 'ENGINE_ADDRESS',
    default: '127.0.0.1',
    sentence: "The engine's IP address: no other may connect (localhost = this computer, * = any).",
    pattern: /^(\*|localhost|[0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:]+)$/,
    wanted: 'an IP address, localhost or *',
  }),
  caFile: text({
    variable: 'EV_CA_FILE',
    default: 'var/secrets/ca.pem',
    sentence: "The network's certificate authority, PEM; waited for.",
  }),
  auditDir: text({ variable: 'EV_AUDIT_DIR', default: 'var/logs', sentence: 'Folder of the audit file.' }),
  healthPeriodMs: integer({
    variable: 'MONITOR_HEALTH_PERIOD_MS',
    default: '1000',
    min: 50,
    max: 60_000,
    sentence: 'Milliseconds between two questions to the engine (R1-23).',
  }),
  centralLostMs: integer({
    variable: 'CENTRAL_LOST_MS',
    default: '6000',
    min: 500,
    max: 600_000,
    sentence: 'Milliseconds without a sign of life after which Central counts as lost (D-09).',
  }),
  centralAuditMs: integer({
    variable: 'CENTRAL_AUDIT_MS',
    default: '15000',
    min: 500,
    max: 600_000,
    sentence: 'Milliseconds after which CENTRAL_DISCONNECTED is audited (S-CEN-14).',
  }),
};
export type MonitorConfig = ConfigOf<typeof monitorSettings>;

/**
 * The assignment's arguments (R1-21): engine ip:port, Central ip:port, CP id; or all five apart. The engine's port is
 * the one to listen on (protocol 2.7). Returns arguments for the variables ENGINE_ADDRESS, MONITOR_PORT, CENTRAL_SOCKETS, CP_ID.
 */
export function monitorArguments(args: readonly string[]): string[] {
  if (args.length === 5) {
    const [engineIp = '', enginePort = '', centralIp = '', centralPort = '', cpId = ''] = args;
    return [engineIp, enginePort, `${centralIp}:${centralPort}`, cpId];
  }
  if (args.length !== 3) return [...args];
  const [engine = '', central = '', cpId = ''] = args;
  const colon = engine.lastIndexOf(':');
  return [engine.slice(0, colon), engine.slice(colon + 1), central, cpId];
}
