import { Type } from 'typebox';
import type { SupplyEvent } from '../../../domain/supply-decision.ts';
import { pause } from '../../../io/clock.ts';
import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { awaitEndUntil, findOrder, insertOrders, settleOrder } from '../../../io/postgres/operator-orders.ts';
import { NewOrderSchema, OrderAnswerSchema, type OrderKind } from '../../../messages/central-api.ts';
import { UuidSchema } from '../../../messages/entities.ts';
import type { PanelOrder } from '../../../messages/live-stream.ts';
import type { Actor } from '../parts.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';

/** A running supply must be confirmed ended within this of the point's turn, else the row says TIMED_OUT (protocol 4). */
const ORDER_DEADLINE_MS = 10_000;
/** Points changed at once by one order for all. */
const WORKERS = 8;
/** The answer waits no longer for the points' turns: the rest is told by the stream, and nobody takes Central for gone. */
const ANSWERED_WITHIN_MS = 3_000;
/** Longest that a point of a large order waits for its turn: whoever carried the order out may have died. */
const TURN_MS = 200;

function eventOf(kind: OrderKind, openSupplyId: string | undefined): SupplyEvent | undefined {
  switch (kind) {
    case 'STOP':
      return { kind: 'operator-stop', when: 'NOW' };
    case 'STOP_AFTER_SUPPLY':
      return { kind: 'operator-stop', when: 'AFTER_SUPPLY' };
    case 'RESUME':
      return { kind: 'operator-resume' };
    case 'END_SUPPLY':
      return openSupplyId === undefined ? undefined : { kind: 'operator-end', supplyId: openSupplyId };
    default:
      return kind satisfies never;
  }
}

/** Carries out one point's part of an order; its row says what came of it. */
async function orderPoint(
  parts: ApiParts,
  order: { orderId: string; kind: OrderKind; cpId: string; openSupplyId: string | undefined },
  actor: Actor,
): Promise<void> {
  const { orderId, kind, cpId } = order;
  const event = eventOf(kind, order.openSupplyId);
  const settle = async (state: 'APPLIED' | 'REFUSED', code?: string) => {
    const row = await settleOrder(parts.database, { orderId, cpId, state, ...(code ? { code } : {}) });
    if (row) parts.picture.showOrder(row);
  };
  if (!event) return settle('REFUSED', 'SUPPLY_NOT_OPEN');
  const outcome = await parts.points.apply(cpId, { event }, actor);
  if (outcome.refusal) return settle('REFUSED', outcome.refusal.code);
  const waitsForEnd = outcome.supply?.state === 'ENDING' || outcome.supply?.state === 'INTERRUPTED';
  // Otherwise the row waits: the end of the supply applies it, the timer times it out.
  if (!waitsForEnd || kind === 'STOP_AFTER_SUPPLY' || kind === 'RESUME') return settle('APPLIED');
  await awaitEndUntil(parts.database, { orderId, cpId, deadline: new Date(parts.clock.nowMs() + ORDER_DEADLINE_MS) });
}

/** Stop and resume of one point or of all, end of a supply (R1-15, D-04): asking twice with one `orderId` is one order. */
export function addOrderRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const underWay = new Set<Promise<void>>();
  // What was answered before all of it was done is done before Central goes.
  app.addHook('onClose', async () => void (await Promise.all(underWay)));
  app.post(
    '/api/orders',
    {
      bodyLimit: 512 * 1024,
      schema: { body: NewOrderSchema, response: { 202: OrderAnswerSchema, ...problems(401, 404) }, tags: ['orders'] },
    },
    async (request, reply) => {
      const caller = await access.requireRole(request, 'operator');
      const { orderId, kind, cpIds, isForAll } = request.body;
      if ((cpIds === undefined) === (isForAll !== true))
        throw new HttpProblem(400, 'INVALID_REQUEST', { detail: 'either cpIds or isForAll: true' });
      const actor = access.actor(request, caller);
      const wanted = cpIds ?? [...parts.picture.points()].map((point) => point.cpId);
      const deadline = new Date(parts.clock.nowMs() + ORDER_DEADLINE_MS + wanted.length * TURN_MS);
      const fresh = await insertOrders(parts.database, {
        orderId,
        kind,
        cpIds: wanted,
        orderedBy: actor.entity,
        deadline,
      });
      const rows = await findOrder(parts.database, orderId);
      if (cpIds !== undefined && rows.length === 0) throw new HttpProblem(404, 'CP_UNKNOWN', { params: { cpIds } });
      for (const row of rows) parts.picture.showOrder(row);
      const openSupplyIds = new Map([...parts.picture.supplies()].map((supply) => [supply.cpId, supply.supplyId]));
      const carriedOut = new AbortController();
      const work = inParallel(fresh, (cpId) =>
        orderPoint(
          parts,
          { orderId, kind, cpId, openSupplyId: openSupplyIds.get(cpId) },
          { ...actor, correlationId: orderId },
        ).catch((error: unknown) =>
          parts.log.error({ err: error, orderId, cpId }, 'an order could not be carried out'),
        ),
      ).then(() => {
        underWay.delete(work);
        carriedOut.abort();
      });
      underWay.add(work);
      await pause(parts.clock, ANSWERED_WITHIN_MS, carriedOut.signal);
      if (fresh.length > 0)
        parts.picture.say({
          level: 'info',
          source: 'panel',
          code: 'ORDER_GIVEN',
          params: { order: kind, count: fresh.length },
        });
      const items = await findOrder(parts.database, orderId);
      return reply.code(202).send({ orderId, items: [...items, ...unknownPoints(items, wanted, request.body, actor)] });
    },
  );

  app.get(
    '/api/orders/:orderId',
    {
      schema: {
        params: Type.Object({ orderId: UuidSchema }),
        response: { 200: OrderAnswerSchema, ...problems(401, 403, 404) },
        tags: ['orders'],
      },
    },
    async (request) => {
      await access.requireRole(request, 'viewer');
      const { orderId } = request.params;
      const items = await findOrder(parts.database, orderId);
      if (items.length === 0) throw new HttpProblem(404, 'ORDER_UNKNOWN');
      return { orderId, items };
    },
  );
}

/** Points that are not there have no row, and are told all the same: who orders by a list must hear of each. */
function unknownPoints(
  items: readonly PanelOrder[],
  wanted: readonly string[],
  { orderId, kind }: { orderId: string; kind: OrderKind },
  { entity }: Actor,
): PanelOrder[] {
  const known = new Set(items.map((item) => item.cpId));
  const orderedAtMs = items[0]?.orderedAtMs ?? 0;
  return [...new Set(wanted)]
    .filter((cpId) => !known.has(cpId))
    .map((cpId) => ({
      ...{ orderId, cpId, kind, orderedBy: entity, orderedAtMs, settledAtMs: orderedAtMs },
      ...({ state: 'REFUSED', code: 'CP_UNKNOWN' } as const),
    }));
}

async function inParallel(cpIds: readonly string[], work: (cpId: string) => Promise<void>): Promise<void> {
  const waiting = [...cpIds];
  const worker = async () => {
    for (let cpId = waiting.pop(); cpId !== undefined; cpId = waiting.pop()) await work(cpId);
  };
  await Promise.all(Array.from({ length: Math.min(WORKERS, cpIds.length) }, worker));
}
