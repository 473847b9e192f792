import {
  type Acl,
  AclOperations,
  AclPermissionTypes,
  alterUserScramCredentialsV0,
  Connection,
  createAclsV3,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka';
import { type Clock, pause } from '../clock.ts';
import type { IssuedCertificate } from '../crypto/certificate-authority.ts';
import { kafkaScramSecret } from '../crypto/generated-secrets.ts';
import type { Log } from '../log.ts';
import { kafkaProblem } from './kafka-refusal.ts';
import { type KafkaRight, networkRights } from './kafka-rights.ts';

/** Subjects of certificates of our authority that the broker takes for its administrators: its own, and Central's for this file. */
export const BROKER_SUBJECT = 'kafka';
export const BROKER_ADMIN_SUBJECT = 'kafka-admin';

const SCRAM_SHA_512 = 2;
const CONNECT_WITHIN_MS = 3_000;
const AGAIN_AFTER_MS = 500;
const AGAIN_AFTER_LONG_MS = 5_000;
const SOON_FOR_TRIES = 20;
const TOLD_AFTER_TRIES = 20;
const LOOK_EVERY_MS = 5_000;

export type BrokerUsersOptions = {
  /** `host:port` of the controller listener, which asks for a certificate of ours. */
  controller: string;
  caPem: string;
  /** A certificate with the subject BROKER_ADMIN_SUBJECT. */
  certificate(): Promise<IssuedCertificate>;
  /** Users of the broker with their passwords. */
  users: readonly { username: string; password: string }[];
  groupId: string;
};

/**
 * Gives the broker its users and the rights that all zones share, through the controller listener: there a certificate is
 * enough, so a broker with empty data needs no first password. Safe to repeat.
 */
export async function setBrokerUsers(options: BrokerUsersOptions): Promise<void> {
  const { certificatePem: cert, privateKeyPem: key } = await options.certificate();
  const tls = { ca: options.caPem, cert, key, rejectUnauthorized: true };
  const connection = new Connection('ev-broker-users', { connectTimeout: CONNECT_WITHIN_MS, tls });
  // A certificate that the broker does not take is told after the handshake: whoever waits for an answer hears of it.
  connection.on('error', () => undefined);
  const colon = options.controller.lastIndexOf(':');
  try {
    await connection.connect(options.controller.slice(0, colon), Number(options.controller.slice(colon + 1)));
    const secrets = options.users.map(({ username, password }) => ({
      ...{ name: username, mechanism: SCRAM_SHA_512 },
      ...kafkaScramSecret(password),
    }));
    await alterUserScramCredentialsV0.api.async(connection, [], secrets);
    await createAclsV3.api.async(connection, networkRights(options.groupId).map(aclOf));
  } finally {
    await connection.close().catch(() => undefined);
  }
}

/** A right as the broker's list of access has it. */
export function aclOf({ user, resource, name, isPrefix, operation }: KafkaRight): Acl {
  return {
    resourceType: ResourceTypes[resource],
    resourceName: name,
    resourcePatternType: isPrefix ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
    principal: `User:${user}`,
    host: '*',
    operation: AclOperations[operation],
    permissionType: AclPermissionTypes.ALLOW,
  };
}

/** Keeps them so: at the start, whenever the broker may be another one, until stopped. Never throws. */
export function keepBrokerUsers(options: BrokerUsersOptions & { isBrokerUp(): boolean; clock: Clock; log: Log }): {
  stop(): void;
} {
  const { clock, log } = options;
  const stopping = new AbortController();
  const keep = async () => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      try {
        await setBrokerUsers(options);
        if (failures > 0) log.info('the broker has its users');
        failures = 0;
        // A broker that lost its data knows nobody: seen by us as one that is not up.
        do await pause(clock, LOOK_EVERY_MS, stopping.signal);
        while (options.isBrokerUp() && !stopping.signal.aborted);
      } catch (error) {
        failures += 1;
        const problem = kafkaProblem(error, { brokers: [options.controller] }).sentence;
        if (failures === TOLD_AFTER_TRIES) log.warn({ problem }, 'the broker cannot be given its users yet');
        const delayMs = failures > SOON_FOR_TRIES ? AGAIN_AFTER_LONG_MS : AGAIN_AFTER_MS;
        await pause(clock, delayMs, stopping.signal);
      }
    }
  };
  void keep();
  return { stop: () => stopping.abort() };
}
