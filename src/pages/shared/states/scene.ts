import type { ReactNode } from 'react';
import type { LiveReading, LiveSnapshot, Upstream } from '../../../messages/live-stream.ts';

/** One visual state of an app with fixed data, as `/__states` shows it. */
export type Scene = {
  /** Its anchor: `/__states#point-charging`. */
  id: string;
  render(): ReactNode;
  /** What the page knows live, by feed. */
  feeds?: Readonly<Record<string, LiveSnapshot>>;
  readings?: readonly LiveReading[];
  /** How old the readings are; they stay so. */
  readingAgeMs?: number;
  upstream?: Upstream;
  /** How old the picture is while the page's server stands alone; without it, as old as `link` says. */
  dataAgeMs?: number;
  /** How the page stands with its server; LIVE if not said. */
  link?: 'LIVE' | 'RECONNECTING' | 'OFFLINE';
  /** Where the app believes to be, e.g. `/recarga` or `/?state=FAULTED`; nothing of it gets into the address bar. */
  path?: string;
  /** What calls of the page's server get, by path; without an answer 404. Nothing leaves the page. */
  answer?(path: string): unknown;
  /** Puts on what is kept elsewhere: a session, a toast. */
  prepare?(): void;
};
