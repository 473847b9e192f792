import { join } from 'node:path';
import type { KafkaUser } from '../io/channels/kafka-login.ts';
import { BROKER_SUBJECT } from '../io/channels/kafka-users.ts';
import { inUrl } from '../io/sockets/ip-address.ts';
import type { KafkaOptions } from './kafka.ts';
import { holdsData, type NetworkPlan, networkFiles } from './network-plan.ts';
import {
  ensureServerCertificate,
  isServerCertificateGood,
  type ServerCertificate,
  serverCertificateFiles,
  signerOf,
} from './server-certificate.ts';
import type { Say } from './step.ts';

const LOOPBACK = '127.0.0.1';

/** Where the local Kafka lives: plain on loopback, or secured for several computers (R2-27). */
export function kafkaOptions(plan: NetworkPlan, say: Say): KafkaOptions {
  const folder = join(plan.varFolder, 'kafka');
  const common = {
    folder,
    jarsFolder: join(plan.projectFolder, 'var', 'kafka-jars'),
    port: plan.ports.kafka,
    controllerPort: plan.ports.kafkaController,
    env: process.env,
    say,
  };
  if (!plan.isKafkaSecured) return { ...common, host: LOOPBACK };
  return {
    ...common,
    host: plan.host,
    secured: {
      publicHost: plan.publicHost,
      ...{ innerHost: LOOPBACK, innerListenHost: LOOPBACK, innerPort: plan.ports.kafkaInner },
      ...serverCertificateFiles(folder),
      ensureCertificate: () => ensureServerCertificate(certificateOf(plan)),
    },
  };
}

/** False while a secured broker must wait for `ev admin init`, which makes the authority of its certificate. */
export function mayKafkaStart(plan: NetworkPlan): boolean {
  return !plan.isKafkaSecured || isServerCertificateGood(certificateOf(plan));
}

/** `host:port` of the broker for processes of this computer. */
export function brokersOf(plan: NetworkPlan): string {
  if (plan.externalBrokers !== undefined) return plan.externalBrokers;
  if (plan.centralHost !== undefined) return `${inUrl(plan.centralHost)}:${plan.ports.kafka}`;
  return `${LOOPBACK}:${plan.isKafkaSecured ? plan.ports.kafkaInner : plan.ports.kafka}`;
}

/** `host:port` of the broker as other computers reach it; Central tells it to charging points (F-04). */
export function publicBrokersOf(plan: NetworkPlan): string {
  if (plan.externalBrokers !== undefined || plan.centralHost !== undefined || !plan.isKafkaSecured)
    return brokersOf(plan);
  return `${inUrl(plan.publicHost)}:${plan.ports.kafka}`;
}

/** By which user of the broker a process of this computer is known; nothing while it is plain. */
export function kafkaLogin(plan: NetworkPlan, user: KafkaUser): Record<string, string> {
  if (!plan.isKafkaSecured) return {};
  return { KAFKA_USERNAME: user, KAFKA_PASSWORD_FILE: networkFiles(plan).kafkaPassword(user) };
}

/** What Central is told of the broker beside it. */
export function kafkaOfCentral(plan: NetworkPlan): Record<string, string> {
  if (!plan.isKafkaSecured || plan.externalBrokers !== undefined) return kafkaLogin(plan, 'central');
  return {
    ...kafkaLogin(plan, 'central'),
    KAFKA_ADVERTISED_BROKERS: publicBrokersOf(plan),
    ...(holdsData(plan) && { KAFKA_CONTROLLER: `${LOOPBACK}:${plan.ports.kafkaController}` }),
  };
}

function certificateOf(plan: NetworkPlan): ServerCertificate {
  return {
    ...{ subject: BROKER_SUBJECT, folder: join(plan.varFolder, 'kafka'), names: [LOOPBACK, plan.publicHost] },
    ...signerOf(plan),
  };
}
