import type { ConsoleLanguage } from './language.ts';

const en = {
  refused: 'refused',
  failed: 'failed',
  givenUp: 'given up',
  quit: 'quit',
  messages: 'messages sent and received',
  messagesOn: 'messages are shown; M again hides them',
  messagesOff: 'messages are hidden',
  yes: 'yes',
  no: 'no',
  none: 'none',
};

/** Words that every console uses. Codes are the field's own and stay as they are. */
export const CONSOLE_WORDS: Readonly<Record<ConsoleLanguage, typeof en>> = {
  en,
  es: {
    refused: 'rechazado',
    failed: 'ha fallado',
    givenUp: 'se deja',
    quit: 'salir',
    messages: 'mensajes enviados y recibidos',
    messagesOn: 'se muestran los mensajes; M los oculta',
    messagesOff: 'los mensajes están ocultos',
    yes: 'sí',
    no: 'no',
    none: 'ninguno',
  },
};
