import {
  CENTRAL_LIVE_TOPIC,
  inboundTopics,
  SELECTION_PREFIX,
  SELECTION_RESPONSE_PREFIX,
  STATUS_PREFIX,
  zonePrefix,
  zoneTopics,
} from '../../messages/topics.ts';
import type { KafkaUser } from './kafka-login.ts';

/** One thing that one user may do. `isPrefix`: to every topic whose name begins so. */
export type KafkaRight = {
  user: KafkaUser;
  resource: 'TOPIC' | 'GROUP' | 'CLUSTER';
  name: string;
  isPrefix: boolean;
  operation: 'READ' | 'WRITE' | 'CREATE' | 'ALTER' | 'DESCRIBE';
};

const CLUSTER = 'kafka-cluster';

/**
 * What every zone has in common (R2-27): clients ask and hear offers, drivers read `Status_*`. Central makes the topics
 * of zones, and grants their rights; it holds the authority's key, so it could have any right of the broker anyway.
 */
export function networkRights(groupId: string): KafkaRight[] {
  const clients = (['point', 'driver'] as const).flatMap((user) => [
    prefix(user, SELECTION_PREFIX, 'WRITE'),
    prefix(user, SELECTION_RESPONSE_PREFIX, 'READ'),
  ]);
  return [
    ...clients,
    prefix('driver', STATUS_PREFIX, 'READ'),
    ...(['CREATE', 'READ'] as const).map((operation) => prefix('central', SELECTION_PREFIX, operation)),
    ...(['CREATE', 'WRITE'] as const).map((operation) => prefix('central', SELECTION_RESPONSE_PREFIX, operation)),
    ...(['CREATE', 'WRITE'] as const).map((operation) => prefix('central', STATUS_PREFIX, operation)),
    ...(['CREATE', 'READ', 'WRITE'] as const).map((operation) => literal('central', CENTRAL_LIVE_TOPIC, operation)),
    { user: 'central', resource: 'GROUP', name: groupId, isPrefix: false, operation: 'READ' },
    ...(['ALTER', 'DESCRIBE'] as const).map(
      (operation): KafkaRight => ({ user: 'central', resource: 'CLUSTER', name: CLUSTER, isPrefix: false, operation }),
    ),
  ];
}

/** Of a zone's numbered channels clients write the questions and read the answers, Central the other way round. */
export function zoneRights(zone: string): KafkaRight[] {
  const inbound = new Set(inboundTopics(zone));
  const numbered = zoneTopics(zone)
    .map(({ topic }) => topic)
    .filter((topic) => topic.startsWith(zonePrefix(zone)));
  const clients = (['point', 'driver'] as const).flatMap((user) =>
    numbered.map((topic) => literal(user, topic, inbound.has(topic) ? 'WRITE' : 'READ')),
  );
  const central = (['CREATE', 'READ', 'WRITE'] as const).map((operation) =>
    prefix('central', zonePrefix(zone), operation),
  );
  return [...clients, ...central];
}

function literal(user: KafkaUser, name: string, operation: KafkaRight['operation']): KafkaRight {
  return { user, resource: 'TOPIC', name, isPrefix: false, operation };
}

function prefix(user: KafkaUser, name: string, operation: KafkaRight['operation']): KafkaRight {
  return { user, resource: 'TOPIC', name, isPrefix: true, operation };
}
