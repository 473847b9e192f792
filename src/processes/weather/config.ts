import { type ConfigOf, integer, port, type Setting, secret, text, url, urls } from '../../io/config.ts';
import { isLoopback } from '../../io/sockets/ip-address.ts';

/** A service on another computer is spoken to over TLS, or not at all: the key goes with each question. */
function openWeatherUrl(): Setting<string> {
  const base = url({
    variable: 'OPENWEATHER_URL',
    default: 'https://api.openweathermap.org',
    sentence: 'OpenWeather, or a stand-in such as `ev weather-sim`; http:// on loopback only.',
  });
  return {
    ...base,
    read: (raw) => {
      const read = base.read(raw);
      const { protocol, hostname } = new URL(read);
      if (protocol === 'http:' && !isLoopback(hostname)) throw new Error('must be https:// for another computer');
      return read;
    },
  };
}

export const weatherSettings = {
  centralApiUrls: urls({
    variable: 'CENTRAL_API_URL',
    default: 'https://127.0.0.1:8021',
    protocols: ['https:'],
    sentence: "Central's API (S-CFG-01); of several Centrals all, separated by commas.",
  }),
  caFile: text({
    variable: 'EV_CA_FILE',
    default: 'var/secrets/ca.pem',
    sentence: "The network's certificate authority, PEM.",
  }),
  token: secret({ variable: 'CENTRAL_API_TOKEN', sentence: 'Machine token with scope weather:report.' }),
  openWeatherUrl: openWeatherUrl(),
  apiKey: secret({
    variable: 'OPENWEATHER_API_KEY',
    isOptional: true,
    sentence:
      'Key of OpenWeather (S-WEA-04). Without it: the first line of api_key.txt, then OPENWEATHER_API_KEY in .env; both are read anew while it runs.',
  }),
  keyFolder: text({
    variable: 'OPENWEATHER_KEY_DIR',
    default: '.',
    sentence: 'Folder in which api_key.txt and .env are looked for.',
  }),
  citiesFile: text({
    variable: 'WEATHER_CITIES_FILE',
    default: '',
    sentence:
      'File with a line such as "CP001 Alicante,ES" for each point whose city it gives (R2-50); read anew while it runs.',
  }),
  callsPerMinute: integer({
    variable: 'OPENWEATHER_CALLS_PER_MINUTE',
    default: '60',
    min: 1,
    max: 100_000,
    sentence: "Calls a minute of OpenWeather's plan; with more cities than that allows each is asked less often.",
  }),
  pollMs: integer({
    variable: 'WEATHER_POLL_MS',
    default: '4000',
    min: 200,
    max: 3_600_000,
    sentence: 'How often each city is asked for, milliseconds (R2-52).',
  }),
  host: text({
    variable: 'EV_HOST',
    default: '127.0.0.1',
    sentence: 'Address of the page; anything but loopback needs TLS_CERT_FILE and TLS_KEY_FILE and only shows.',
  }),
  port: port({ variable: 'WEATHER_PORT', default: '5004', sentence: "Port of EV_W's page." }),
  tlsCertFile: text({ variable: 'TLS_CERT_FILE', default: '', sentence: 'Certificate of the page, PEM.' }),
  tlsKeyFile: text({ variable: 'TLS_KEY_FILE', default: '', sentence: 'Its private key, PEM.' }),
  auditDir: text({ variable: 'EV_AUDIT_DIR', default: 'var/logs', sentence: 'Folder of the audit file.' }),
};
export type WeatherConfig = ConfigOf<typeof weatherSettings>;
