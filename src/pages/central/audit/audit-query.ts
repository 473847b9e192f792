import { AUDIT_CATEGORIES, type AuditCategory } from '../../../messages/audit-api.ts';

export const AUDIT_RANGES = ['15m', '1h', 'today', '7d', 'all', 'custom'] as const;
export type AuditRange = (typeof AUDIT_RANGES)[number];
export const TEXT_FILTERS = ['actor', 'ip', 'cp', 'driver', 'component', 'supply', 'text'] as const;
export type TextFilter = (typeof TEXT_FILTERS)[number];

/** What the audit is filtered by, as the address has it; `from` and `to` are the viewer's local times. */
export type AuditView = {
  range: AuditRange;
  from: string;
  to: string;
  categories: readonly AuditCategory[];
  result: '' | 'ok' | 'failed';
} & Record<TextFilter, string>;

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;
const MINUTE_MS = 60_000;
const SPANS_MS = { '15m': 15 * MINUTE_MS, '1h': 60 * MINUTE_MS, '7d': 7 * 24 * 60 * MINUTE_MS } as const;

/** The filter of an address; nonsense counts as not said. */
export function readAuditView(params: URLSearchParams): AuditView {
  const wanted = (params.get('cat') ?? '').split(',');
  const time = (name: string) => {
    const value = params.get(name) ?? '';
    return LOCAL_TIME.test(value) && !Number.isNaN(Date.parse(value)) ? value : '';
  };
  const result = params.get('result');
  const texts = Object.fromEntries(TEXT_FILTERS.map((name) => [name, params.get(name) ?? ''])) as Record<
    TextFilter,
    string
  >;
  return {
    ...texts,
    cp: texts.cp.toUpperCase(),
    driver: texts.driver.toUpperCase(),
    range: AUDIT_RANGES.find((known) => known === params.get('range')) ?? '7d',
    from: time('from'),
    to: time('to'),
    categories: AUDIT_CATEGORIES.filter((category) => wanted.includes(category)),
    result: result === 'ok' || result === 'failed' ? result : '',
  };
}

export function isAuditFiltered(view: AuditView): boolean {
  return view.categories.length > 0 || view.result !== '' || TEXT_FILTERS.some((name) => view[name] !== '');
}

/** True while something of what is filtered may still happen. */
export function mayGoOn(view: AuditView): boolean {
  return view.range !== 'custom' || view.to === '';
}

/** The API's question; what is still being typed (one letter of an id) asks for nothing yet. */
export function auditQuery(view: AuditView, nowMs: number): string {
  const params = new URLSearchParams();
  const { fromMs, toMs } = timesOf(view, nowMs);
  if (fromMs !== undefined) params.set('fromMs', String(fromMs));
  if (toMs !== undefined) params.set('toMs', String(toMs));
  if (view.categories.length > 0) params.set('category', view.categories.join(','));
  const put = (name: string, value: string, form: RegExp) => {
    if (form.test(value)) params.set(name, value);
  };
  put('actor', view.actor.trim(), /^.{1,60}$/);
  put('address', view.ip.trim(), COMPLETE_ADDRESS);
  put('cpId', view.cp.trim(), /^[A-Z][A-Z0-9]{1,19}$/);
  put('driverId', view.driver.trim(), /^[A-Z][A-Z0-9]{1,19}$/);
  put('component', view.component.trim(), /^[\w-]{1,60}$/);
  put('supplyId', view.supply.trim(), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  put('text', view.text.trim(), /^.{1,100}$/);
  if (view.result !== '') params.set('isSuccess', String(view.result === 'ok'));
  return params.toString();
}

/** Four numbers, or the colons of IPv6, and perhaps the bits of a network: less is still being typed. */
const COMPLETE_ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}(\/([12]?\d|3[0-2]))?|[0-9a-f]*:[0-9a-f:.]+(\/\d{1,3})?)$/i;

function timesOf(view: AuditView, nowMs: number): { fromMs?: number; toMs?: number } {
  switch (view.range) {
    case 'all':
      return {};
    case 'today':
      return { fromMs: new Date(nowMs).setHours(0, 0, 0, 0) };
    case 'custom':
      return {
        ...(view.from !== '' && { fromMs: Date.parse(view.from) }),
        ...(view.to !== '' && { toMs: Date.parse(view.to) }),
      };
    default:
      return { fromMs: nowMs - SPANS_MS[view.range] };
  }
}
