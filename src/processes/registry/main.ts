import { openAudit } from '../../io/audit/audit.ts';
import { system } from '../../io/audit/audit-events.ts';
import { pause, systemClock } from '../../io/clock.ts';
import { configFromCommandLine } from '../../io/config.ts';
import { masterKeyFrom } from '../../io/crypto/master-key-settings.ts';
import { createPasswords } from '../../io/crypto/password.ts';
import { runProcess } from '../../io/lifecycle.ts';
import { createLog } from '../../io/log.ts';
import { startAuditLogWriter } from '../../io/postgres/audit-log.ts';
import { openDatabase } from '../../io/postgres/database.ts';
import { waitForTrust } from '../../io/postgres/network-trust.ts';
import { registrySettings } from './config.ts';
import { startRegistry } from './registry.ts';

const USAGE = `Usage: ev registry [PORT]      (also: EV_Registry)
Registers charging points and removes them, over HTTPS.`;

/** `ev registry` and `EV_Registry`. */
export async function main(args: string[]): Promise<void> {
  const config = configFromCommandLine({
    usage: USAGE,
    schema: registrySettings,
    args,
    positionals: ['REGISTRY_PORT'],
  });
  if (!config) return;
  const log = createLog('registry');
  await runProcess({
    name: 'registry',
    log,
    async start(running) {
      const clock = systemClock;
      const masterKey = masterKeyFrom(config);
      const audit = await openAudit({ component: 'registry', folder: config.auditDir, log });
      running.addPart('audit', audit);
      const db = openDatabase({ url: config.databaseUrl, log, applicationName: 'registry' });
      running.addPart('database', { stop: () => db.close() });
      const writer = startAuditLogWriter({ db, clock, log, component: 'registry', folder: config.auditDir });
      audit.addSink(writer.sink);
      running.addPart('audit log', writer);
      const trust = await waitForTrust(db, masterKey, {
        signal: running.stopping,
        pause: (delayMs) => pause(clock, delayMs, running.stopping),
        onWaiting: (problem) => log.warn({ problem }, 'waiting for the database'),
      });
      if (!trust) return undefined;
      audit.record(system.started({ entity: 'registry' }));
      return startRegistry(config, { db, trust, clock, log, audit, passwords: createPasswords() });
    },
  });
}
