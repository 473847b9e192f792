import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { CryptoFault } from './crypto-fault.ts';

/*  EVB1 | salt 16 | frames: { length 4 (of what follows; top bit: the last frame) | ciphertext | tag 16 }
    AES-256-GCM, a key for each file (scrypt of passphrase and salt), nonce = number of the frame and whether it is the
    last: frames cannot be left out, repeated, reordered, or cut off at the end. */
const MAGIC = Buffer.from('EVB1');
const SALT_BYTES = 16;
const HEADER_BYTES = MAGIC.length + SALT_BYTES;
const TAG_BYTES = 16;
const LENGTH_BYTES = 4;
const FRAME_BYTES = 64 * 1_024;
const LAST = 0x8000_0000;
const SCRYPT = { N: 2 ** 16, r: 8, p: 1, maxmem: 256 * 1_024 * 1_024 };

function keyOf(passphrase: string, salt: Buffer): Buffer {
  return scryptSync(passphrase.normalize('NFKC'), salt, 32, SCRYPT);
}

function nonceOf(frame: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(frame, 4);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Encrypts what is written into it under a passphrase. */
export function sealWithPassphrase(passphrase: string): Transform {
  const salt = randomBytes(SALT_BYTES);
  const header = Buffer.concat([MAGIC, salt]);
  const key = keyOf(passphrase, salt);
  let waiting = Buffer.alloc(0);
  let frame = 0;
  const frameOf = (bytes: Buffer, isLast: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(frame, isLast)).setAAD(header);
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE((isLast ? LAST : 0) + sealed.length);
    const first = frame === 0 ? [header] : [];
    frame += 1;
    return Buffer.concat([...first, length, sealed]);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length > FRAME_BYTES) {
        this.push(frameOf(waiting.subarray(0, FRAME_BYTES), false));
        waiting = waiting.subarray(FRAME_BYTES);
      }
      done();
    },
    flush(done) {
      done(null, frameOf(waiting, true));
    },
  });
}

/** The way back. Fails with ARCHIVE_UNREADABLE: another passphrase, changed bytes, or cut off. */
export function openWithPassphrase(passphrase: string): Transform {
  let opener: FrameOpener | undefined;
  let waiting = Buffer.alloc(0);
  const take = (push: (bytes: Buffer) => void): void => {
    if (!opener) {
      if (waiting.length < HEADER_BYTES) return;
      opener = new FrameOpener(passphrase, waiting.subarray(0, HEADER_BYTES));
      waiting = waiting.subarray(HEADER_BYTES);
    }
    for (let next = opener.next(waiting); next; next = opener.next(waiting)) {
      push(next.bytes);
      waiting = waiting.subarray(next.taken);
    }
  };
  const guarded = (work: () => void, done: TransformCallback): void => {
    try {
      work();
      done();
    } catch (error) {
      done(error as Error);
    }
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting = Buffer.concat([waiting, chunk]);
      guarded(() => take((bytes) => this.push(bytes)), done);
    },
    flush(done) {
      guarded(() => {
        if (!opener?.isComplete || waiting.length > 0) throw unreadable('it is cut off');
      }, done);
    },
  });
}

class FrameOpener {
  isComplete = false;
  readonly #header: Buffer;
  readonly #key: Buffer;
  #frame = 0;

  constructor(passphrase: string, header: Buffer) {
    if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw unreadable('it is no archive of ours');
    this.#header = Buffer.from(header);
    this.#key = keyOf(passphrase, this.#header.subarray(MAGIC.length));
  }

  next(waiting: Buffer): { bytes: Buffer; taken: number } | undefined {
    if (waiting.length < LENGTH_BYTES) return undefined;
    const word = waiting.readUInt32BE(0);
    const isLast = word >= LAST;
    const length = isLast ? word - LAST : word;
    if (this.isComplete || length < TAG_BYTES || length > FRAME_BYTES + TAG_BYTES) throw unreadable('it is damaged');
    if (waiting.length < LENGTH_BYTES + length) return undefined;
    const sealed = waiting.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
    const bytes = this.#open(sealed, isLast);
    this.#frame += 1;
    this.isComplete = isLast;
    return { bytes, taken: LENGTH_BYTES + length };
  }

  #open(sealed: Buffer, isLast: boolean): Buffer {
    const end = sealed.length - TAG_BYTES;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, nonceOf(this.#frame, isLast));
      decipher.setAAD(this.#header).setAuthTag(sealed.subarray(end));
      return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
    } catch (error) {
      throw unreadable(this.#frame === 0 ? 'another passphrase, or changed bytes' : 'changed bytes', error);
    }
  }
}

function unreadable(why: string, cause?: unknown): CryptoFault {
  return new CryptoFault('ARCHIVE_UNREADABLE', `the archive does not open: ${why}`, cause);
}
