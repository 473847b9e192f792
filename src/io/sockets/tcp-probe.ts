import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** An address to ask, with the bytes to send and how long to wait for the first answer. */
export type TcpQuestion = {
  host: string;
  port: number;
  question: Buffer;
  timeoutMs: number;
  /** Asked over TLS, of a certificate of this authority. */
  caPem?: string;
};

/** Sends some bytes and resolves with the first bytes of the answer, or undefined if there is none in time. */
export function firstAnswer(asked: TcpQuestion): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const { host, port, caPem } = asked;
    const socket = caPem === undefined ? connect({ host, port }) : connectTls({ host, port, ca: caPem });
    const finish = (answer: Buffer | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(asked.timeoutMs, () => finish(undefined));
    socket.once('error', () => finish(undefined));
    socket.once('close', () => finish(undefined));
    socket.once('data', finish);
    socket.once(caPem === undefined ? 'connect' : 'secureConnect', () => socket.write(asked.question));
  });
}

/** Whether a server could listen at this address now. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port that nobody listens on at the moment; all of one call's ports differ. */
export async function freePorts(host: string, count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenAnywhere(host)));
  const ports = servers.map((server) => server.port);
  await Promise.all(servers.map((server) => server.close()));
  return ports;
}

function listenAnywhere(host: string): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port: 0 }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
