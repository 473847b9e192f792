import type { HttpApp } from './http-app.ts';
import { followPageTls, type PageTlsFiles, readPageTls } from './page-tls.ts';
import { type PageApp, servePages } from './pages.ts';
import { refuseForeignHosts, refuseForeignWrites } from './same-origin.ts';
import { createHttpServer, type HttpServerOptions, listen } from './server.ts';

/** Where a server of pages listens; without a certificate on loopback only. */
export type PageServerSettings = { host: string; port: number } & Partial<PageTlsFiles>;

/** A server of pages before it listens: its routes are added by the caller. */
export type PageServer = {
  app: HttpApp;
  hasTls: boolean;
  /** Serves this built app (undefined: the routes alone) and listens. */
  open(pages: PageApp | undefined): Promise<{ port: number }>;
};

/**
 * Makes the server behind one of our pages: its certificate from the settings' files, renewed while it runs, and no
 * request by another name of this computer's or from another site's page.
 */
export async function createPageServer(
  { host, port, tlsCertFile = '', tlsKeyFile = '' }: PageServerSettings,
  options: Omit<HttpServerOptions, 'tls' | 'servesPages'>,
): Promise<PageServer> {
  const files = { tlsCertFile, tlsKeyFile };
  const tls = readPageTls(files);
  const app = await createHttpServer({ ...options, servesPages: true, ...(tls && { tls }) });
  followPageTls(app, files, (error) => options.log.error({ err: error }, 'the certificate could not be renewed'));
  refuseForeignHosts(app, host);
  refuseForeignWrites(app);
  const hasTls = tls !== undefined;
  return {
    ...{ app, hasTls },
    async open(pages) {
      if (pages !== undefined) await servePages(app, pages);
      return listen(app, { host, port, hasTls });
    },
  };
}
