import { ShieldAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './parts.module.css';

/** Something about one's own charge that must be heard at once. */
export function Notice({ children, testId }: { children: ReactNode; testId: string }) {
  return (
    <p className={styles.notice} role="alert" data-testid={testId}>
      <ShieldAlert size={20} aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}
