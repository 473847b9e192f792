import { type ConfigOf, flag, port, secret, text, urls } from '../../io/config.ts';
import { directorySettings } from '../../io/http/announce-service.ts';

export const centralWebSettings = {
  host: text({
    variable: 'EV_HOST',
    default: '127.0.0.1',
    sentence: 'Address to listen on; anything but loopback needs TLS_CERT_FILE and TLS_KEY_FILE.',
  }),
  port: port({ variable: 'PANEL_PORT', default: '5000', sentence: "Port of Central's panel." }),
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
  token: secret({
    variable: 'CENTRAL_API_TOKEN',
    sentence: 'Machine token with scopes live:public, live:operator and services:announce.',
  }),
  registryUrl: directorySettings.registryUrl,
  isPublic: flag({
    variable: 'PANEL_PUBLIC',
    default: 'true',
    sentence: 'May anyone on the network read the panel (R2-05)? false asks for a login first.',
  }),
  dataDir: text({
    variable: 'EV_DATA_DIR',
    default: 'var/central-web',
    sentence: 'Where the last picture is kept for the time in which Central is away.',
  }),
  tlsCertFile: text({
    variable: 'TLS_CERT_FILE',
    default: '',
    sentence: 'Certificate of this page, PEM (not needed on loopback).',
  }),
  tlsKeyFile: text({ variable: 'TLS_KEY_FILE', default: '', sentence: 'Its private key, PEM.' }),
};
export type CentralWebConfig = ConfigOf<typeof centralWebSettings>;
