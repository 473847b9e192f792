import { decideEngine } from '../domain/engine-decide.ts';
import { restartEngine } from '../domain/engine-journal.ts';
import { decideSupply } from '../domain/supply-decide.ts';
import { reconcileHello } from '../domain/supply-hello.ts';
import { requestSupply } from '../domain/supply-request.ts';

/** The pure rules that the model drives, and the shell's promises; a mutation replaces one of them. */
export interface ModelRules {
  readonly decideEngine: typeof decideEngine;
  readonly restartEngine: typeof restartEngine;
  readonly decideSupply: typeof decideSupply;
  readonly reconcileHello: typeof reconcileHello;
  readonly requestSupply: typeof requestSupply;
  /** Offsets are committed after the work (F-12). */
  readonly isOffsetCommittedFirst: boolean;
  /** Messages leave after the commit that decided them, from the outbox. */
  readonly isSentBeforeCommit: boolean;
  /** An outbox row is deleted after its send. */
  readonly isOutboxKept: boolean;
  /** `isDurable` entries are synced before the next effect. */
  readonly isJournalSynced: boolean;
}

/** The rules as they are. */
export const REAL_RULES: ModelRules = {
  decideEngine,
  restartEngine,
  decideSupply,
  reconcileHello,
  requestSupply,
  isOffsetCommittedFirst: false,
  isSentBeforeCommit: false,
  isOutboxKept: true,
  isJournalSynced: true,
};
