import type { ReactNode } from 'react';
import styles from './facts.module.css';

/** Names with their values, one beneath the other. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

/** One of them. */
export function Fact({ name, children, testId }: { name: string; children: ReactNode; testId?: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </>
  );
}
