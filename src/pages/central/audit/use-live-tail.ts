import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuditEvent, AuditPage } from '../../../messages/audit-api.ts';
import { callApi } from '../../shared/api.ts';

export type LiveTail = {
  /** Newer than the list, newest first, as far as they are shown. */
  shown: readonly AuditEvent[];
  /** Arrived and not shown yet: nothing that is being read moves by itself (ux 2.11). */
  waitingCount: number;
  show(): void;
};

const EVERY_MS = 2_000;
const LIMIT = 200;
const MAX_SHOWN = 500;
/** Two services write the table: an id may become visible a moment after a greater one. */
const OVERLAP = 50;

type Tail = { shown: readonly AuditEvent[]; waiting: readonly AuditEvent[] };
const NONE: Tail = { shown: [], waiting: [] };

/** Asks for what was written since the first page, while `isOn`; more than fits begins anew. */
export function useLiveTail(options: {
  query: string;
  first: AuditPage | undefined;
  isOn: boolean;
  /** True while new rows may be put above the others at once. */
  isAtTop(): boolean;
  startAgain(): void;
}): LiveTail {
  const { query, first, isOn, isAtTop, startAgain } = options;
  const [tail, setTail] = useState<Tail>(NONE);
  const newestId = useRef(0);
  const seen = useRef(new Set<number>());
  useEffect(() => {
    setTail(NONE);
    newestId.current = first?.newestId ?? 0;
    seen.current = new Set(first?.events.map((event) => event.auditId));
  }, [first]);
  const ask = useCallback(async () => {
    const params = new URLSearchParams(query);
    params.set('afterId', String(Math.max(0, newestId.current - OVERLAP)));
    params.set('limit', String(LIMIT));
    const answer = await callApi<AuditPage>('GET', `/api/audit?${params}`);
    if (!answer.isOk) return;
    const { events } = answer.body;
    const fresh = events.filter(
      (event) => event.auditId > newestId.current - OVERLAP && !seen.current.has(event.auditId),
    );
    newestId.current = Math.max(newestId.current, answer.body.newestId);
    if (events.length === LIMIT) return startAgain();
    if (fresh.length === 0) return;
    for (const event of fresh) seen.current.add(event.auditId);
    const isShownAtOnce = isAtTop();
    setTail(({ shown, waiting }) => {
      const all = [...fresh, ...waiting];
      return isShownAtOnce ? { shown: [...all, ...shown], waiting: [] } : { shown, waiting: all };
    });
  }, [query, isAtTop, startAgain]);
  const isKnown = first !== undefined;
  useEffect(() => {
    if (!isOn || !isKnown) return;
    let isWaiting = false;
    const handle = setInterval(() => {
      if (isWaiting || document.hidden) return;
      isWaiting = true;
      void ask().finally(() => {
        isWaiting = false;
      });
    }, EVERY_MS);
    return () => clearInterval(handle);
  }, [isOn, isKnown, ask]);
  const total = tail.shown.length + tail.waiting.length;
  useEffect(() => {
    if (total > MAX_SHOWN && isAtTop()) startAgain();
  }, [total, isAtTop, startAgain]);
  return {
    shown: tail.shown,
    waitingCount: tail.waiting.length,
    show: () => setTail(({ shown, waiting }) => ({ shown: [...waiting, ...shown], waiting: [] })),
  };
}
