import type { ManagedView } from './managed-process.ts';

type Seen = Pick<ManagedView, 'name' | 'state'> & Partial<Pick<ManagedView, 'lastEnd'>>;

const MOST_NAMED = 8;

/** What should run and does not yet; what a person has stopped is left alone. */
export function notReady<View extends Seen>(views: readonly View[]): View[] {
  return views.filter(({ state }) => state !== 'RUNNING' && state !== 'STOPPED' && state !== 'STOPPING');
}

/** Their names, the first of many. */
export function named(views: readonly Seen[]): string {
  const names = views.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = views.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

/**
 * What is said at the end of a start of what is not ready: which addresses did not answer (or why a process of this
 * computer ended), and that nobody has to do anything for it to go on. `notReached` are sentences `ADDRESS: REASON`.
 */
export function notReadySentence(views: readonly Seen[], notReached: readonly string[]): string {
  const ends = views.flatMap(({ name, lastEnd }) => (lastEnd === undefined ? [] : [`${name} ${lastEnd}`]));
  const why =
    notReached.length > 0
      ? `Not reached: ${byReason(notReached).join('; ')}`
      : ends.slice(0, MOST_NAMED).join('; ') || 'Every address that they need answers: ./ev logs NAME says more';
  return `not ready yet: ${named(views)}. ${why}. They go on trying by themselves: ./ev status shows when they run`;
}

/** Addresses that do not answer for one reason share it. */
function byReason(sentences: readonly string[]): string[] {
  const reasons = Map.groupBy(sentences, (sentence) => sentence.slice(sentence.indexOf(': ')));
  return [...reasons].map(
    ([reason, all]) => `${all.map((sentence) => sentence.slice(0, -reason.length)).join(', ')}${reason}`,
  );
}
