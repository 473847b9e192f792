import type { KafkaUser } from '../../io/channels/kafka-login.ts';
import { type ConfigOf, secret, text } from '../../io/config.ts';
import { masterKeySettings } from '../../io/crypto/master-key-settings.ts';

export const adminSettings = {
  adminUrl: secret({
    variable: 'DATABASE_ADMIN_URL',
    defaultFile: 'var/secrets/database-admin.url',
    sentence: 'PostgreSQL URL of a user who may create databases and roles.',
  }),
  databaseName: text({
    variable: 'EV_DATABASE_NAME',
    default: 'ev_charging',
    pattern: /^[a-z][a-z0-9_]{0,39}$/,
    wanted: 'lower-case letters, digits and _',
    sentence: "Name of the network's database.",
  }),
  secretsDir: text({
    variable: 'EV_SECRETS_DIR',
    default: 'var/secrets',
    sentence: 'Folder (0700) of what the services of this computer are given: URLs, tokens, the master key.',
  }),
  ...masterKeySettings,
  caFile: text({
    variable: 'EV_CA_FILE',
    default: 'var/secrets/ca.pem',
    sentence: "Where the network's certificate authority is written, PEM.",
  }),
  host: text({ variable: 'EV_HOST', default: '127.0.0.1', sentence: "Where this computer's pages listen." }),
  publicHosts: text({
    variable: 'EV_PUBLIC_HOSTS',
    default: '',
    sentence: "Further names and addresses of this computer for its pages' certificate, separated by commas.",
  }),
  firstZone: text({
    variable: 'EV_FIRST_ZONE',
    default: 'ALC',
    pattern: /^[A-Z][A-Z0-9]{1,7}$/,
    wanted: 'a zone such as ALC',
    sentence: 'Zone of a network that has none yet: driver apps need one, also before the first point.',
  }),
  auditDir: text({ variable: 'EV_AUDIT_DIR', default: 'var/logs', sentence: 'Folder of the audit file.' }),
};
export type AdminConfig = ConfigOf<typeof adminSettings>;

/** The password of a user of the broker, for the processes of this computer. */
export function kafkaPasswordFile(secretsDir: string, user: KafkaUser): string {
  return `${secretsDir}/kafka-${user}.password`;
}

/** What this computer's services find in the folder of secrets. */
export function secretFiles(secretsDir: string) {
  const at = (name: string) => `${secretsDir}/${name}`;
  return {
    centralUrl: at('database-central.url'),
    registryUrl: at('database-registry.url'),
    pointsEnrolToken: at('points-enrol.token'),
    pageLeaf: at('page.pem'),
    panelToken: at('central-web.token'),
    weatherToken: at('weather.token'),
    servicesToken: at('services.token'),
    firstAdmin: at('first-admin.txt'),
  };
}
