import { firstAnswer } from '../sockets/tcp-probe.ts';

const METADATA_API = 3;
const METADATA_VERSION = 1;
const CORRELATION_ID = 1;

/** Whether a broker at this plaintext address answers a metadata request: stronger than an open port, which comes earlier. */
export async function isBrokerAnswering(host: string, port: number): Promise<boolean> {
  const answer = await firstAnswer({ host, port, question: metadataRequest(), timeoutMs: 2_000 });
  return answer !== undefined && hasBroker(answer);
}

// size:int32 | apiKey:int16 apiVersion:int16 correlationId:int32 clientId:int16+bytes | topics:int32 (0 = none of them)
function metadataRequest(): Buffer {
  const clientId = Buffer.from('ev-probe');
  const request = Buffer.alloc(4 + 8 + 2 + clientId.length + 4);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(METADATA_API, 4);
  request.writeInt16BE(METADATA_VERSION, 6);
  request.writeInt32BE(CORRELATION_ID, 8);
  request.writeInt16BE(clientId.length, 12);
  clientId.copy(request, 14);
  return request;
}

// size:int32 | correlationId:int32 | brokers:int32 ...
function hasBroker(answer: Buffer): boolean {
  return answer.length >= 12 && answer.readInt32BE(4) === CORRELATION_ID && answer.readInt32BE(8) >= 1;
}
