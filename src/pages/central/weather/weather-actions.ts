import type { PlaceName, StoredThresholds } from '../../../messages/weather-api.ts';
import { callApi } from '../../shared/api.ts';

/** What an operator changes about the weather. */
export const weatherActions = {
  saveThresholds: (thresholds: StoredThresholds) =>
    callApi<StoredThresholds>('PUT', '/api/weather/thresholds', thresholds),
  watch: (locationId: number, watched: PlaceName | null) =>
    callApi('PUT', `/api/cp_locations/${locationId}`, { watched }),
  movePoint: (cpId: string, place: PlaceName) => callApi('PUT', `/api/charging_points/${cpId}/location`, place),
};
