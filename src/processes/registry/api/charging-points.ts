import { Type } from 'typebox';
import type { HttpApp } from '../../../io/http/server.ts';
import { registeredPoints } from '../../../io/postgres/registered-points.ts';
import { callerOf, refused } from '../access.ts';
import type { RegistryParts } from '../parts.ts';

const PointsSchema = Type.Object({
  chargingPoints: Type.Array(
    Type.Object({
      cpId: Type.String(),
      zone: Type.String(),
      city: Type.String(),
      country: Type.String(),
      address: Type.String(),
      isRegistered: Type.Boolean(),
      isRetired: Type.Boolean(),
      registeredAtMs: Type.Integer(),
    }),
  ),
  total: Type.Integer(),
});

/** Who is registered, for administrators and tokens of scope points:read. */
export function addChargingPointsRoute(app: HttpApp, parts: RegistryParts): void {
  const schema = { response: { 200: PointsSchema }, tags: ['charging_points'] };
  app.get('/api/charging_points', { schema }, async (request) => {
    const caller = await callerOf(parts, request);
    if (!caller) throw refused(parts, request, { status: 401, code: 'LOGIN_REQUIRED' });
    if (!caller.isAdmin && !caller.scopes.includes('points:read')) {
      throw refused(parts, request, { status: 403, code: 'SCOPE_MISSING' });
    }
    const chargingPoints = await registeredPoints(parts.db);
    return { chargingPoints, total: chargingPoints.length };
  });
}
