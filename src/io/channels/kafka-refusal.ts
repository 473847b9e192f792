/** Why there is no connection, in one sentence that names the variable (F-04, F-06). */
export type KafkaProblem = { sentence: string; kind: KafkaProblemKind };

/**
 * AWAY: another try may help at any moment. REFUSED: we and the broker do not know each other (password, certificate,
 * TLS), which only a person or Central mends. FORBIDDEN: it knows us, and we have no right.
 */
export type KafkaProblemKind = 'AWAY' | 'REFUSED' | 'FORBIDDEN';

/** The brokers as configured, and our user there. */
type DialledAs = { brokers: readonly string[]; sasl?: { username: string } };

/** Where a broker's advertised address is said, for whoever mends it there. */
export const ADVERTISED_BY = 'EV_Central/start.sh ADDRESS there, or EV_PUBLIC_HOST';

type Facts = { code?: unknown; apiId?: unknown; message?: unknown };
type Rule = {
  kind: KafkaProblemKind;
  matches(facts: Facts): boolean;
  sentence(at: { place: string; named: string; user: string }): string;
};

const UNKNOWN_AUTHORITY = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);
const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA']);
const UNREACHABLE = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET']);

const RULES: readonly Rule[] = [
  {
    kind: 'REFUSED',
    matches: ({ code }) => code === 'PLT_KFK_AUTHENTICATION',
    sentence: ({ user }) =>
      `the broker refuses the user '${user}': KAFKA_USERNAME or KAFKA_PASSWORD_FILE is wrong, or Central has not given the broker its users yet`,
  },
  {
    kind: 'REFUSED',
    matches: ({ code }) => UNKNOWN_AUTHORITY.has(String(code)),
    sentence: ({ place }) =>
      `the certificate of the broker ${place} is not of our authority: EV_CA_FILE or KAFKA_BROKERS belongs to another network`,
  },
  {
    kind: 'REFUSED',
    matches: ({ code }) => code === 'ERR_TLS_CERT_ALTNAME_INVALID',
    sentence: ({ place, named }) =>
      `the certificate of the broker does not hold the name ${place}, by which ${named} calls it`,
  },
  {
    kind: 'REFUSED',
    matches: ({ code }) => code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID',
    sentence: ({ place }) =>
      `the certificate of the broker ${place} is not valid now: restart the broker, or set this clock`,
  },
  {
    kind: 'REFUSED',
    matches: ({ code }) => code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG',
    sentence: ({ place }) => `${place} does not speak TLS: KAFKA_USERNAME is for a secured broker`,
  },
  {
    kind: 'REFUSED',
    matches: ({ message }) => message === 'Broker requires TLS.',
    sentence: () => 'the broker speaks TLS: KAFKA_USERNAME and KAFKA_PASSWORD_FILE are needed',
  },
  {
    kind: 'FORBIDDEN',
    matches: ({ apiId }) => typeof apiId === 'string' && apiId.endsWith('_AUTHORIZATION_FAILED'),
    sentence: ({ user }) => `the broker's user '${user}' has no right to what was asked (KAFKA_USERNAME)`,
  },
  {
    kind: 'AWAY',
    matches: ({ code }) => UNRESOLVED.has(String(code)),
    sentence: ({ place, named }) => `the name in ${place} does not resolve here: ${named} names it`,
  },
  {
    kind: 'AWAY',
    matches: ({ code, message }) => UNREACHABLE.has(String(code)) || /timed out/.test(String(message)),
    sentence: ({ place, named }) =>
      `no answer from ${place}, which ${named} names: not started yet, a wrong address, or a firewall`,
  },
];

/** What an error of the Kafka library means for whoever has to mend it. */
export function kafkaProblem(error: unknown, address: DialledAs): KafkaProblem {
  const chain = [...errorsIn(error)];
  const place = placeIn(chain) ?? address.brokers.join(', ');
  const isGiven = placeIn(chain) === undefined || address.brokers.includes(place);
  const named = isGiven ? 'KAFKA_BROKERS' : `the broker itself (its advertised address: ${ADVERTISED_BY})`;
  const at = { place, named, user: address.sasl?.username ?? '' };
  const rule = ruleOf(error);
  if (rule) return { kind: rule.kind, sentence: rule.sentence(at) };
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: 'AWAY', sentence: `the broker ${place}, which ${named} names, cannot be used: ${reason}` };
}

/** What kind of problem an error of the library is. */
export function kafkaProblemKind(error: unknown): KafkaProblemKind {
  return ruleOf(error)?.kind ?? 'AWAY';
}

function ruleOf(error: unknown): Rule | undefined {
  const chain = [...errorsIn(error)];
  return RULES.find(({ matches }) => chain.some(matches));
}

/** True if a broker was reached that does not know us. */
export function isAuthenticationError(error: unknown): boolean {
  return [...errorsIn(error)].some(({ code }) => code === 'PLT_KFK_AUTHENTICATION');
}

/** The error with all that caused it: the library wraps the true reason several times. */
function* errorsIn(error: unknown): Generator<Facts> {
  if (typeof error !== 'object' || error === null) return;
  yield error;
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  yield* errorsIn(cause);
  for (const inner of Array.isArray(errors) ? errors : []) yield* errorsIn(inner);
}

function placeIn(chain: readonly Facts[]): string | undefined {
  for (const { message } of chain) {
    const found = /^Connection to (\S+) (?:failed|timed out)/.exec(String(message))?.[1];
    if (found) return found;
  }
  return undefined;
}
