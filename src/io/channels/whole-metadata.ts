import { type Base, type CallbackWithPromise, type ClusterMetadata, kMetadata } from '@platformatic/kafka';
import { KafkaFault } from './kafka-records.ts';

type Answer = CallbackWithPromise<ClusterMetadata>;
type Client = Pick<Base, typeof kMetadata>;

/**
 * The client with answers about topics that are whole. The library (2.12.1) asks the broker for the topics it does not
 * know and adds the others from its memory; if that is cleared meanwhile (a rebalance, a broker that went away), topics
 * are missing in the answer and it fails in a callback of its own, which ends the process. Such an answer is asked for again, all of it.
 */
export function withWholeMetadata<C extends Client>(client: C): C {
  const ask = client[kMetadata].bind(client);
  const complete = (answer: Answer): Answer => {
    return (error, metadata) => {
      if (error || isWhole(metadata)) return answer(error, metadata);
      answer(new KafkaFault('KAFKA_UNAVAILABLE', 'the broker left topics out of its answer'), metadata);
    };
  };
  client[kMetadata] = (options, answer) =>
    ask(options, (error, metadata) => {
      if (error || isWhole(metadata)) return answer(error, metadata);
      ask({ ...options, forceUpdate: true }, complete(answer));
    });
  return client;
}

function isWhole(metadata: ClusterMetadata | undefined): boolean {
  return [...(metadata?.topics.values() ?? [])].every((topic) => topic !== undefined);
}
