import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';

/** The pages' apps: one folder here, one folder in dist/pages. */
export const PAGE_APPS = ['central', 'driver', 'point', 'registry', 'weather'] as const;
export type PageApp = (typeof PAGE_APPS)[number];

/** Everything an app needs is in its folder: no CDN, no external font, nothing inlined that the security policy would refuse. */
export function pageConfig(app: PageApp, outDir: string): InlineConfig {
  const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  return {
    configFile: false,
    root: folder(`./${app}/`),
    publicDir: folder('./shared/public/'),
    base: '/',
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      manifest: 'manifest.json',
    },
  };
}
