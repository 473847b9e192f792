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
};

/** Words of the ticket files. */
export const TICKET_WORDS: Readonly<Record<DocumentLanguage, TicketWords>> = {
  es: {
    ...{ locale: 'es-ES', title: 'Ticket de recarga', point: 'Punto', driver: 'Conductor', anonymous: 'Anónimo' },
    ...{ start: 'Inicio', requested: 'Solicitud', end: 'Fin', duration: 'Duración', energy: 'Energía' },
    ...{ tariff: 'Tarifa', total: 'TOTAL', endReason: 'Motivo', final: 'DEFINITIVO', estimated: 'ESTIMADO' },
    ...{ corrects: 'Corrige el ticket', zone: 'Zona horaria' },
  },
  en: {
    ...{ locale: 'en-GB', title: 'Charging ticket', point: 'Point', driver: 'Driver', anonymous: 'Anonymous' },
    ...{ start: 'Start', requested: 'Requested', end: 'End', duration: 'Duration', energy: 'Energy' },
    ...{ tariff: 'Tariff', total: 'TOTAL', endReason: 'Reason', final: 'FINAL', estimated: 'ESTIMATED' },
    ...{ corrects: 'Corrects ticket', zone: 'Time zone' },
  },
};
