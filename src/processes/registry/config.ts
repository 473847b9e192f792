import { type ConfigOf, port, text } from '../../io/config.ts';
import { masterKeySettings } from '../../io/crypto/master-key-settings.ts';
import { databaseSettings } from '../../io/postgres/database-settings.ts';

export const registrySettings = {
  host: text({ variable: 'EV_HOST', default: '127.0.0.1', sentence: 'Address to listen on.' }),
  port: port({ variable: 'REGISTRY_PORT', default: '5002', sentence: "Registry's HTTPS port (S-REG-02)." }),
  publicHosts: text({
    variable: 'EV_PUBLIC_HOSTS',
    default: '',
    sentence: 'Further names and addresses of this computer for the certificate, separated by commas.',
  }),
  ...databaseSettings('ev_registry'),
  ...masterKeySettings,
  auditDir: text({ variable: 'EV_AUDIT_DIR', default: 'var/logs', sentence: 'Folder of the audit file.' }),
  corsOrigins: text({
    variable: 'CORS_ORIGINS',
    default: '',
    sentence: 'Pages of other origins that may call the API, separated by commas.',
  }),
};
export type RegistryConfig = ConfigOf<typeof registrySettings>;
