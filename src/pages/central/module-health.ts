import type { PanelModule } from '../../messages/live-stream.ts';

/** A module's health as this page can vouch for it: what Central said of itself is no news once it cannot be reached. */
export function isModuleUp(module: PanelModule, isCentralReachable: boolean): boolean {
  return module.status === 'UP' && (module.kind !== 'central' || isCentralReachable);
}

/** Kinds that the header always names, in this order; of others only what is down. */
const NAMED_KINDS = ['central', 'kafka', 'database', 'registry', 'weather'];

/** SOME: the others of its kind do the work of one that is away, and whoever reads it should know. */
export type KindHealth = { kind: string; is: 'ALL' | 'SOME' | 'NONE'; up: number; all: number };

/** The attribute `data-up` of what shows it. */
export const DATA_UP = { ALL: 'true', SOME: 'some', NONE: 'false' } as const;

/** The modules of one kind together. */
export function kindHealth(modules: readonly PanelModule[], kind: string, isCentralReachable: boolean): KindHealth {
  const own = modules.filter((module) => module.kind === kind);
  const up = own.filter((module) => isModuleUp(module, isCentralReachable)).length;
  return { kind, is: up === 0 ? 'NONE' : up < own.length ? 'SOME' : 'ALL', up, all: own.length };
}

/** One pill for each kind of module: a second instance may stand in for the first, which is told. */
export function modulePills(modules: readonly PanelModule[], isCentralReachable: boolean): KindHealth[] {
  const kinds = [...new Set(modules.map((module) => module.kind))];
  const rank = (kind: string) => (NAMED_KINDS.includes(kind) ? NAMED_KINDS.indexOf(kind) : NAMED_KINDS.length);
  return kinds
    .map((kind) => kindHealth(modules, kind, isCentralReachable))
    .filter(({ kind, is }) => NAMED_KINDS.includes(kind) || is === 'NONE')
    .sort((a, b) => rank(a.kind) - rank(b.kind) || a.kind.localeCompare(b.kind));
}
