import { text } from '../config.ts';
import { loadMasterKey, type MasterKey, masterKeyText } from './master-key.ts';

/** Where a service finds the master key: the same two variables everywhere. */
export const masterKeySettings = {
  masterKeyFile: text({
    variable: 'EV_MASTER_KEY_FILE',
    default: 'var/secrets/master.key',
    sentence: 'File with the master key that seals the secrets in the database (0600).',
  }),
  masterKeyText: text({
    variable: 'EV_MASTER_KEY',
    default: '',
    sentence: 'The master key itself (64 hex digits), where files cannot be given (S-CFG-06); it wins over the file.',
  }),
};

/** Throws MASTER_KEY_INVALID, MASTER_KEY_UNSAFE (the file is open to others) or the error of reading. */
export function masterKeyFrom(config: { masterKeyFile: string; masterKeyText: string }): MasterKey {
  return loadMasterKey(config.masterKeyText ? { value: config.masterKeyText } : { path: config.masterKeyFile });
}

/** The key itself as text, for a backup's encrypted archive and nothing else. */
export function masterKeyTextFrom(config: { masterKeyFile: string; masterKeyText: string }): string {
  return masterKeyText(config.masterKeyText ? { value: config.masterKeyText } : { path: config.masterKeyFile });
}
