import type { PanelMessage } from './live-stream.ts';

/**
 * Codes that people read: servers send them with parameters, the pages have the words (folders `texts` of src/pages), which a test
 * compares with these lists. They are closed for who sends; a page that is older than its server shows a code as it came.
 */

/** Lines of the panel's message list. */
export const PANEL_MESSAGE_CODES = [
  'CENTRAL_GONE',
  'CENTRAL_STARTED',
  'CENTRAL_STOPPED',
  'CP_ADDED',
  'CP_REMOVED',
  'CP_STATE',
  'DATABASE_BACK',
  'DATABASE_LOST',
  'KAFKA_BACK',
  'KAFKA_LOST',
  'KEY_REVOKED',
  'MONITOR_TWICE',
  'ORDER_GIVEN',
  'SUPPLY_DENIED',
  'SUPPLY_ENDED',
  'SUPPLY_INTERRUPTED',
  'SUPPLY_STARTED',
  'SUPPLY_SUSPECT',
  'WEATHER_ALERT',
  'WEATHER_BACK',
  'WEATHER_CITY_CHANGED',
  'WEATHER_CLEARED',
  'WEATHER_STARTED',
  'WEATHER_STOPPED',
  'WEATHER_THRESHOLDS',
  'WEATHER_UNAVAILABLE',
] as const;
export type PanelMessageCode = (typeof PANEL_MESSAGE_CODES)[number];

/** A message to be shown, without what Central's picture adds. */
export type NewPanelMessage = Omit<PanelMessage, 'messageId' | 'count' | 'atMs' | 'code'> & { code: PanelMessageCode };

/** Lines of the activity logs of Engine and Monitor. */
export const ACTIVITY_CODES = [
  'ALREADY_PAIRED',
  'AUTHENTICATED',
  'AUTHENTICATION_REFUSED',
  'AUTHENTICATION_WANTED',
  'BAD_PAIRING',
  'CENTRAL_CLOSED',
  'CENTRAL_LOST',
  'CENTRAL_REACHABLE',
  'CHANNEL_DOWN',
  'CHANNEL_UP',
  'DECLINED',
  'ENGINE_GONE',
  'ENGINE_KO',
  'ENGINE_OK',
  'ENGINE_PAIRED',
  'FAULT_OFF',
  'FAULT_ON',
  'JOURNAL_UNWRITABLE',
  'JOURNAL_WRITABLE',
  'KEY_INSTALLED',
  'KEY_RECEIVED',
  'KEY_REVOKED',
  'LINK_CUT',
  'LINK_RESTORED',
  'LOCAL_HOLD_OFF',
  'LOCAL_HOLD_ON',
  'MONITOR_GONE',
  'MONITOR_PAIRED',
  'PAIRING_REFUSED',
  'PLUGGED',
  'REGISTERED',
  'REGISTRATION_FAILED',
  'SUPPLY_ACCEPTED',
  'SUPPLY_AUTHORISED',
  'SUPPLY_DROPPED',
  'SUPPLY_ENDED',
  'SUPPLY_REQUESTED',
  'TICKET',
  'UNREGISTERED',
  'WAITING_FOR_ENGINE',
] as const;
export type ActivityCode = (typeof ACTIVITY_CODES)[number];
