import { advertisedBrokers } from '../../io/channels/advertised-brokers.ts';
import { brokerList, type KafkaUser, kafkaSecurity } from '../../io/channels/kafka-login.ts';
import { ADVERTISED_BY, kafkaProblem } from '../../io/channels/kafka-refusal.ts';
import { readIfThere } from '../../io/private-files.ts';
import { inUrl } from '../../io/sockets/ip-address.ts';
import { brokersOf } from '../kafka-plan.ts';
import { type HostRole, type NetworkPlan, networkFiles } from '../network-plan.ts';
import { hostAndPort, type NeededAddress, unreachableOf } from './reach.ts';

const ANSWERS_WITHIN_MS = 5_000;
/** The broker's login that a computer of this role has got by its join. */
const USER: Readonly<Partial<Record<HostRole, KafkaUser>>> = { CENTRAL: 'central', POINTS: 'point', DRIVERS: 'driver' };

/** The brokers that this computer was given, apart. */
export function givenBrokers(plan: NetworkPlan): NeededAddress[] {
  return brokerList(brokersOf(plan)).map((broker) => ({
    ...hostAndPort(broker),
    ...{ what: 'Kafka', variable: 'KAFKA_BROKERS' },
  }));
}

/**
 * One sentence for each address that a broker advertises and this computer cannot reach, or for a broker that does not
 * know it (F-04, F-06). Nothing of a broker that is away; never throws, and takes ten seconds at most.
 */
export async function advertisedUnreachable(plan: NetworkPlan, withinMs = ANSWERS_WITHIN_MS): Promise<string[]> {
  const { ca, kafkaPassword } = networkFiles(plan);
  const user = USER[plan.role];
  if (user === undefined) return [];
  const password = readIfThere(kafkaPassword(user)) ?? '';
  const login = { kafkaUsername: plan.isKafkaSecured ? user : '', kafkaPassword: password };
  const given = givenBrokers(plan);
  const brokers = given.map(placeOf);
  const address = { brokers, clientId: 'ev-start', ...kafkaSecurity(login, readIfThere(ca) ?? '') };
  const advertised = await advertisedBrokers(address, withinMs).catch((error: unknown) => {
    const { kind, sentence } = kafkaProblem(error, address);
    return kind === 'AWAY' ? [] : sentence;
  });
  if (typeof advertised === 'string') return [advertised];
  return unreachableOf(advertisedElsewhere(advertised, brokers));
}

/** What a broker advertises beside the addresses that this computer was given; those are looked at anyway. Pure. */
export function advertisedElsewhere(
  advertised: readonly { host: string; port: number }[],
  given: readonly string[],
): NeededAddress[] {
  const what = 'the broker, which advertises itself';
  const others = advertised.filter((one) => !given.includes(placeOf(one)));
  return others.map((one) => ({ ...one, what, variable: ADVERTISED_BY }));
}

function placeOf({ host, port }: { host: string; port: number }): string {
  return `${inUrl(host)}:${port}`;
}
