import { kafkaLoginSettings } from '../../io/channels/kafka-login.ts';
import { addresses, type ConfigOf, integer, port, secret, text } from '../../io/config.ts';
import { directorySettings } from '../../io/http/announce-service.ts';

export const driverSettings = {
  brokers: addresses({
    variable: 'KAFKA_BROKERS',
    default: '127.0.0.1:9092',
    sentence: 'Kafka brokers, host:port, separated by commas.',
  }),
  ...kafkaLoginSettings,
  clientId: text({
    variable: 'DRIVER_CLIENT_ID',
    default: 'DRV001',
    pattern: /^[A-Z][A-Z0-9]{1,19}$/,
    wanted: 'like DRV001',
    sentence: 'Name of this driver application.',
  }),
  zone: text({
    variable: 'EV_ZONE',
    default: '',
    pattern: /^([A-Z][A-Z0-9]{1,7})?$/,
    wanted: 'a zone such as ALC',
    sentence: 'Zone whose channels are used; empty takes the first zone that exists.',
  }),
  host: text({
    variable: 'EV_HOST',
    default: '127.0.0.1',
    sentence: 'Address to listen on; anything but loopback needs TLS_CERT_FILE and TLS_KEY_FILE.',
  }),
  port: port({ variable: 'DRIVER_PORT', default: '5100', sentence: "Port of the drivers' page." }),
  caFile: text({
    variable: 'EV_CA_FILE',
    default: 'var/secrets/ca.pem',
    sentence: "The network's certificate authority, PEM: Central's identity is verified against it.",
  }),
  dataDir: text({
    variable: 'EV_DATA_DIR',
    default: 'var/drivers/default',
    sentence: 'Folder (0700) of the batches that run; one driver application each.',
  }),
  auditDir: text({ variable: 'EV_AUDIT_DIR', default: 'var/logs', sentence: 'Folder of the audit file.' }),
  centralLostMs: integer({
    variable: 'CENTRAL_LOST_MS',
    default: '6000',
    min: 500,
    max: 600_000,
    sentence: 'Milliseconds without a sign of life after which Central counts as lost and starts are blocked (D-09).',
  }),
  centralAuditMs: integer({
    variable: 'CENTRAL_AUDIT_MS',
    default: '15000',
    min: 500,
    max: 600_000,
    sentence: 'Milliseconds after which CENTRAL_DISCONNECTED is audited (S-TIM-06).',
  }),
  batchFile: text({
    variable: 'BATCH_FILE',
    default: '',
    sentence: 'A .txt with one charging point id a line: charged one after the other for DRIVER_USER_ID (R1-14).',
  }),
  userId: text({
    variable: 'DRIVER_USER_ID',
    default: '',
    pattern: /^([A-Z][A-Z0-9]{1,19})?$/,
    wanted: 'like USR001',
    sentence: 'Whose batch BATCH_FILE is.',
  }),
  userPassword: secret({
    variable: 'DRIVER_PASSWORD',
    isOptional: true,
    sentence: 'The password of DRIVER_USER_ID.',
  }),
  tlsCertFile: text({
    variable: 'TLS_CERT_FILE',
    default: '',
    sentence: 'Certificate of this page, PEM (not needed on loopback).',
  }),
  tlsKeyFile: text({ variable: 'TLS_KEY_FILE', default: '', sentence: 'Its private key, PEM.' }),
  ...directorySettings,
};
export type DriverConfig = ConfigOf<typeof driverSettings>;
