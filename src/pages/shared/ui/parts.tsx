import type { ReactNode } from 'react';
import styles from './ui.module.css';

/** For a part that scrolls by itself: without the focus no keyboard reaches what is further down. */
export const SCROLLED_BY_KEYS = { tabIndex: 0 };

export function Card(props: { children: ReactNode; testId?: string; label?: string }) {
  return (
    <section className={styles.card} data-testid={props.testId} aria-label={props.label}>
      {props.children}
    </section>
  );
}

/** A list that is empty says why. */
export function Empty({ children, testId }: { children: ReactNode; testId?: string }) {
  return (
    <div className={styles.empty} data-testid={testId}>
      {children}
    </div>
  );
}

/** One large figure with its name. */
export function Figure(props: { name: string; value: string; testId?: string }) {
  return (
    <div className={styles.figure}>
      <dt>{props.name}</dt>
      <dd data-testid={props.testId}>{props.value}</dd>
    </div>
  );
}

/** The shape of what comes; `isCodeComing`: of a part whose code is on its way. */
export function Skeletons({ count, isCodeComing }: { count: number; isCodeComing?: boolean }) {
  return Array.from({ length: count }, (_, place) => place).map((place) => (
    <div
      key={place}
      className={styles.skeleton}
      aria-hidden="true"
      data-testid={isCodeComing ? 'part-coming' : undefined}
    />
  ));
}

export function Chip({ children, testId }: { children: ReactNode; testId?: string }) {
  return (
    <span className={styles.chip} data-testid={testId}>
      {children}
    </span>
  );
}
