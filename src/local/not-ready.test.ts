import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { ManagedState } from './managed-process.ts';
import { describeNetwork } from './network-file.ts';
import { planNetwork } from './network-plan.ts';
import { notReady, notReadySentence } from './not-ready.ts';
import { step } from './step.ts';
import { summaryLines } from './summary.ts';

const view = (name: string, state: ManagedState, lastEnd?: string) => ({
  ...{ name, state, lastEnd, tier: 2, pid: 7, address: '', startedAtMs: 0, restarts: 0 },
});
const LATE = [view('cp001-monitor', 'STARTING'), view('cp001-engine', 'WAITING')];
const NOTHING_LISTENS = 'nothing listens there yet, or a firewall refuses';
const API = "Central's API at 10.0.0.1:8021 (CENTRAL_HOST, CENTRAL_API_PORT)";
const SOCKETS = "Central's sockets at [fd00::4]:8020 (CENTRAL_HOST, CENTRAL_PORT)";

test('a start that ends without all says what is not ready, which addresses did not answer, and that it goes on by itself', () => {
  assert.equal(
    notReadySentence(LATE, [
      `${API}: ${NOTHING_LISTENS}`,
      'Kafka at 10.0.0.9:9092 (KAFKA_BROKERS): no computer of this network answers to that address',
      `${SOCKETS}: ${NOTHING_LISTENS}`,
    ]),
    `not ready yet: cp001-monitor, cp001-engine. Not reached: ${API}, ${SOCKETS}: ${NOTHING_LISTENS}; ` +
      'Kafka at 10.0.0.9:9092 (KAFKA_BROKERS): no computer of this network answers to that address. ' +
      'They go on trying by themselves: ./ev status shows when they run',
  );
});

test('where every address answers, the end of a process is the reason, or its log has it', () => {
  const ended = view('central', 'WAITING', 'ended by itself (exit code 1)');
  assert.match(
    notReadySentence([ended, view('registry', 'STARTING')], []),
    /^not ready yet: central, registry\. central ended by itself \(exit code 1\)\. They go on/,
  );
  assert.match(
    notReadySentence([view('drv001', 'STARTING')], []),
    /drv001\. Every address .* answers: \.\/ev logs NAME/,
  );
  const many = Array.from({ length: 49 }, (_, n) => view(`cp${n}`, 'STARTING'));
  assert.match(notReadySentence(many, []), /cp7 and 41 more\. /);
});

test('what a person has stopped is not waited for', () => {
  const stopped = [view('a', 'STOPPED'), view('b', 'STOPPING'), view('c', 'RUNNING')];
  assert.deepEqual(notReady([...stopped, ...LATE]), LATE);
});

test('the summary says "ready" of a computer only while all of it is', () => {
  const plan = planNetwork({ projectFolder: '/p', points: 1, drivers: 0, env: {} });
  const title = (views: ReturnType<typeof view>[], now: { hasStarted: boolean; readyAfterMs: number | undefined }) =>
    summaryLines(describeNetwork(plan, { views, startedAtMs: 0, ...now }))[0];
  const running = [view('cp001-monitor', 'RUNNING'), view('cp001-web', 'STOPPED')];
  assert.equal(title(running, { hasStarted: true, readyAfterMs: 4_210 }), 'EVCharging runs (ready after 4.2 s)');
  const notYet = 'EVCharging is not ready yet: cp001-monitor, cp001-engine; ./ev status shows when it is';
  assert.equal(title([...running, ...LATE], { hasStarted: true, readyAfterMs: undefined }), notYet);
  assert.equal(title([...running, ...LATE], { hasStarted: true, readyAfterMs: 4_210 }), notYet, 'not any more');
  assert.match(title(LATE, { hasStarted: false, readyAfterMs: undefined }) ?? '', /^EVCharging is starting: /);
});

test('a step that takes long says what it waits for, and does not call done what is not', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  try {
    const said: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const words = { title: 'Starting', waitsFor: () => 'cp001-monitor', ended: () => 'not all of them run' };
    const done = step(
      (line) => said.push(line.replace(/\d+\.\d s/, 'N s')),
      words,
      () => promise,
    );
    for (const ms of [2_000, 10_000, 10_000]) mock.timers.tick(ms);
    resolve();
    await done;
    const waiting = 'Starting ... N s, waiting for cp001-monitor';
    assert.deepEqual(said, ['Starting ...', waiting, waiting, 'Starting: not all of them run in N s']);
  } finally {
    mock.timers.reset();
  }
});
