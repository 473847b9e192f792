import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  channelName,
  channelOfRequestTopic,
  inboundTopics,
  parseChannelName,
  responseTopic,
  selectionTopic,
  zoneOfSelectionTopic,
  zoneTopics,
} from './topics.ts';

test('a zone has 43 partitions in 23 topics, and Central reads 11 topics of it, never its own output (F-08, F-09)', () => {
  const plans = zoneTopics('ALC');
  assert.equal(plans.length, 23);
  assert.equal(
    plans.reduce((sum, { partitions }) => sum + partitions, 0),
    43,
  );
  const inbound = inboundTopics('ALC');
  assert.equal(inbound.length, 11);
  const names = plans.map(({ topic }) => topic);
  for (const topic of inbound) {
    assert.ok(names.includes(topic));
    assert.ok(channelOfRequestTopic(topic) !== undefined || zoneOfSelectionTopic(topic) === 'ALC', topic);
  }
});

test('names can be read back, and only ours', () => {
  assert.deepEqual(parseChannelName(channelName('ALC', 3)), { zone: 'ALC', channelNumber: 3 });
  assert.equal(channelOfRequestTopic('ALC_3_req'), 'ALC_3');
  assert.equal(channelOfRequestTopic(responseTopic('ALC_3')), undefined);
  assert.equal(zoneOfSelectionTopic(selectionTopic('ALC')), 'ALC');
  for (const other of ['ALC_10_req', 'alc_1_req', 'TopicSelResp_ALC', 'Status_ALC', '_req']) {
    assert.equal(channelOfRequestTopic(other), undefined);
    assert.equal(zoneOfSelectionTopic(other), undefined);
  }
});
