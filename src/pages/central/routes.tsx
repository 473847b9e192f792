import { ChartColumn, CloudSun, LayoutGrid, type LucideIcon, ScrollText, Server, Users, Zap } from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { PointsPage } from './points-page.tsx';
import type { CentralKey } from './texts/use-texts.ts';

/** One page of the panel: its path, its place in the navigation and what it shows. */
export type PanelRoute = {
  path: string;
  text: CentralKey;
  icon: LucideIcon;
  /** Everything but the points is loaded when it is first opened (first-load budget of stack.md). */
  page: ComponentType | LazyExoticComponent<ComponentType>;
};

/** All pages, as the navigation lists them. */
export const ROUTES: readonly PanelRoute[] = [
  { path: '/', text: 'nav.points', icon: LayoutGrid, page: PointsPage },
  {
    path: '/recargas',
    text: 'nav.supplies',
    icon: Zap,
    page: lazy(() => import('./history/supplies-page.tsx')),
  },
  { path: '/graficos', text: 'nav.charts', icon: ChartColumn, page: lazy(() => import('./charts/charts-page.tsx')) },
  { path: '/conductores', text: 'nav.drivers', icon: Users, page: lazy(() => import('./drivers/drivers-page.tsx')) },
  { path: '/clima', text: 'clima.nav', icon: CloudSun, page: lazy(() => import('./weather/weather-page.tsx')) },
  { path: '/auditoria', text: 'audit.title', icon: ScrollText, page: lazy(() => import('./audit/audit-page.tsx')) },
  { path: '/sistema', text: 'nav.system', icon: Server, page: lazy(() => import('./system/system-page.tsx')) },
];
