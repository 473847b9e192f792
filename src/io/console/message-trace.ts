import type { ChannelMessage, ClientChannel, ClientChannelOptions } from '../channels/client-channel-options.ts';
import { redact } from '../redact.ts';
import type { FrameConnection } from '../sockets/frame-connection.ts';
import type { FrameHandlers } from '../sockets/frame-server.ts';
import type { TlsPeer } from '../sockets/tls-peer.ts';

/** Shows what a process sends and receives, while somebody wants to see it (S-MON-08). */
export class MessageTrace {
  #say: ((line: string) => void) | undefined;

  /** On, or off again; returns whether they are shown now. */
  toggle(say: (line: string) => void): boolean {
    this.#say = this.#say ? undefined : say;
    return this.#say !== undefined;
  }

  sent(to: string, message: unknown): void {
    this.#say?.(traceLine('->', to, message));
  }

  received(from: string, message: unknown): void {
    this.#say?.(traceLine('<-', from, message));
  }
}

const MAX_BODY = 160;

/** `12:30:01 -> Central heartbeat {...}`, without secrets. */
function traceLine(arrow: string, peer: string, message: unknown): string {
  const { type = '?', body = {} } = (message ?? {}) as { type?: unknown; body?: unknown };
  const text = JSON.stringify(redact(body)) ?? '';
  const time = new Date().toISOString().slice(11, 19);
  return `${time} ${arrow} ${peer} ${String(type)} ${text.length > MAX_BODY ? `${text.slice(0, MAX_BODY)}...` : text}`;
}

type OnConnection = (connection: FrameConnection, peer: TlsPeer) => FrameHandlers;

/** The same handler of connections, with every message shown. */
export function tracedFrames(onConnection: OnConnection, peerName: string, trace: MessageTrace): OnConnection {
  return (connection, peer) => {
    const shown: FrameConnection = {
      send(message) {
        trace.sent(peerName, message);
        return connection.send(message);
      },
      sendBeat(message) {
        trace.sent(peerName, message);
        return connection.sendBeat(message);
      },
      close: () => connection.close(),
      destroy: (reason) => connection.destroy(reason),
      isOpen: () => connection.isOpen(),
    };
    const handlers = onConnection(shown, peer);
    return {
      onMessage(message) {
        trace.received(peerName, message);
        return handlers.onMessage(message);
      },
      onClose: (reason) => handlers.onClose(reason),
    };
  };
}

/** The same start of a Kafka channel, with every message shown. */
export function tracedChannel(
  start: (options: ClientChannelOptions) => ClientChannel,
  trace: MessageTrace,
): (options: ClientChannelOptions) => ClientChannel {
  return (options) => {
    const channel = start({
      ...options,
      onMessage(message: ChannelMessage) {
        trace.received('Central', message);
        return options.onMessage(message);
      },
    });
    const send = channel.send.bind(channel);
    channel.send = (type, body, sendOptions) => {
      trace.sent('Central', { type, body });
      return send(type, body, sendOptions);
    };
    return channel;
  };
}
