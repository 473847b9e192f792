import { Type } from 'typebox';
import type { Batch } from '../../../domain/batch.ts';
import { problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { BatchOrderSchema, BatchStartSchema, type BatchView, BatchViewSchema } from '../../../messages/batches.ts';
import { UuidSchema } from '../../../messages/entities.ts';
import type { Batches } from '../batches/batch-runner.ts';
import { requireUser, type SessionParts } from './session-cookie.ts';

const STATUS = {
  BATCH_EMPTY: 422,
  BATCH_TOO_LONG: 422,
  BATCH_NOT_TEXT: 422,
  BATCH_RUNNING: 409,
  TOO_MANY_BATCHES: 503,
} as const;

const BatchList = Type.Object({ batches: Type.Array(BatchViewSchema) });
const tags = ['batches'];

const viewOf = (batch: Batch) => batch as BatchView;

/** Batches (S-DRV-11): they run in this process, whatever the browser that started them does. */
export function addBatchRoutes(app: HttpApp, parts: SessionParts & { batches: Batches }): void {
  const { batches } = parts;

  app.post(
    '/api/batches',
    {
      schema: {
        tags,
        summary: 'Start a batch',
        description: 'The content of a .txt with one charging point id a line. One batch a driver at a time.',
        body: BatchStartSchema,
        response: { 201: BatchViewSchema, ...problems(401, 409, 422) },
      },
    },
    async (request, reply) => {
      const { user, token } = await requireUser(request, parts);
      const started = batches.start(user, token, request.body.text);
      if (typeof started === 'string') throw new HttpProblem(STATUS[started], started);
      return reply.code(201).send(viewOf(started));
    },
  );

  app.get(
    '/api/batches',
    { schema: { tags, summary: 'The running batch and the last few', response: { 200: BatchList, ...problems(401) } } },
    async (request) => {
      const { user } = await requireUser(request, parts);
      return { batches: batches.ofDriver(user.driverId).map(viewOf) };
    },
  );

  app.post(
    '/api/batches/:batchId/:order',
    {
      schema: {
        tags,
        summary: 'Pause, resume, skip a line, or cancel',
        description:
          'Pause starts nothing new; skip stops the running charge or leaves out the next line; cancel leaves out the rest.',
        params: Type.Object({ batchId: UuidSchema, order: BatchOrderSchema }),
        response: { 200: BatchViewSchema, ...problems(401, 404) },
      },
    },
    async (request) => {
      const { user } = await requireUser(request, parts);
      const { batchId, order } = request.params;
      const batch = batches.order(user.driverId, batchId, order);
      if (!batch) throw new HttpProblem(404, 'NOT_FOUND');
      return viewOf(batch);
    },
  );
}
