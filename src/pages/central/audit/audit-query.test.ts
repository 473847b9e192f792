import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditQuery, isAuditFiltered, mayGoOn, readAuditView } from './audit-query.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const queryOf = (address: string) =>
  Object.fromEntries(new URLSearchParams(auditQuery(readAuditView(new URLSearchParams(address)), NOW_MS)));

test('S-AUD-12: the address is the filter of the audit, nonsense in it counts as not said', () => {
  assert.deepEqual(queryOf('cat=AUTH,NONSENSE,SECURITY&cp=cp001&result=failed&ip=10.0.0.0/8&range=15m&text=5%20Wh'), {
    fromMs: String(NOW_MS - 15 * 60_000),
    category: 'AUTH,SECURITY',
    cpId: 'CP001',
    address: '10.0.0.0/8',
    text: '5 Wh',
    isSuccess: 'false',
  });
  assert.deepEqual(queryOf('range=nonsense&result=maybe&from=yesterday'), { fromMs: String(NOW_MS - 7 * 86_400_000) });
});

test('ux 3.1: what is still being typed asks for nothing yet', () => {
  assert.deepEqual(queryOf('range=all&cp=C&ip=10.0&supply=01979'), {});
  assert.deepEqual(queryOf('range=all&ip=fe80::1'), { address: 'fe80::1' });
});

test('ux 3.1: times of a custom range are the viewer’s; what has an end has no tail', () => {
  const view = readAuditView(new URLSearchParams('range=custom&from=2026-11-24T10:00&to=2026-11-24T11:30'));
  const query = new URLSearchParams(auditQuery(view, NOW_MS));
  assert.equal(Number(query.get('toMs')) - Number(query.get('fromMs')), 90 * 60_000);
  assert.equal(Number(query.get('fromMs')), new Date(2026, 10, 24, 10).getTime());
  assert.equal(mayGoOn(view), false);
  assert.equal(mayGoOn({ ...view, to: '' }), true);
  assert.equal(isAuditFiltered(view), false);
});
