import { HttpUnreachable } from '../io/http/client.ts';
import { ApiRefused } from './api-client.ts';
import type { DriverPerson } from './network-driver.ts';
import type { PointHands } from './network-point.ts';
import { untilAsked } from './until.ts';

/** A driver at a charging point: what they do goes on whatever is killed around them. */
export type Pair = { driver: DriverPerson; point: PointHands };

/** How one supply went for its person. */
export type LivedSupply = {
  supplyId: string | undefined;
  /** The no that the request was answered with. */
  refusal: string | undefined;
  /** From the unplugging (or the end that came before it) to the ticket on the page. */
  ticketAfterMs: number | undefined;
};

/** Nobody waits longer than this for one step: something is broken then. */
const STEP_WITHIN_MS = 90_000;

/**
 * One supply as a patient person lives it: asks, plugs when told to, waits, unplugs, reads the ticket. What cannot be done
 * now (a process is away) is tried again, as people press a button again; nothing else is done to help the network. The car
 * stays plugged in until what `onCharging` promises has happened.
 */
export async function liveOneSupply(
  { driver, point }: Pair,
  plan: { chargeMs: number; onCharging?: () => Promise<void> },
): Promise<LivedSupply> {
  const requestId = crypto.randomUUID();
  await tryAgain('the request is taken', () => driver.request(point.cpId, requestId));
  const answer = await driver.answer(requestId);
  if ('code' in answer) return { supplyId: undefined, refusal: answer.code, ticketAfterMs: undefined };
  const { supplyId } = answer;
  const hasTicket = (): boolean =>
    Object.values(driver.live.collection<{ supplyId: string }>('me', 'tickets')).some(
      (one) => one.supplyId === supplyId,
    );
  const wasRefused = (): boolean => driver.me()?.lastRefusal?.requestId === requestId;
  const isOver = (): boolean => hasTicket() || wasRefused();

  await untilAsked(
    `${point.cpId} takes the plug or the supply ends`,
    async () => isOver() || isDone(() => point.plug()),
    STEP_WITHIN_MS,
  );
  const happened = isOver() ? undefined : plan.onCharging?.();
  const unplugAtMs = performance.now() + plan.chargeMs;
  await untilAsked(
    'it has charged for its time',
    () => isOver() || performance.now() >= unplugAtMs,
    plan.chargeMs + 1_000,
  );
  await happened;
  await untilAsked(
    `${point.cpId} lets the car go`,
    async () => isOver() || isDone(async () => point.unplug().catch(unlessNothingIsPlugged)),
    STEP_WITHIN_MS,
  );
  const unpluggedAtMs = performance.now();
  await untilAsked(`${driver.driverId} has an answer for ${supplyId}`, isOver, STEP_WITHIN_MS);
  const ticketAfterMs = performance.now() - unpluggedAtMs;
  if (hasTicket()) return { supplyId, refusal: undefined, ticketAfterMs };
  return { supplyId, refusal: driver.me()?.lastRefusal?.refusal.code ?? 'UNKNOWN', ticketAfterMs: undefined };
}

function tryAgain(name: string, work: () => Promise<unknown>): Promise<void> {
  return untilAsked(name, () => isDone(work), STEP_WITHIN_MS);
}

/** True once it is done; false while a server is away, or the point cannot do it yet. */
async function isDone(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof HttpUnreachable) return false;
    if (error instanceof ApiRefused && (error.status >= 500 || error.status === 409)) return false;
    throw error;
  }
}

// The engine has ended the supply by itself: the car is free.
function unlessNothingIsPlugged(error: unknown): void {
  if (!(error instanceof ApiRefused) || error.status !== 409) throw error;
}
