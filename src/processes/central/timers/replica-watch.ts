import type { Audit } from '../../../io/audit/audit.ts';
import { error as errors } from '../../../io/audit/audit-events.ts';
import type { Replica, SeenReplica } from '../../../io/postgres/central-replicas.ts';
import { replicaName } from '../../../io/postgres/central-replicas.ts';
import type { NewPanelMessage } from '../../../messages/shown-codes.ts';

type Parts = { audit: Audit; own: Replica; say(message: NewPanelMessage): void };

/** Tells which Centrals came and went, as this one sees it by their heartbeats (protocol 6). */
export class ReplicaWatch {
  readonly #parts: Parts;
  /** Name by id of those that live. */
  #living = new Map<string, string>();
  #isFirst = true;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What the newest heartbeat found: all that live or lived within the hour. */
  note(replicas: readonly SeenReplica[]): void {
    const living = new Map(
      replicas.filter((one) => one.isAlive).map((one) => [one.replicaId, replicaName(one)] as const),
    );
    const known = new Set(replicas.map((one) => one.replicaId));
    for (const [replicaId, name] of living) {
      // Whoever has just started tells of itself only: the others were there before it.
      const isNews = this.#isFirst ? replicaId === this.#parts.own.replicaId : !this.#living.has(replicaId);
      if (isNews) this.#say('info', 'CENTRAL_STARTED', name);
    }
    const names = new Set(living.values());
    for (const [replicaId, name] of this.#living) {
      // A successor at its place has said already that it runs.
      if (living.has(replicaId) || names.has(name)) continue;
      if (known.has(replicaId)) this.#lost(name);
      else this.#say('info', 'CENTRAL_STOPPED', name);
    }
    this.#living = living;
    this.#isFirst = false;
  }

  #lost(name: string): void {
    this.#parts.audit.record(errors.connectionFailed({ entity: 'central' }, { target: name, cause: 'no heartbeat' }));
    this.#say('error', 'CENTRAL_GONE', name);
  }

  #say(level: 'info' | 'error', code: 'CENTRAL_STARTED' | 'CENTRAL_STOPPED' | 'CENTRAL_GONE', name: string): void {
    this.#parts.say({ level, source: 'central', code, params: { name } });
  }
}
