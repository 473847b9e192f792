import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { isPortFree } from '../io/sockets/tcp-probe.ts';
import { isAlive } from './os-process.ts';

const HOST = '127.0.0.1';
const ANSWER_WITHIN_MS = 60_000;

/**
 * What a supervisor can be asked over its control channel (loopback HTTP, a token in a 0600 file). LEAVE: it goes, and its
 * processes go on for the supervisor that comes next.
 */
export type ControlRequest = { ask: 'STATUS' | 'START' | 'STOP' | 'DOWN' | 'LEAVE'; name?: string };

/** Its answer; `error` is a sentence for the person who asked. */
export type ControlAnswer = { error?: string; status?: unknown };

type Door = { pid: number; port: number; token: string };

/** Another supervisor holds this network; the message is for whoever typed the command. */
export class AlreadyRuns extends Error {
  readonly code = 'ALREADY_RUNS';
}

/** Opens the control channel and writes the file by which commands find it. Throws AlreadyRuns: one supervisor a network. */
export async function openControl(
  file: string,
  handle: (asked: ControlRequest) => Promise<ControlAnswer>,
): Promise<{ close: () => Promise<void> }> {
  const token = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url');
  const server = createServer((incoming, outgoing) => void answer({ incoming, outgoing, token, handle }));
  server.unref();
  const port = await listenLocally(server);
  const door: Door = { pid: process.pid, port, token };
  try {
    await claim(file, door);
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    close: async () => {
      await rm(file, { force: true });
      server.closeAllConnections();
      server.close();
    },
  };
}

// Of two that start at once one gets the name; the file that a killed one has left is nobody's.
async function claim(file: string, door: Door): Promise<void> {
  const fresh = `${file}.${door.pid}`;
  const left = `${fresh}.left`;
  await writeFile(fresh, JSON.stringify(door), { mode: 0o600 });
  try {
    while (!(await isLinked(fresh, file))) {
      const other = await findDoor(file);
      if (other !== undefined) throw new AlreadyRuns(`it is already running (supervisor pid ${other.pid})`);
      await rename(file, left).catch(() => {});
      // Between the look and the move another one may have come: it gets its name back.
      if ((await findDoor(left)) !== undefined) await link(left, file).catch(() => {});
    }
  } finally {
    await rm(fresh, { force: true });
    await rm(left, { force: true });
  }
}

async function isLinked(fresh: string, file: string): Promise<boolean> {
  try {
    await link(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // A file system without hard links.
    await rename(fresh, file);
  }
  return true;
}

function listenLocally(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

async function answer(at: {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  token: string;
  handle: (asked: ControlRequest) => Promise<ControlAnswer>;
}): Promise<void> {
  const { incoming, outgoing } = at;
  outgoing.setHeader('content-type', 'application/json');
  if (incoming.headers.authorization !== `Bearer ${at.token}`) {
    outgoing.statusCode = 401;
    outgoing.end('{"error":"not allowed"}');
    return;
  }
  const url = new URL(incoming.url ?? '/', `http://${HOST}`);
  const ask = url.pathname.slice(1).toUpperCase() as ControlRequest['ask'];
  const result = await at
    .handle({ ask, name: url.searchParams.get('name') ?? undefined })
    .catch((error: unknown): ControlAnswer => ({ error: error instanceof Error ? error.message : String(error) }));
  outgoing.end(JSON.stringify(result));
}

/** Asks the running supervisor; undefined when none runs. */
export async function askSupervisor(file: string, asked: ControlRequest): Promise<ControlAnswer | undefined> {
  const door = await findDoor(file);
  if (door === undefined) return undefined;
  const path = `/${asked.ask.toLowerCase()}?name=${encodeURIComponent(asked.name ?? '')}`;
  return new Promise((resolve) => {
    const outgoing = request(
      { host: HOST, port: door.port, path, method: 'POST', headers: { authorization: `Bearer ${door.token}` } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as ControlAnswer));
        incoming.on('error', () => resolve(undefined));
      },
    );
    outgoing.setTimeout(ANSWER_WITHIN_MS, () => outgoing.destroy());
    outgoing.once('error', () => resolve(undefined));
    outgoing.end();
  });
}

/** The process id of the supervisor that has this control file open, undefined when none runs. */
export async function supervisorPid(file: string): Promise<number | undefined> {
  return (await findDoor(file))?.pid;
}

async function findDoor(file: string): Promise<Door | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const door = JSON.parse(text) as Door;
  // After a power cut the pid may be another's: then nobody holds the port either.
  return isAlive(door.pid) && !(await isPortFree(HOST, door.port)) ? door : undefined;
}
