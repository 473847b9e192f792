import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BROKER_SUBJECT } from '../../io/channels/kafka-users.ts';
import { masterKeyFrom } from '../../io/crypto/master-key-settings.ts';
import { readIfThere } from '../../io/private-files.ts';
import { writeSecretFile } from '../../io/secret-file.ts';
import { serverProperties } from '../kafka-settings.ts';
import { BadSetting } from '../network-plan.ts';
import { runToEnd } from '../one-shot.ts';
import { DATABASE_SUBJECT } from '../postgres-plan.ts';
import { ensureServerCertificate, serverCertificateFiles } from '../server-certificate.ts';
import { guestsIn, openDatabaseTo, superuserPassword } from './database.ts';

/** Where the volumes of EV_Central/compose.yaml are in our image, and in the broker's. */
const SECRETS = '/run/ev/secrets';
const PANEL_SECRETS = '/run/ev/panel';
const BROKER_SETTINGS = '/run/ev/broker';
const SETTINGS_IN_BROKER = '/mnt/shared/config';
const DATA_IN_BROKER = '/var/lib/kafka/data';
const PORTS = { port: 9092, controllerPort: 9093, innerPort: 9094 };

/** What `ev up` does before Kafka and Central start: `ev admin init`, then certificate and settings of the broker. */
export async function prepareServer(env: NodeJS.ProcessEnv): Promise<void> {
  const databaseAddress = required(env, 'EV_DATABASE_ADDRESS');
  const [brokerHost, publicHost] = [required(env, 'EV_BROKER_HOST'), required(env, 'EV_PUBLIC_HOST')];
  const adminUrl = `postgres://postgres:${superuserPassword()}@${databaseAddress}/postgres`;
  const adminUrlFile = join(SECRETS, 'database-admin.url');
  writeSecretFile(adminUrlFile, `${adminUrl}\n`);
  await initialise({ adminUrlFile, publicHosts: [publicHost, env.EV_PUBLIC_HOSTS ?? ''].join(',') });
  const signer = {
    databaseUrl: () => readIfThere(join(SECRETS, 'database-central.url')) ?? '',
    masterKey: () => masterKeyFrom({ masterKeyFile: join(SECRETS, 'master.key'), masterKeyText: '' }),
  };
  const names = [brokerHost, publicHost];
  await ensureServerCertificate({ ...signer, subject: BROKER_SUBJECT, folder: BROKER_SETTINGS, names });
  const certificate = {
    ...signer,
    ...{ subject: DATABASE_SUBJECT, folder: join(SECRETS, 'postgres-certificate'), names: [publicHost] },
  };
  await openDatabaseTo(guestsIn(env), { adminUrl, certificate });
  await writeFile(join(BROKER_SETTINGS, 'server.properties'), brokerSettings({ brokerHost, publicHost }));
  for (const name of ['ca.pem', 'central-web.token', 'page.pem'])
    await copyFile(join(SECRETS, name), join(PANEL_SECRETS, name));
  process.stdout.write('the network is set up; its first administrator: /run/ev/secrets/first-admin.txt\n');
}

/** `server.properties` as the broker's image reads it. */
export function brokerSettings({ brokerHost, publicHost }: { brokerHost: string; publicHost: string }): string {
  return serverProperties({
    ...{ host: '0.0.0.0', port: PORTS.port, controllerPort: PORTS.controllerPort, dataFolder: DATA_IN_BROKER },
    secured: {
      ...{ publicHost, innerHost: brokerHost, innerListenHost: '0.0.0.0', innerPort: PORTS.innerPort },
      ...serverCertificateFiles(SETTINGS_IN_BROKER),
    },
  });
}

async function initialise({ adminUrlFile, publicHosts }: { adminUrlFile: string; publicHosts: string }): Promise<void> {
  const program = {
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', process.argv[1] ?? '', 'admin', 'init'],
    env: {
      DATABASE_ADMIN_URL_FILE: adminUrlFile,
      EV_SECRETS_DIR: SECRETS,
      EV_MASTER_KEY_FILE: join(SECRETS, 'master.key'),
      EV_HOST: '0.0.0.0',
      EV_PUBLIC_HOSTS: publicHosts,
    },
    inheritsEnv: true,
    cwd: process.cwd(),
    stopSignal: 'SIGTERM',
    isReady: async () => true,
  } as const;
  await runToEnd({ ...program, args: [...program.args] }, 'ev admin init', AbortSignal.timeout(120_000));
}

function required(env: NodeJS.ProcessEnv, variable: string): string {
  const value = env[variable];
  if (!value) throw new BadSetting(`${variable} is missing`);
  return value;
}
