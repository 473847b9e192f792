import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredFacts } from '../../../io/postgres/charging-points.ts';
import { applyEdge, pointFacts } from './facts-edge.ts';

const AT = { nowMs: 1_000, replicaId: 'replica-1' };
const FACTS: StoredFacts = {
  cpId: 'CP001',
  monitorReplicaId: 'replica-1',
  monitorEpoch: 4,
  monitorInstanceId: 'instance',
  monitorAddress: null,
  monitorSinceMs: 1,
  monitorLostAtMs: null,
  isEngineOk: true,
  engineChangedAtMs: 1,
  engineFaultCode: null,
  isChannelUp: true,
  version: 7,
  engineBootId: 'boot',
  engineSequence: 3,
};
const connected = (epoch: number) =>
  ({ kind: 'monitor-connected', epoch, instanceId: 'new', address: undefined }) as const;
const health = (isEngineOk: boolean, isChannelUp = true, epoch = 4) =>
  ({ kind: 'engine-health', epoch, isEngineOk, isChannelUp, code: 'NO_ANSWER' }) as const;

test('F-65 edges of an older socket are nothing', () => {
  assert.equal(applyEdge(FACTS, { kind: 'monitor-lost', epoch: 3 }, AT), undefined);
  assert.equal(applyEdge(FACTS, health(false, false, 3), AT), undefined);
  assert.equal(applyEdge(FACTS, connected(3), AT), undefined);
});

test('a lost monitor is lost once, and keeps its epoch', () => {
  const lost = applyEdge(FACTS, { kind: 'monitor-lost', epoch: 4 }, AT);
  assert.deepEqual(
    [lost?.facts.monitorReplicaId, lost?.facts.monitorLostAtMs, lost?.facts.monitorEpoch],
    [null, 1_000, 4],
  );
  assert.equal(lost?.event?.kind, 'monitor-lost');
  assert.equal(applyEdge(lost!.facts, { kind: 'monitor-lost', epoch: 4 }, AT), undefined);
});

test('a monitor that comes back takes the point to its replica', () => {
  const back = applyEdge(FACTS, connected(5), { ...AT, replicaId: 'replica-2' });
  assert.deepEqual([back?.facts.monitorReplicaId, back?.facts.monitorEpoch], ['replica-2', 5]);
});

test('the same health again is nothing; a turn is an event, a channel is a fact only', () => {
  assert.equal(applyEdge(FACTS, health(true), AT), undefined);
  const ko = applyEdge(FACTS, health(false), AT);
  assert.deepEqual([ko?.event?.kind, ko?.facts.engineFaultCode], ['engine-ko', 'NO_ANSWER']);
  assert.equal(applyEdge(ko!.facts, health(true), AT)?.event?.kind, 'engine-ok');
  const noChannel = applyEdge(FACTS, health(true, false), AT);
  assert.deepEqual([noChannel?.event, noChannel?.facts.isChannelUp], [undefined, false]);
});

test('a local level counts with its boot and a greater sequence only', () => {
  const level = (bootId: string, sequence: number) => ({ kind: 'local-hold', bootId, sequence, isHeld: true }) as const;
  assert.equal(applyEdge(FACTS, level('boot', 3), AT), undefined);
  assert.equal(applyEdge(FACTS, level('other', 9), AT), undefined);
  assert.deepEqual(applyEdge(FACTS, level('boot', 4), AT)?.hold, { add: 'LOCAL' });
});

test('F-29 a monitor of a replica without a fresh heartbeat is not alive', () => {
  const point = { facts: FACTS, holds: new Set<never>(), isReplicaFresh: false };
  assert.equal(pointFacts(point, 'replica-1').isMonitorAlive, true);
  assert.equal(pointFacts(point, 'replica-2').isMonitorAlive, false);
  assert.equal(pointFacts({ ...point, isReplicaFresh: true }, 'replica-2').isMonitorAlive, true);
});
