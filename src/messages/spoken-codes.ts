import type { EndReason, RefusalCode } from '../domain/vocabulary.ts';

/**
 * Words for codes that pages, consoles and ticket files all speak; what only the pages say is in their folders `texts`.
 * Domain codes themselves stay English (D-01).
 */
type Spoken<Code extends string> = Readonly<Record<'es' | 'en', Readonly<Record<Code, string>>>>;

/** How a charge ended (D-06), as the end of a sentence. */
export const END_REASON_WORDS: Spoken<EndReason> = {
  es: {
    UNPLUGGED: 'desenchufado',
    DRIVER_STOP: 'por el usuario',
    LOCAL_STOP: 'en el punto',
    OPERATOR_STOP: 'por la Central',
    FAULT: 'por avería',
    ENGINE_RESTART: 'por reinicio del punto',
    KEY_REVOKED: 'por clave revocada',
    MONITOR_LOSS: 'sin supervisión',
    PLUG_TIMEOUT: 'no se enchufó a tiempo',
    CANCELLED: 'cancelada',
  },
  en: {
    UNPLUGGED: 'unplugged',
    DRIVER_STOP: 'by the user',
    LOCAL_STOP: 'at the point',
    OPERATOR_STOP: 'by Central',
    FAULT: 'by a fault',
    ENGINE_RESTART: 'by a restart of the point',
    KEY_REVOKED: 'by a revoked key',
    MONITOR_LOSS: 'unsupervised',
    PLUG_TIMEOUT: 'not plugged in time',
    CANCELLED: 'cancelled',
  },
};

/** Why a request was refused (protocol 4). */
export const REFUSAL_WORDS: Spoken<RefusalCode> = {
  es: {
    CP_UNKNOWN: 'No existe ese punto',
    CP_BUSY: 'El punto está ocupado',
    CP_DISCONNECTED: 'Sin conexión con el punto',
    CP_FAULTED: 'El punto está averiado',
    CP_OUT_OF_SERVICE: 'El punto está fuera de servicio',
    DRIVER_BUSY: 'Ya tienes una recarga en curso',
    DRIVER_UNKNOWN: 'Usuario no dado de alta',
    NOT_LOGGED_IN: 'La sesión ha terminado: entra otra vez',
    REQUEST_EXPIRED: 'Sin respuesta a tiempo: la solicitud ha caducado',
    POINT_NO_ANSWER: 'El punto no responde',
    POINT_DECLINED: 'El punto ha rechazado la solicitud',
    CANCELLED: 'Solicitud cancelada',
    NO_BALANCE: 'Saldo insuficiente',
    SERVICE_UNAVAILABLE: 'Servicio no disponible',
  },
  en: {
    CP_UNKNOWN: 'No such point',
    CP_BUSY: 'The point is in use',
    CP_DISCONNECTED: 'The point is offline',
    CP_FAULTED: 'The point is faulted',
    CP_OUT_OF_SERVICE: 'The point is out of order',
    DRIVER_BUSY: 'You already have a charge',
    DRIVER_UNKNOWN: 'Unknown user',
    NOT_LOGGED_IN: 'Your session has ended: sign in again',
    REQUEST_EXPIRED: 'No answer in time: the request has expired',
    POINT_NO_ANSWER: 'The point does not answer',
    POINT_DECLINED: 'The point declined the request',
    CANCELLED: 'Request cancelled',
    NO_BALANCE: 'Not enough balance',
    SERVICE_UNAVAILABLE: 'Service unavailable',
  },
};
