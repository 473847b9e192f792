import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';
import type { HttpApp } from './http-app.ts';

/** The two settings of every server of pages; both may name one file that holds certificate and key. */
export type PageTlsFiles = { tlsCertFile: string; tlsKeyFile: string };

const LOOK_EVERY_MS = 60_000;

/** The pair for `createHttpServer`; undefined: plain HTTP, which only loopback may have. */
export function readPageTls(files: PageTlsFiles): { cert: string; key: string } | undefined {
  if (files.tlsCertFile === '' || files.tlsKeyFile === '') return undefined;
  return { cert: readFileSync(files.tlsCertFile, 'utf8'), key: readFileSync(files.tlsKeyFile, 'utf8') };
}

/** Serves a renewed certificate from the moment its files change, without a restart, until the server closes (protocol 1). */
export function followPageTls(
  app: HttpApp,
  files: PageTlsFiles & { lookEveryMs?: number },
  onError: (error: unknown) => void,
): void {
  if (readPageTls(files) === undefined) return;
  const renew = (): void => {
    try {
      // A server with these settings is one of node:https.
      (app.server as Server).setSecureContext({ ...readPageTls(files), minVersion: 'TLSv1.2' });
    } catch (error) {
      onError(error);
    }
  };
  const both = new Set([files.tlsCertFile, files.tlsKeyFile]);
  for (const file of both) watchFile(file, { interval: files.lookEveryMs ?? LOOK_EVERY_MS, persistent: false }, renew);
  app.addHook('onClose', async () => {
    for (const file of both) unwatchFile(file, renew);
  });
}
