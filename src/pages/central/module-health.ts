import type { PanelModule } from '../../messages/live-stream.ts';

/** A module's health as this page can vouch for it: what Central said of itself is no news once it cannot be reached. */
export function isModuleUp(module: PanelModule, isCentralReachable: boolean): boolean {
  return module.status === 'UP' && (module.kind !== 'central' || isCentralReachable);
}

/** Kinds that the header always names, in this order; of others only what is down. */
const NAMED_KINDS = ['central', 'kafka', 'database', 'registry', 'weather'];

/** One pill for each kind of module: up while any instance of the kind is (a second one may take over). */
export function modulePills(
  modules: readonly PanelModule[],
  isCentralReachable: boolean,
): { kind: string; isUp: boolean }[] {
  const kinds = Map.groupBy(modules, (module) => module.kind);
  const pills = [...kinds].map(([kind, instances]) => ({
    kind,
    isUp: instances.some((module) => isModuleUp(module, isCentralReachable)),
  }));
  const rank = (kind: string) => (NAMED_KINDS.includes(kind) ? NAMED_KINDS.indexOf(kind) : NAMED_KINDS.length);
  return pills
    .filter(({ kind, isUp }) => NAMED_KINDS.includes(kind) || !isUp)
    .sort((a, b) => rank(a.kind) - rank(b.kind) || a.kind.localeCompare(b.kind));
}
