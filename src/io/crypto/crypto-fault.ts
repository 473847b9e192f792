/** What can break in io/crypto. PASSWORD_QUEUE_FULL may be tried again. */
export type CryptoFaultCode =
  | 'CSR_INVALID'
  | 'SEAL_BROKEN'
  | 'ARCHIVE_UNREADABLE'
  | 'MASTER_KEY_INVALID'
  | 'MASTER_KEY_UNSAFE'
  | 'PASSWORD_QUEUE_FULL'
  | 'PASSWORD_HASH_INVALID';

/** A fault of io/crypto; its message never holds a secret. */
export class CryptoFault extends Error {
  readonly code: CryptoFaultCode;
  readonly canRetry: boolean;

  constructor(code: CryptoFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CryptoFault';
    this.code = code;
    this.canRetry = code === 'PASSWORD_QUEUE_FULL';
  }
}
