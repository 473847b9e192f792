import { Type } from 'typebox';
import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import {
  SettleAnswerSchema,
  SupplyCurveSchema,
  SupplyListQuerySchema,
  SupplyListSchema,
} from '../../../messages/central-api.ts';
import { type SupplyView, UuidSchema } from '../../../messages/entities.ts';
import type { PanelSupply } from '../../../messages/live-stream.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';

/** Without what only the live stream needs. */
export function openSuppliesOf(supplies: Iterable<PanelSupply>): SupplyView[] {
  return [...supplies].map(({ readingIndex: _index, ...supply }) => supply);
}

/** S-API-03: supplies in progress with their curves so far, and an operator's end to an INTERRUPTED one whose engine will not come back (D-10). */
export function addSupplyRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  app.get(
    '/api/supplies',
    {
      schema: {
        querystring: SupplyListQuerySchema,
        response: { 200: SupplyListSchema, ...problems(401, 403) },
        security: [{}],
        tags: ['supplies'],
      },
      config: { isPolled: true },
    },
    async (request) => {
      await access.requireReader(request);
      const { cpId, driverId, state } = request.query;
      const supplies = openSuppliesOf(parts.picture.supplies()).filter(
        (supply) =>
          (cpId ?? supply.cpId) === supply.cpId &&
          (driverId === undefined || supply.driverId === driverId) &&
          (state ?? supply.state) === supply.state,
      );
      return { supplies, total: supplies.length };
    },
  );

  app.get(
    '/api/supplies/:supplyId/curve',
    {
      schema: {
        params: Type.Object({ supplyId: UuidSchema }),
        response: { 200: SupplyCurveSchema, ...problems(401, 403) },
        security: [{}],
        tags: ['supplies'],
      },
    },
    async (request) => {
      await access.requireReader(request);
      const { supplyId } = request.params;
      return { supplyId, samples: [...parts.curves.read(supplyId)] };
    },
  );

  app.post(
    '/api/supplies/:supplyId/settle',
    {
      schema: {
        params: Type.Object({ supplyId: UuidSchema }),
        response: { 200: SettleAnswerSchema, ...problems(401, 404, 409) },
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
