import type { NewPoint, PointCreated } from '../../messages/central-api.ts';
import type { PointEdit, RegistryPoint } from '../../messages/registry-api.ts';
import { type ApiAnswer, callApi } from '../shared/api.ts';

/** What an administrator does to points; tokens come back once and are kept nowhere. */
export const registryActions = {
  add: (point: NewPoint): Promise<ApiAnswer<PointCreated>> => callApi('POST', '/api/charging_points', point),
  edit: (point: NewPoint, revision: number): Promise<ApiAnswer<RegistryPoint>> => {
    const { cpId, zone: _zone, ...fields } = point;
    const edit: PointEdit = { ...fields, revision };
    return callApi('PATCH', `/api/charging_points/${cpId}`, edit);
  },
  renew: (cpId: string): Promise<ApiAnswer<PointCreated>> =>
    callApi('POST', `/api/charging_points/${cpId}/credentials`),
  retire: (cpId: string): Promise<ApiAnswer<unknown>> => callApi('DELETE', '/api/unregister', { cpId }),
};
