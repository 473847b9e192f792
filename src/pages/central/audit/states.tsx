import { AUDIT_CATEGORIES, type AuditEvent, type AuditPage } from '../../../messages/audit-api.ts';
import type { Scene } from '../../shared/states/scene.ts';
import { testUuid } from '../../testing/scenes.ts';
import { App } from '../app.tsx';
import { closeLogin } from '../login-state.ts';
import { closeOrder } from '../orders.ts';
import { PANEL, showAs } from '../session.ts';

const HOUR_MS = 3_600_000;
const nowMs = Date.now();
const SENTENCES = [
  ['LOGIN', 'operator:ana', 'ana logged in'],
  ['CHARGE_START', 'driver:DRV001', 'USR001 charges at CP001'],
  ['MONITOR_DISCONNECTED', 'cp:CP002', 'monitor of CP002 is lost: closed by the other side'],
  ['CP_STATE', 'central', 'CP002 is DISCONNECTED'],
  [
    'VALIDATION_ERROR',
    'cp:CP003',
    'meter-reading is not valid: /energyWh must be an integer of 0 or more, and it is not',
  ],
  ['RECORD_REFUSED', 'cp:CP003', 'record of cp:CP003 refused: MAC_MISMATCH'],
  ['START', 'registry', 'registry started'],
] as const;

const EVENTS: readonly AuditEvent[] = AUDIT_CATEGORIES.map((category, n) => {
  const [action, actor, description] = SENTENCES[n]!;
  return {
    ...{ auditId: 900 - n, atMs: nowMs - n * 61_337, category, action, actor, description },
    component: n === 6 ? 'registry' : 'central',
    isSuccess: category !== 'ERROR' && category !== 'SECURITY',
    ...(n % 2 === 0 && { address: n === 4 ? 'fd12:3456:789a:1::1' : '10.0.0.7' }),
    ...(n > 0 && n < 6 && { cpId: `CP00${n}` }),
    ...(n === 1 && { supplyId: testUuid(1), correlationId: testUuid(2) }),
    parameters: { driverId: 'USR001', reason: 'UNPLUGGED', energyWh: 10_300 },
  };
});
const PAGE: AuditPage = { events: [...EVENTS], newestId: 900, total: 12_345, nextCursor: '1_1' };

function answer(path: string): unknown {
  if (!path.startsWith('/api/audit')) return undefined;
  return path.includes('cursor=') || path.includes('afterId=') ? { events: [], newestId: 900 } : PAGE;
}
const none = (path: string) => (path.startsWith('/api/audit') ? { events: [], newestId: 0, total: 0 } : undefined);

const viewer = () => {
  closeLogin();
  closeOrder();
  showAs({ operatorId: 'ana', role: 'viewer', expiresAtMs: nowMs + HOUR_MS });
};
const nobody = () => {
  viewer();
  showAs(undefined);
};
const empty = { points: {}, supplies: {}, refusals: {}, messages: {}, modules: {}, drivers: {}, orders: {} };
const app = { feeds: { [PANEL]: empty }, render: () => <App />, answer, prepare: viewer, path: '/auditoria' };

/** The audit in every state. */
export const auditScenes: readonly Scene[] = [
  { ...app, id: 'audit' },
  {
    ...app,
    id: 'audit-filtered',
    path: '/auditoria?cat=AUTH,SECURITY&range=custom&from=2026-11-24T10:00&to=2026-11-24T12:00',
  },
  { ...app, id: 'audit-none', path: '/auditoria?cp=CP009', answer: none },
  { ...app, id: 'audit-problem', answer: () => undefined },
  { ...app, id: 'audit-public', prepare: nobody },
];
