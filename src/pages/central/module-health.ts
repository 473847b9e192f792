import type { PanelModule } from '../../messages/live-stream.ts';

/** A module's health as this page can vouch for it: what Central said of itself is no news once it cannot be reached. */
export function isModuleUp(module: PanelModule, isCentralReachable: boolean): boolean {
  return module.status === 'UP' && (module.kind !== 'central' || isCentralReachable);
}
