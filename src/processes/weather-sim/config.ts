import { type ConfigOf, port, text } from '../../io/config.ts';

export const weatherSimSettings = {
  port: port({ variable: 'WEATHER_SIM_PORT', default: '5003', sentence: 'Port of the stand-in, on loopback.' }),
  keys: text({
    variable: 'WEATHER_SIM_KEYS',
    default: '',
    sentence: 'API keys that are accepted, separated by commas; empty: every key.',
  }),
  dataDir: text({
    variable: 'EV_DATA_DIR',
    default: 'var/weather-sim',
    sentence: 'Where the temperatures that were set are kept.',
  }),
};
export type WeatherSimConfig = ConfigOf<typeof weatherSimSettings>;
