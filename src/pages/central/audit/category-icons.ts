import { Activity, CircleAlert, KeyRound, type LucideIcon, Server, ShieldAlert, Unplug, Zap } from 'lucide-react';
import type { AuditCategory } from '../../../messages/audit-api.ts';

/** A category is told by its icon and its word, never by colour alone. */
export const CATEGORY_ICONS: Readonly<Record<AuditCategory, LucideIcon>> = {
  AUTH: KeyRound,
  CHARGE: Zap,
  INCIDENT: Unplug,
  STATUS: Activity,
  ERROR: CircleAlert,
  SECURITY: ShieldAlert,
  SYSTEM: Server,
};
