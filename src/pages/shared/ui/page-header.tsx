import type { ReactNode } from 'react';
import { Brand, LanguageSwitch, LivePill, ThemeButton } from './chrome.tsx';
import styles from './page-header.module.css';

type Props = {
  title: ReactNode;
  /** What else belongs here (ways to other pages, who is signed in): beside the title, beneath it on a phone. */
  children?: ReactNode;
  /** False while there is no live stream to speak of. */
  isLive?: boolean;
};

/** Head of a page: what it is, how fresh its data are, and the reader's own choices. */
export function PageHeader({ title, children, isLive = true }: Props) {
  return (
    <header className={`${styles.header} no-print`}>
      <Brand isMarkOnly />
      <div className={styles.title}>
        <h1>{title}</h1>
        {isLive ? <LivePill /> : null}
      </div>
      {children ? <div className={styles.more}>{children}</div> : null}
      <LanguageSwitch />
      <ThemeButton />
    </header>
  );
}
