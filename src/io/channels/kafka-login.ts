import { secret, text } from '../config.ts';
import { isLoopback } from '../sockets/ip-address.ts';
import type { KafkaAddress } from './kafka-client.ts';

/** The broker's users: one a kind of process, each with the rights of its kind (`kafka-rights.ts`). */
export const KAFKA_USERS = ['central', 'point', 'driver'] as const;
export type KafkaUser = (typeof KAFKA_USERS)[number];

/** How a process proves itself to the broker: the same two variables everywhere (R2-27). */
export const kafkaLoginSettings = {
  kafkaUsername: text({
    variable: 'KAFKA_USERNAME',
    default: '',
    pattern: /^[a-z-]{0,40}$/,
    wanted: 'a user of the broker (central, point or driver)',
    sentence: 'User of the broker, with which Kafka is spoken over TLS; empty speaks plainly, to loopback only.',
  }),
  kafkaPassword: secret({
    variable: 'KAFKA_PASSWORD',
    isOptional: true,
    sentence: 'Its password: var/secrets/kafka-<user>.password where the network was set up, else part of joining.',
  }),
};

/** `one:9092, two:9092` apart; nothing of nothing. */
export function brokerList(brokers: string): string[] {
  return brokers
    .split(',')
    .map((broker) => broker.trim())
    .filter(Boolean);
}

export type KafkaLogin = { kafkaUsername: string; kafkaPassword: string };

/** What is wrong with these settings, each sentence naming its variable; a plain broker beyond loopback is (protocol 1). */
export function kafkaLoginProblems({
  kafkaUsername,
  kafkaPassword,
  brokers,
}: KafkaLogin & { brokers: readonly string[] }): string[] {
  if (kafkaUsername !== '' && kafkaPassword === '')
    return [`KAFKA_PASSWORD or KAFKA_PASSWORD_FILE is missing: KAFKA_USERNAME=${kafkaUsername} needs it`];
  if (kafkaUsername === '' && kafkaPassword !== '')
    return ['KAFKA_USERNAME is missing: KAFKA_PASSWORD is given without the user that it belongs to'];
  const elsewhere = brokers.find((broker) => !isLoopback(hostOf(broker)));
  if (kafkaUsername !== '' || elsewhere === undefined) return [];
  return [
    `KAFKA_BROKERS names ${elsewhere}, which is beyond loopback: KAFKA_USERNAME and KAFKA_PASSWORD_FILE are needed there`,
  ];
}

/** TLS and SASL of a connection; nothing while the broker is plain. */
export function kafkaSecurity(login: KafkaLogin, caPem: string): Pick<KafkaAddress, 'tls' | 'sasl'> {
  if (login.kafkaUsername === '') return {};
  const { kafkaUsername: username, kafkaPassword: password } = login;
  return { tls: { ca: caPem }, sasl: { mechanism: 'SCRAM-SHA-512', username, password } };
}

function hostOf(broker: string): string {
  return broker.slice(0, broker.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}
