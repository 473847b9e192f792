import { masterKeyTextFrom } from '../../../io/crypto/master-key-settings.ts';
import { guestsFrom } from '../../../messages/join-api.ts';
import type { CentralRooms } from '../central-rooms.ts';
import { type CentralConfig, databaseUrlOf } from '../config.ts';
import type { JoiningParts } from './api-parts.ts';

// Never plain, always verified: the joining computer adds `sslrootcert`, the authority as it lies there.
const TLS_TO_DATABASE = '?sslmode=verify-full';

/** What of Central's configuration is for computers that join. */
export type JoinConfig = Pick<
  CentralConfig,
  | 'databaseUrl'
  | 'databaseAddress'
  | 'masterKeyFile'
  | 'masterKeyText'
  | 'joinDatabaseAddress'
  | 'joinGuests'
  | 'joinRegistryDatabaseUrl'
  | 'joinRegistryUrl'
>;

/** Addresses come from the replicas' heartbeats, the heart of the network from this Central's own settings. */
export function createJoining(config: JoinConfig, late: Pick<CentralRooms['late'], 'replicas'>): JoiningParts {
  return {
    addresses: () => {
      // One without a socket address does not know by which name it is reached.
      const living = late.replicas.filter((one) => one.isAlive && one.socketAddress !== undefined);
      return {
        registryUrl: config.joinRegistryUrl,
        centralApiUrls: living.map(({ apiUrl }) => new URL(apiUrl).origin),
        centralSockets: living.flatMap(({ socketAddress = [] }) => socketAddress),
      };
    },
    guests: (kind) => guestsFrom(config.joinGuests).flatMap(({ service, host }) => (service === kind ? [host] : [])),
    heartFor: (kind) => {
      const own = kind === 'central' ? databaseUrlOf(config) : config.joinRegistryDatabaseUrl;
      if (config.joinDatabaseAddress === '' || own === '') return undefined;
      const url = new URL(own);
      url.host = config.joinDatabaseAddress;
      url.search = TLS_TO_DATABASE;
      return { databaseUrl: url.href, masterKey: masterKeyTextFrom(config) };
    },
  };
}
