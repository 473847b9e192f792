import type { Static, TSchema } from 'typebox';
import { type Envelope, EnvelopeSchema } from '../../messages/envelope.ts';
import { compileCatalogue, parser, tolerant } from '../../messages/validators.ts';
import { newRandomId } from '../new-id.ts';

/** One of a conversation's messages, checked: the body fits its type. */
export type MessageOf<S extends Record<string, TSchema>> = {
  [K in keyof S & string]: { type: K; body: Static<S[K]>; id: string; correlationId?: string };
}[keyof S & string];

/** Why a message is not one of the conversation: told and audited, never used. */
export type MessageProblem = {
  type: undefined;
  problem: string;
  given: string;
  /** Whole, but of a type that only a newer version knows: no reason to close the line (ADR 0011). */
  isUnknownType?: true;
};

const parseEnvelope = parser(tolerant(EnvelopeSchema));

/** Makes the check for one direction of a conversation in frames; compile it once per process. */
export function messageReader<S extends Record<string, TSchema>>(
  catalogue: S,
): (raw: unknown) => MessageOf<S> | MessageProblem {
  const validators = compileCatalogue(catalogue);
  return (raw) => {
    const envelope = parseEnvelope(raw);
    if (!envelope) return { type: undefined, problem: 'not an envelope', given: '' };
    const { type, body, id, correlationId } = envelope;
    const validator = validators.get(type);
    if (!validator) return { type: undefined, problem: 'unknown type', given: type, isUnknownType: true };
    if (!validator.isValid(body)) return { type: undefined, problem: validator.complaint(body), given: type };
    // The validator of `type` has just said that `body` is of that type.
    return { type, body, id, correlationId } as MessageOf<S>;
  };
}

/** An envelope around a body, ready for `FrameConnection.send` or `sendBeat`. */
export function frameMessage(type: string, body: unknown, about: { nowMs: number; correlationId?: string }): Envelope {
  const { nowMs, correlationId } = about;
  return {
    id: newRandomId(),
    type,
    sentAtMs: Math.round(nowMs),
    ...(correlationId === undefined ? {} : { correlationId }),
    body,
  };
}
