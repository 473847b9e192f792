import { recordMessages, recordMigrations } from './recorded.ts';

/** `record.ts migrations`, after a migration was written; `record.ts messages v2`, when a version is released (ADR 0011). */
const [what, version = ''] = process.argv.slice(2);
if (what === 'migrations') recordMigrations();
else if (what === 'messages' && /^v\d+$/.test(version)) recordMessages(version);
else {
  process.stderr.write('Usage: record.ts migrations | record.ts messages v2\n');
  process.exit(2);
}
