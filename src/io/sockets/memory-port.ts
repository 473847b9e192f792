import { newToken } from '../crypto/tokens.ts';
import type { FrameConnection } from './frame-connection.ts';
import { FrameSocketError } from './frame-limits.ts';
import type { FrameHandlers } from './frame-server.ts';
import type { TlsPeer } from './tls-peer.ts';

/** What either side does with a connection once there is one. */
export type OnConnection = (connection: FrameConnection, peer: TlsPeer) => FrameHandlers;

/** One end of a memory port; stopping it closes the connection. */
export type MemoryEnd = { stop(): Promise<void> };

/** A listener and a dialler in one process, for a fleet: messages pass as objects, in order, without frames or bytes. */
export type MemoryPort = {
  listen(onConnection: OnConnection): MemoryEnd;
  dial(onConnection: OnConnection): MemoryEnd;
};

type Side = { onConnection: OnConnection; close(): void };

/** `subject` is the name the listener's certificate would carry (`cp:CP001`). */
export function createMemoryPort(subject: string): MemoryPort {
  let listener: Side | undefined;
  let dialler: Side | undefined;

  function connectIfBoth(): void {
    if (!listener || !dialler) return;
    const [there, here] = connectPair(subject, listener.onConnection, dialler.onConnection);
    listener.close = there;
    dialler.close = here;
  }
  const noClose = () => undefined;

  return {
    listen(onConnection) {
      const side: Side = { onConnection, close: noClose };
      listener = side;
      connectIfBoth();
      return {
        async stop() {
          if (listener === side) listener = undefined;
          side.close();
        },
      };
    },
    dial(onConnection) {
      const side: Side = { onConnection, close: noClose };
      dialler = side;
      connectIfBoth();
      return {
        async stop() {
          if (dialler === side) dialler = undefined;
          side.close();
        },
      };
    },
  };
}

function connectPair(subject: string, onListener: OnConnection, onDialler: OnConnection): [() => void, () => void] {
  const material = Buffer.from(newToken());
  const peer = { address: 'memory', port: 0, exportPairingMaterial: () => material };
  let isOpen = true;
  let atListener: FrameHandlers | undefined;
  let atDialler: FrameHandlers | undefined;

  function close(isByListener: boolean): void {
    if (!isOpen) return;
    isOpen = false;
    atListener?.onClose({ code: isByListener ? 'local' : 'peer' });
    atDialler?.onClose({ code: isByListener ? 'peer' : 'local' });
  }
  async function handOver(isFromListener: boolean, message: object): Promise<void> {
    if (!isOpen) return;
    try {
      await (isFromListener ? atDialler : atListener)?.onMessage(message);
    } catch {
      // As with frames: a handler that fails costs the connection, whose owner is told.
      close(isFromListener);
    }
  }
  function end(isListener: boolean): FrameConnection {
    const deliver = (message: object): void => {
      // Never within the sender's own call: each side sees messages as it would from a socket.
      setImmediate(() => void handOver(isListener, message));
    };
    return {
      async send(message) {
        if (!isOpen) throw new FrameSocketError('CLOSED', 'connection is closed');
        deliver(message);
      },
      sendBeat(message) {
        if (isOpen) deliver(message);
        return isOpen;
      },
      close: async () => close(isListener),
      destroy: () => close(isListener),
      isOpen: () => isOpen,
    };
  }

  atListener = onListener(end(true), peer);
  atDialler = onDialler(end(false), { ...peer, subject });
  return [() => close(true), () => close(false)];
}
