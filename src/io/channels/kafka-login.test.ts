import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kafkaLoginProblems, kafkaSecurity } from './kafka-login.ts';

const nobody = { kafkaUsername: '', kafkaPassword: '' };

test('R2-27: plain Kafka is spoken to loopback only, and the refusal names the variables', () => {
  assert.deepEqual(kafkaLoginProblems({ ...nobody, brokers: ['127.0.0.1:9092', 'localhost:9092', '[::1]:9092'] }), []);
  const [problem = '', ...others] = kafkaLoginProblems({ ...nobody, brokers: ['127.0.0.1:9092', '10.0.0.7:9092'] });
  assert.match(problem, /^KAFKA_BROKERS names 10\.0\.0\.7:9092.*KAFKA_USERNAME and KAFKA_PASSWORD_FILE/);
  assert.deepEqual(others, []);
});

test('R2-27: a user without its password, and the other way round, is refused by name', () => {
  const brokers = ['10.0.0.7:9092'];
  assert.match(kafkaLoginProblems({ ...nobody, kafkaUsername: 'point', brokers })[0] ?? '', /^KAFKA_PASSWORD or/);
  assert.match(kafkaLoginProblems({ ...nobody, kafkaPassword: 'x', brokers })[0] ?? '', /^KAFKA_USERNAME is missing/);
  assert.deepEqual(kafkaLoginProblems({ kafkaUsername: 'point', kafkaPassword: 'x', brokers }), []);
});

test('R2-27: with a user the connection is TLS under our authority, and never without verification', () => {
  assert.deepEqual(kafkaSecurity(nobody, 'CA'), {});
  const { tls, sasl } = kafkaSecurity({ kafkaUsername: 'driver', kafkaPassword: 'secret' }, 'CA');
  assert.deepEqual(tls, { ca: 'CA' });
  assert.deepEqual(sasl, { mechanism: 'SCRAM-SHA-512', username: 'driver', password: 'secret' });
});
