import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEvent } from '../../../messages/audit-api.ts';
import { auditHead, auditLines } from './audit-lines.ts';

const EVENT: AuditEvent = {
  auditId: 7,
  atMs: Date.UTC(2026, 10, 24, 9, 8, 7, 6),
  component: 'central',
  category: 'AUTH',
  action: 'LOGIN',
  actor: '=HYPERLINK("http://x","y")',
  address: '10.0.0.7',
  isSuccess: false,
  parameters: { user: 'a,b', note: 'two\nlines' },
  description: 'login of "ana", refused',
};

test('S-AUD-11: CSV keeps commas, quotes and lines inside their column, and hands no formula to a spreadsheet', () => {
  const [head, line] = (auditHead('csv') + auditLines('csv', [EVENT])).split('\r\n');
  assert.equal(
    head,
    'timestamp,category,action,actor,address,cpId,supplyId,isSuccess,description,component,correlationId,parameters',
  );
  assert.equal(
    line,
    `2026-11-24T09:08:07.006Z,AUTH,LOGIN,"'=HYPERLINK(""http://x"",""y"")",10.0.0.7,,,false,"login of ""ana"", refused",central,,` +
      `"{""user"":""a,b"",""note"":""two\\nlines""}"`,
  );
});

test('S-AUD-11: JSONL is one object a line, with its time readable', () => {
  const lines = auditLines('jsonl', [EVENT, EVENT]).trimEnd().split('\n');
  assert.equal(lines.length, 2);
  const { atMs: _, ...rest } = EVENT;
  assert.deepEqual(JSON.parse(lines[0]!), { timestamp: '2026-11-24T09:08:07.006Z', ...rest });
});
