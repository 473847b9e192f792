import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAuthenticationError, kafkaProblem } from './kafka-refusal.ts';

const address = { brokers: ['kafka.lan:9092'], sasl: { username: 'point' } };
/** As the library wraps it: several errors, each with its cause. */
const wrapped = (place: string, cause: object) =>
  Object.assign(new AggregateError([new Error(`Connection to ${place} failed.`, { cause })], 'Metadata failed.'), {
    code: 'PLT_KFK_MULTIPLE',
  });

test('R2-27 F-06: what is wrong is found below what the library wraps, and named by its variable', () => {
  const cases: [object, RegExp, string][] = [
    [{ code: 'PLT_KFK_AUTHENTICATION' }, /refuses the user 'point': KAFKA_USERNAME or KAFKA_PASSWORD_FILE/, 'REFUSED'],
    [{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, /not of our authority: EV_CA_FILE/, 'REFUSED'],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, /does not hold the name kafka\.lan:9092/, 'REFUSED'],
    [{ apiId: 'TOPIC_AUTHORIZATION_FAILED' }, /user 'point' has no right .*KAFKA_USERNAME/, 'FORBIDDEN'],
    [{ code: 'ENOTFOUND' }, /kafka\.lan:9092 does not resolve here: KAFKA_BROKERS/, 'AWAY'],
    [{ code: 'ECONNREFUSED' }, /no answer from kafka\.lan:9092, which KAFKA_BROKERS names/, 'AWAY'],
    [{ code: 'SOMETHING_NEW' }, /the broker kafka\.lan:9092.*cannot be used: Metadata failed/, 'AWAY'],
  ];
  for (const [cause, sentence, kind] of cases) {
    const problem = kafkaProblem(wrapped('kafka.lan:9092', cause), address);
    assert.match(problem.sentence, sentence);
    assert.equal(problem.kind, kind);
  }
  assert.ok(isAuthenticationError(wrapped('kafka.lan:9092', { code: 'PLT_KFK_AUTHENTICATION' })));
});

test('F-04: an address that nobody configured was advertised by the broker, and the sentence says so', () => {
  const { sentence } = kafkaProblem(wrapped('172.17.0.3:9092', { code: 'EHOSTUNREACH' }), address);
  assert.match(sentence, /no answer from 172\.17\.0\.3:9092, which the broker itself .*EV_PUBLIC_HOST/);
});
