import type { PointState } from '../domain/vocabulary.ts';

/** The description's Spanish values, mapped once at the edge (D-02). */
export const SPANISH_POINT_STATES: Readonly<Record<string, PointState>> = {
  ACTIVADO: 'AVAILABLE',
  SUMINISTRANDO: 'CHARGING',
  FUERA_DE_SERVICIO: 'OUT_OF_SERVICE',
  PARADO: 'OUT_OF_SERVICE',
  AVERIADO: 'FAULTED',
  DESCONECTADO: 'DISCONNECTED',
};

/** What a PATCH may ask for: only these two can be ordered, the rest are facts (protocol 8). */
export function orderedStateFromSpanish(estado: string): 'AVAILABLE' | 'OUT_OF_SERVICE' | undefined {
  const state = SPANISH_POINT_STATES[estado.trim().toUpperCase().replaceAll(' ', '_')];
  return state === 'AVAILABLE' || state === 'OUT_OF_SERVICE' ? state : undefined;
}
