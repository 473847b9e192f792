import { readFileSync } from 'node:fs';
import WebSocket from 'ws';
import { type LiveFrame, LiveFrameSchema } from '../../messages/live-stream.ts';
import { parser } from '../../messages/validators.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../log.ts';

export type LiveReaderOptions = {
  /** ws:// or wss:// with path and query; of servers that stand for each other several. */
  urls: readonly string[];
  caFile?: string;
  token?: string;
  clock: Clock;
  log: Log;
  onFrame(frame: LiveFrame): void;
  /** The link came up or went; down also when the server is silent for `silenceMs`. */
  onLink(isUp: boolean): void;
  silenceMs?: number;
};

export type LiveReader = { readonly isUp: boolean; stop(): void };

const parseFrame = parser(LiveFrameSchema);
const MAX_RETRY_MS = 5_000;

/** A server's end of another server's live stream: dials with back-off for ever, notices silence, checks each frame and its seq (protocol 5). */
export function startLiveReader(options: LiveReaderOptions): LiveReader {
  const ca = options.caFile ? readFileSync(options.caFile, 'utf8') : undefined;
  const silenceMs = options.silenceMs ?? 5_000;
  let socket: WebSocket | undefined;
  let isUp = false;
  let isStopped = false;
  let retryMs = 250;
  let turn = 0;
  let timer: Timer | undefined;
  let silence: Timer | undefined;

  const setUp = (up: boolean) => {
    if (isUp === up) return;
    isUp = up;
    options.onLink(up);
  };
  const dial = () => {
    const seqs = new Map<string, number>();
    const url = options.urls[turn % options.urls.length]!;
    const dialled = new WebSocket(url, {
      ca,
      headers: options.token ? { authorization: `Bearer ${options.token}` } : {},
      handshakeTimeout: 5_000,
      maxPayload: 64 * 1024 * 1024,
      perMessageDeflate: false,
    });
    socket = dialled;
    const watchSilence = () => {
      silence?.cancel();
      silence = options.clock.setTimer(() => dialled.terminate(), silenceMs);
    };
    watchSilence();
    dialled.on('message', (data) => {
      const frame = parseFrame(JSON.parse(String(data))) as LiveFrame | undefined;
      const expected = seqs.get(frame?.feed ?? '');
      if (!frame || (frame.type !== 'hello' && expected === undefined)) return dialled.terminate();
      if (frame.type === 'changes' && frame.seq !== (expected ?? 0) + 1) return dialled.terminate();
      seqs.set(frame.feed, frame.seq);
      retryMs = 250;
      watchSilence();
      options.onFrame(frame);
      setUp(true);
    });
    dialled.on('error', (error) => options.log.debug({ err: error, url }, 'live stream not available'));
    dialled.on('close', () => {
      silence?.cancel();
      setUp(false);
      if (isStopped) return;
      timer = options.clock.setTimer(dial, retryMs * (0.75 + Math.random() / 2));
      turn += 1;
      // The pause grows after each round.
      if (turn % options.urls.length === 0) retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
    });
  };
  dial();
  return {
    get isUp() {
      return isUp;
    },
    stop() {
      isStopped = true;
      timer?.cancel();
      silence?.cancel();
      socket?.terminate();
    },
  };
}
