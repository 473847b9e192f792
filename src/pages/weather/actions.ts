import type { PlaceName } from '../../messages/weather-api.ts';
import type { SimMode } from '../../messages/weather-view.ts';
import { callApi } from '../shared/api.ts';

/** The one feed of EV_W's and the stand-in's stream. */
export const WEATHER = 'weather';

/** What a person can change at EV_W. */
export const monitorActions = {
  watch: (locationId: number, watched: PlaceName | null) => callApi('PUT', `/api/locations/${locationId}`, { watched }),
  movePoint: (cpId: string, place: PlaceName) => callApi('PUT', `/api/points/${cpId}/location`, place),
};

const path = ({ city, country }: PlaceName) => `/api/places/${country}/${encodeURIComponent(city)}`;

/** What a person can set at the stand-in. */
export const simulatorActions = {
  setTemperature: (place: PlaceName, temperatureCc: number) => callApi('PUT', path(place), { temperatureCc }),
  reset: (place: PlaceName) => callApi('DELETE', path(place)),
  setMode: (mode: SimMode) => callApi('PUT', '/api/mode', { mode }),
};
