import type { PointSort } from './points-query.ts';

/** Columns of the table, in order; the narrower the place, the fewer are left (point-table.module.css). */
export const POINT_COLUMNS = [
  'id',
  'state',
  'detail',
  'zone',
  'city',
  'address',
  'driver',
  'power',
  'energy',
  'amount',
  'price',
  'max',
  'key',
  'seen',
] as const;
export type PointColumn = (typeof POINT_COLUMNS)[number];

/** Columns whose header sorts the list. */
export const COLUMN_SORTS: Partial<Record<PointColumn, PointSort>> = {
  id: 'id',
  state: 'attention',
  zone: 'zone',
  power: 'power',
  price: 'price',
  max: 'max',
};
