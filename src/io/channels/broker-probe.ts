import { firstAnswer } from '../sockets/tcp-probe.ts';

const METADATA_API = 3;
const VERSIONS_API = 18;
const METADATA_VERSION = 1;
const CORRELATION_ID = 1;

/** Whether a broker at this plaintext address answers a metadata request: stronger than an open port, which comes earlier. */
export async function isBrokerAnswering(host: string, port: number): Promise<boolean> {
  const answer = await firstAnswer({ host, port, question: metadataRequest(), timeoutMs: 2_000 });
  return answer !== undefined && hasBroker(answer);
}

/**
 * Whether a broker at this secured address answers: over TLS, with a certificate of our authority. Only its versions can
 * be asked for without a password; it answers that once it takes requests.
 */
export async function isSecuredBrokerAnswering(host: string, port: number, caPem: string): Promise<boolean> {
  const answer = await firstAnswer({ host, port, question: versionsRequest(), timeoutMs: 2_000, caPem });
  return answer !== undefined && answer.length >= 10 && answer.readInt32BE(4) === CORRELATION_ID;
}

// size:int32 | apiKey:int16 apiVersion:int16 correlationId:int32 clientId:int16+bytes
function versionsRequest(): Buffer {
  return requestWith({ api: VERSIONS_API, version: 0, body: Buffer.alloc(0) });
}

// size:int32 | apiKey:int16 apiVersion:int16 correlationId:int32 clientId:int16+bytes | topics:int32 (0 = none of them)
function metadataRequest(): Buffer {
  return requestWith({ api: METADATA_API, version: METADATA_VERSION, body: Buffer.alloc(4) });
}

function requestWith({ api, version, body }: { api: number; version: number; body: Buffer }): Buffer {
  const clientId = Buffer.from('ev-probe');
  const request = Buffer.alloc(4 + 8 + 2 + clientId.length + body.length);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(api, 4);
  request.writeInt16BE(version, 6);
  request.writeInt32BE(CORRELATION_ID, 8);
  request.writeInt16BE(clientId.length, 12);
  clientId.copy(request, 14);
  body.copy(request, 14 + clientId.length);
  return request;
}

// size:int32 | correlationId:int32 | brokers:int32 ...
function hasBroker(answer: Buffer): boolean {
  return answer.length >= 12 && answer.readInt32BE(4) === CORRELATION_ID && answer.readInt32BE(8) >= 1;
}
