import { ConfigError, port, readConfig, secret, text } from '../config.ts';
import { inUrl } from '../sockets/ip-address.ts';

const NAME = { pattern: /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/, wanted: 'letters, digits and underscores' };

/** Where PostgreSQL is: DATABASE_URL, or the description's five variables (S-CFG-04, S-CFG-05). `role`: whose login it is. */
export function databaseSettings(role: 'ev_central' | 'ev_registry') {
  const parts = {
    databaseHost: text({
      ...{ variable: 'DB_HOST', default: 'localhost', pattern: /^[A-Za-z0-9._:-]{1,255}$/, wanted: 'a host' },
      sentence: 'Host of PostgreSQL (with DB_PASSWORD, in place of DATABASE_URL).',
    }),
    databasePort: port({ variable: 'DB_PORT', default: '5432', sentence: 'Its port.' }),
    databaseName: text({ ...NAME, variable: 'DB_NAME', default: 'ev_charging', sentence: 'The database.' }),
    databaseUser: text({ ...NAME, variable: 'DB_USER', default: role, sentence: 'Who logs in.' }),
    databasePassword: secret({
      ...{ variable: 'DB_PASSWORD', isOptional: true },
      sentence: 'The password; there is no default one. Used if DATABASE_URL is not given.',
    }),
  };
  const derive = (environment: NodeJS.ProcessEnv): string | undefined => {
    try {
      const { databaseHost, databasePort, databaseName, databaseUser, databasePassword } = readConfig(
        parts,
        environment,
      );
      if (databasePassword === '') return undefined;
      const host = inUrl(databaseHost);
      return `postgresql://${databaseUser}:${encodeURIComponent(databasePassword)}@${host}:${databasePort}/${databaseName}`;
    } catch (error) {
      // A part that is wrong is told by its own name.
      if (error instanceof ConfigError) return '';
      throw error;
    }
  };
  const sentence = `PostgreSQL, as role ${role}; or DB_HOST to DB_PASSWORD.`;
  return { databaseUrl: { ...secret({ variable: 'DATABASE_URL', sentence }), derive }, ...parts };
}
