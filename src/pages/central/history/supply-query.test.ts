import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyQuery, isFiltered, readHistoryFilter } from './supply-query.ts';

const filterOf = (search: string) => readHistoryFilter(new URLSearchParams(search));

test('the filter of charges in the address survives nonsense', () => {
  const filter = filterOf('group=NOPE&reason=NOPE&from=2026-99-99&to=yesterday&cp=cp1');
  assert.deepEqual(filter, { group: 'ALL', cpId: 'CP1', driverId: '', endReason: '', from: '', to: '' });
  assert.equal(isFiltered(filterOf('')), false);
  assert.equal(isFiltered(filter), true);
});

test('a range of days asks from midnight to midnight of the viewer, the last day included', () => {
  const query = new URLSearchParams(historyQuery(filterOf('group=ENDED&from=2026-11-23&to=2026-11-23')));
  assert.equal(query.get('state'), 'ENDED');
  assert.equal(Number(query.get('fromMs')), new Date(2026, 10, 23).getTime());
  assert.equal(Number(query.get('toMs')), new Date(2026, 10, 24).getTime());
});

test('half an id is no question to the server', () => {
  assert.equal(historyQuery(filterOf('cp=C&driver=%27')), '');
  assert.equal(historyQuery(filterOf('cp=CP')), 'cpId=CP');
});
