import type { PointState } from '../domain/vocabulary.ts';

/** The description's Spanish values, mapped once at the edge (D-02). */
export const SPANISH_POINT_STATES = {
  ACTIVADO: 'AVAILABLE',
  SUMINISTRANDO: 'CHARGING',
  FUERA_DE_SERVICIO: 'OUT_OF_SERVICE',
  PARADO: 'OUT_OF_SERVICE',
  AVERIADO: 'FAULTED',
  DESCONECTADO: 'DISCONNECTED',
} as const satisfies Record<string, PointState>;
export type SpanishState = keyof typeof SPANISH_POINT_STATES;
export const SPANISH_STATE_NAMES = Object.keys(SPANISH_POINT_STATES) as SpanishState[];

/** What a PATCH may ask for: only these two can be ordered, the rest are facts (protocol 8). */
export function orderedStateFromSpanish(estado: string): 'AVAILABLE' | 'OUT_OF_SERVICE' | undefined {
  const name = estado.trim().toUpperCase().replaceAll(' ', '_');
  const state = Object.hasOwn(SPANISH_POINT_STATES, name) ? SPANISH_POINT_STATES[name as SpanishState] : undefined;
  return state === 'AVAILABLE' || state === 'OUT_OF_SERVICE' ? state : undefined;
}
