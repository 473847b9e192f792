import { Type } from 'typebox';
import { areThresholdsValid } from '../../../domain/weather-rule.ts';
import { sha256 } from '../../../io/crypto/tokens.ts';
import { noContent, problems } from '../../../io/http/openapi.ts';
import { HttpProblem } from '../../../io/http/problem.ts';
import type { HttpApp } from '../../../io/http/server.ts';
import { weatherHistory } from '../../../io/postgres/weather-places.ts';
import { CpIdSchema } from '../../../messages/entities.ts';
import {
  CpLocationsSchema,
  LocationIdSchema,
  PlaceNameSchema,
  WatchedPlaceSchema,
  WeatherAlertAnswerSchema,
  WeatherAlertReportSchema,
  WeatherHistorySchema,
  WeatherPictureSchema,
  WeatherStatusReportSchema,
  WeatherThresholdsSchema,
} from '../../../messages/weather-api.ts';
import type { Access } from './access.ts';
import type { ApiParts } from './api-parts.ts';

const HOUR_MS = 3_600_000;
const HISTORY_POINTS = 120;
const tags = ['weather'];
const mayRead = problems(401, 403);
const changed = { ...noContent(), ...problems(401, 404) };
const unchanged = { type: 'null', description: 'As it was (If-None-Match).' };
const mayReport = { role: 'operator', scope: 'weather:report' } as const;

/** What EV_W asks and says: locations, levels, how it fares (S-API-07, S-API-08; protocol 7). */
export function addWeatherReportRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  app.get(
    '/api/cp_locations',
    {
      schema: {
        response: { 200: CpLocationsSchema, 304: unchanged, ...mayRead },
        security: [{}],
        tags,
      },
    },
    async (request, reply) => {
      await access.requireReader(request);
      const locations = await parts.weather.locations();
      const etag = `"${sha256(JSON.stringify(locations)).toString('base64url')}"`;
      reply.header('etag', etag).header('cache-control', 'no-cache');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      return locations;
    },
  );

  app.post(
    '/api/weather_alert',
    {
      schema: {
        body: WeatherAlertReportSchema,
        response: { 200: WeatherAlertAnswerSchema, ...problems(401, 404, 409) },
        tags,
      },
    },
    async (request) => {
      const caller = await access.requireRoleOrScope(request, mayReport);
      const { cp_id: cpId, city, country } = request.body;
      if ((cpId === undefined) === (city === undefined || country === undefined))
        throw new HttpProblem(400, 'INVALID_REQUEST', { detail: 'either cp_id, or city and country' });
      const outcome = await parts.weather.report(request.body, access.actor(request, caller));
      if (outcome === 'LOCATION_CHANGED') throw new HttpProblem(409, outcome);
      if (typeof outcome === 'string') throw new HttpProblem(404, outcome);
      const { edge, level, effect } = outcome;
      return { status: 'ok' as const, edge, ...(level !== null && { alert: level }), cpIds: effect.cpIds };
    },
  );

  const statusSchema = { body: WeatherStatusReportSchema, response: { ...noContent(), ...problems(401) }, tags };
  // Ten thousand cities may fail at once.
  app.post('/api/weather_status', { bodyLimit: 1024 * 1024, schema: statusSchema }, async (request, reply) => {
    const caller = await access.requireRoleOrScope(request, mayReport);
    await parts.weather.setStatus(request.body, access.actor(request, caller));
    return reply.code(204).send();
  });
}

/** What people see and set: places, thresholds, which city a location or a point belongs to (S-WEA-15, R2-56). */
export function addWeatherRoutes(app: HttpApp, parts: ApiParts, access: Access): void {
  const pictureSchema = { response: { 200: WeatherPictureSchema, ...mayRead }, security: [{}], tags };
  app.get('/api/weather', { schema: pictureSchema }, async (request) => {
    await access.requireReader(request);
    const { view } = parts.weather;
    return { places: view.places(), service: view.service() };
  });

  app.get(
    '/api/weather/history',
    {
      schema: {
        querystring: Type.Object({
          hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 168 })),
          locationId: Type.Optional(LocationIdSchema),
        }),
        response: { 200: WeatherHistorySchema, ...mayRead },
        security: [{}],
        tags,
      },
    },
    async (request) => {
      await access.requireReader(request);
      const { hours = 24, locationId } = request.query;
      const since = new Date(parts.clock.nowMs() - hours * HOUR_MS);
      const locationIds = locationId === undefined ? null : [locationId];
      return { places: await weatherHistory(parts.database, { since, locationIds, most: HISTORY_POINTS }) };
    },
  );

  app.put(
    '/api/weather/thresholds',
    {
      schema: {
        body: WeatherThresholdsSchema,
        response: { 200: WeatherThresholdsSchema, ...problems(401, 409, 422) },
        tags,
      },
    },
    async (request) => {
      const caller = await access.requireRole(request, 'operator');
      if (!areThresholdsValid(request.body)) throw new HttpProblem(422, 'THRESHOLDS_INVALID');
      const saved = await parts.weather.saveThresholds(request.body, access.actor(request, caller));
      if (!saved)
        throw new HttpProblem(409, 'REVISION_CHANGED', { params: { current: parts.weather.view.thresholds } });
      return saved;
    },
  );

  app.put(
    '/api/cp_locations/:locationId',
    {
      schema: {
        params: Type.Object({ locationId: LocationIdSchema }),
        body: WatchedPlaceSchema,
        response: changed,
        tags,
      },
    },
    async (request, reply) => {
      const caller = await access.requireRoleOrScope(request, mayReport);
      const actor = access.actor(request, caller);
      const outcome = await parts.weather.watch(request.params.locationId, request.body.watched, actor);
      if (outcome === 'LOCATION_UNKNOWN') throw new HttpProblem(404, outcome);
      return reply.code(204).send();
    },
  );

  app.put(
    '/api/charging_points/:cpId/location',
    {
      schema: { params: Type.Object({ cpId: CpIdSchema }), body: PlaceNameSchema, response: changed, tags },
    },
    async (request, reply) => {
      const { cpId } = request.params;
      const caller = await access.requireRoleOrScope(request, mayReport);
      const outcome = await parts.weather.movePoint(cpId, request.body, access.actor(request, caller));
      if (outcome === 'CP_UNKNOWN') throw new HttpProblem(404, outcome, { params: { cpId } });
      return reply.code(204).send();
    },
  );
}
