import {
  ChartColumn,
  CloudSun,
  LayoutGrid,
  type LucideIcon,
  MapIcon,
  ScrollText,
  Server,
  Users,
  Zap,
} from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { MAP_PATH, POINTS_PATHS } from './points/points-query.ts';
import { PointsPage } from './points-page.tsx';
import type { CentralKey } from './texts/use-texts.ts';

/** A page of the panel and where it is. */
export type PanelRoute = {
  path: string | RegExp;
  /** Everything but the points is loaded when it is first opened (first-load budget of stack.md). */
  page: ComponentType | LazyExoticComponent<ComponentType>;
};

/** All pages; the map is a view of the points, so that going there keeps filters, focus and what is open. */
export const ROUTES: readonly PanelRoute[] = [
  { path: POINTS_PATHS, page: PointsPage },
  { path: '/recargas', page: lazy(() => import('./history/supplies-page.tsx')) },
  { path: '/graficos', page: lazy(() => import('./charts/charts-page.tsx')) },
  { path: '/conductores', page: lazy(() => import('./drivers/drivers-page.tsx')) },
  { path: '/clima', page: lazy(() => import('./weather/weather-page.tsx')) },
  { path: '/auditoria', page: lazy(() => import('./audit/audit-page.tsx')) },
  { path: '/sistema', page: lazy(() => import('./system/system-page.tsx')) },
];

/** One entry of the navigation. */
export type PanelLink = { path: string; text: CentralKey; icon: LucideIcon };

/** What the navigation lists, in order. */
export const LINKS: readonly PanelLink[] = [
  { path: '/', text: 'nav.points', icon: LayoutGrid },
  { path: MAP_PATH, text: 'nav.map', icon: MapIcon },
  { path: '/recargas', text: 'nav.supplies', icon: Zap },
  { path: '/graficos', text: 'nav.charts', icon: ChartColumn },
  { path: '/conductores', text: 'nav.drivers', icon: Users },
  { path: '/clima', text: 'clima.nav', icon: CloudSun },
  { path: '/auditoria', text: 'audit.title', icon: ScrollText },
  { path: '/sistema', text: 'nav.system', icon: Server },
];
