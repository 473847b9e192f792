import { Admin } from '@platformatic/kafka';
import { clientOptions, type KafkaAddress } from './kafka-client.ts';

/**
 * The addresses by which the brokers call themselves: where every client goes after its first question (F-04). Rejects
 * with the library's error, or with `no answer in time`.
 */
export async function advertisedBrokers(
  address: KafkaAddress,
  withinMs: number,
): Promise<{ host: string; port: number }[]> {
  const admin = new Admin({ ...clientOptions(address, false), connectTimeout: withinMs, requestTimeout: withinMs });
  let timer: NodeJS.Timeout | undefined;
  const isLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), withinMs);
  });
  try {
    const { brokers } = await Promise.race([admin.metadata({ topics: [] }), isLate]);
    return [...brokers.values()].map(({ host, port }) => ({ host, port }));
  } finally {
    clearTimeout(timer);
    await admin.close().catch(() => undefined);
  }
}
