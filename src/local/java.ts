import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OLDEST_JAVA = 17;

/** A Java that is new enough for Kafka. */
export type Java = { command: string; version: string };

/** Finds Java (JAVA_HOME, else the PATH); throws with the command to type when there is none or it is older than 17. */
export async function findJava(env: NodeJS.ProcessEnv): Promise<Java> {
  const command = env.JAVA_HOME === undefined ? 'java' : `${env.JAVA_HOME}/bin/java`;
  const answer = await run(command, ['-version']).catch(() => undefined);
  if (answer === undefined) throw new Error(`'${command}' does not run. ${javaHint()}`);
  const version = javaVersion(answer.stderr + answer.stdout);
  if (version === undefined || Number.parseInt(version, 10) < OLDEST_JAVA) {
    throw new Error(
      `Kafka needs Java ${OLDEST_JAVA} or newer and '${command}' is ${version ?? 'unknown'}. ${javaHint()}`,
    );
  }
  return { command, version };
}

/** `17.0.15` out of what `java -version` prints. */
export function javaVersion(printed: string): string | undefined {
  return /version "([^"]+)"/.exec(printed)?.[1];
}

function javaHint(): string {
  if (process.platform === 'darwin') return 'Type: brew install openjdk@17 maven (and set JAVA_HOME)';
  return 'Type: sudo apt-get install -y openjdk-17-jre-headless maven (or set JAVA_HOME, or KAFKA_BROKERS to use a running Kafka)';
}
