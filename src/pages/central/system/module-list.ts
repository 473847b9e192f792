import type { PanelModule, PanelPoint } from '../../../messages/live-stream.ts';

/** Order in which modules are listed: what everything else needs comes first. */
const KINDS = ['central', 'kafka', 'database', 'registry', 'weather', 'central-web', 'driver'];

function rank(kind: string): number {
  const place = KINDS.indexOf(kind);
  return place === -1 ? KINDS.length : place;
}

/** Modules, the most needed first, stable in their places whatever their health does. */
export function sortedModules(modules: readonly PanelModule[]): PanelModule[] {
  return [...modules].sort((a, b) => rank(a.kind) - rank(b.kind) || a.moduleId.localeCompare(b.moduleId));
}

const MAX_NAMED = 12;

/** Halves of the points that are away: how many of all are there, and the first names of the others. */
export type PointHalves = { up: number; all: number; lost: readonly string[]; more: number };

function halves(points: readonly PanelPoint[], isLost: (point: PanelPoint) => boolean): PointHalves {
  const lost = points.filter(isLost).map((point) => point.cpId);
  lost.sort();
  return {
    up: points.length - lost.length,
    all: points.length,
    lost: lost.slice(0, MAX_NAMED),
    more: Math.max(0, lost.length - MAX_NAMED),
  };
}

/** A point without its Monitor is DISCONNECTED (D-03). */
export function monitorHealth(points: readonly PanelPoint[]): PointHalves {
  return halves(points, (point) => point.state === 'DISCONNECTED');
}

/** Of an engine only its Monitor can tell: those of lost Monitors are left out. */
export function engineHealth(points: readonly PanelPoint[]): PointHalves {
  const told = points.filter((point) => point.state !== 'DISCONNECTED');
  return halves(told, (point) => point.state === 'FAULTED');
}
