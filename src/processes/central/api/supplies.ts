import { Type } from 'typebox';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { SettleAnswerSchema, SupplyListSchema } from '../../../messages/central-api.ts';
import { UuidSchema } from '../../../messages/entities.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';

/** S-API-03: supplies in progress, and an operator's end to an INTERRUPTED one whose engine will not come back (D-10). */
export function addSupplyRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  app.get('/api/supplies', { schema: { response: { 200: SupplyListSchema }, tags: ['supplies'] } }, async (request) => {
    await access.requireReader(request);
    const supplies = [...parts.picture.supplies()].map(({ readingIndex: _index, ...supply }) => supply);
    return { supplies, total: supplies.length };
  });

  app.post(
    '/api/supplies/:supplyId/settle',
    {
      schema: {
        params: Type.Object({ supplyId: UuidSchema }),
        response: { 200: SettleAnswerSchema },
        tags: ['supplies'],
      },
    },
    async (request) => {
      const { supplyId } = request.params;
      const caller = await access.requireRoleOrScope(request, { role: 'operator', scope: 'supplies:settle' });
      const open = [...parts.picture.supplies()].find((supply) => supply.supplyId === supplyId);
      if (!open) throw new HttpProblem(404, 'SUPPLY_NOT_OPEN');
      const { supply } = await parts.points.apply(
        open.cpId,
        { event: { kind: 'operator-settle', supplyId } },
        access.actor(request, caller),
      );
      if (supply?.state !== 'ENDED') throw new HttpProblem(409, 'SUPPLY_NOT_INTERRUPTED');
      const ticketNumber = await parts.ticketNumberOf(supplyId);
      return { supplyId, endReason: supply.endReason, energyWh: supply.energyWh, ticketNumber };
    },
  );
}
