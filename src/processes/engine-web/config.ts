import { type ConfigOf, port, text, url } from '../../io/config.ts';
import { directorySettings } from '../../io/http/announce-service.ts';

export const engineWebSettings = {
  engineApiUrl: url({
    variable: 'ENGINE_API_URL',
    default: 'http://127.0.0.1:5150',
    sentence: "The engine's local API.",
  }),
  monitorApiUrl: url({
    variable: 'MONITOR_API_URL',
    default: 'http://127.0.0.1:8110',
    sentence: "The Monitor's local API.",
  }),
  host: text({
    variable: 'EV_HOST',
    default: '127.0.0.1',
    sentence: 'Address to listen on; anything but loopback needs TLS_CERT_FILE and TLS_KEY_FILE.',
  }),
  port: port({ variable: 'ENGINE_WEB_PORT', default: '5050', sentence: "Port of the point's pages (S-CON-03)." }),
  dataDir: text({
    variable: 'EV_DATA_DIR',
    default: '',
    sentence: 'Where the last picture is kept over a restart; empty keeps it in memory only.',
  }),
  tlsCertFile: text({
    variable: 'TLS_CERT_FILE',
    default: '',
    sentence: 'Certificate of these pages, PEM (not needed on loopback).',
  }),
  tlsKeyFile: text({ variable: 'TLS_KEY_FILE', default: '', sentence: 'Its private key, PEM.' }),
  caFile: text({
    variable: 'EV_CA_FILE',
    default: 'var/secrets/ca.pem',
    sentence: "The network's certificate authority, PEM: Registry is verified against it.",
  }),
  ...directorySettings,
};
export type EngineWebConfig = ConfigOf<typeof engineWebSettings>;
