import type { EndReason } from '../../../domain/vocabulary.ts';

export type DocumentLanguage = 'es' | 'en';

type TicketWords = {
  locale: string;
  title: string;
  point: string;
  driver: string;
  anonymous: string;
  start: string;
  requested: string;
  end: string;
  duration: string;
  energy: string;
  tariff: string;
  total: string;
  endReason: string;
  final: string;
  estimated: string;
  corrects: string;
  zone: string;
  endReasons: Readonly<Record<EndReason, string>>;
};

/** Words of the ticket files; the end reasons are those of the pages (a test compares). */
export const TICKET_WORDS: Readonly<Record<DocumentLanguage, TicketWords>> = {
  es: {
    ...{ locale: 'es-ES', title: 'Ticket de recarga', point: 'Punto', driver: 'Conductor', anonymous: 'Anónimo' },
    ...{ start: 'Inicio', requested: 'Solicitud', end: 'Fin', duration: 'Duración', energy: 'Energía' },
    ...{ tariff: 'Tarifa', total: 'TOTAL', endReason: 'Motivo', final: 'DEFINITIVO', estimated: 'ESTIMADO' },
    ...{ corrects: 'Corrige el ticket', zone: 'Zona horaria' },
    endReasons: {
      ...{ UNPLUGGED: 'desenchufado', DRIVER_STOP: 'por el usuario', LOCAL_STOP: 'en el punto' },
      ...{ OPERATOR_STOP: 'por la Central', FAULT: 'por avería', ENGINE_RESTART: 'por reinicio del punto' },
      ...{ KEY_REVOKED: 'por clave revocada', MONITOR_LOSS: 'sin supervisión', PLUG_TIMEOUT: 'no se enchufó a tiempo' },
      CANCELLED: 'cancelada',
    },
  },
  en: {
    ...{ locale: 'en-GB', title: 'Charging ticket', point: 'Point', driver: 'Driver', anonymous: 'Anonymous' },
    ...{ start: 'Start', requested: 'Requested', end: 'End', duration: 'Duration', energy: 'Energy' },
    ...{ tariff: 'Tariff', total: 'TOTAL', endReason: 'Reason', final: 'FINAL', estimated: 'ESTIMATED' },
    ...{ corrects: 'Corrects ticket', zone: 'Time zone' },
    endReasons: {
      ...{ UNPLUGGED: 'unplugged', DRIVER_STOP: 'by the user', LOCAL_STOP: 'at the point' },
      ...{ OPERATOR_STOP: 'by Central', FAULT: 'by a fault', ENGINE_RESTART: 'by a restart of the point' },
      ...{ KEY_REVOKED: 'by a revoked key', MONITOR_LOSS: 'unsupervised', PLUG_TIMEOUT: 'not plugged in time' },
      CANCELLED: 'cancelled',
    },
  },
};
