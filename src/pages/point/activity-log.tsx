import type { EngineView } from '../../messages/live-stream.ts';
import { useFormats } from '../shared/i18n.ts';
import { useCodeText } from '../shared/ui/code-text.ts';
import { Empty, SCROLLED_BY_KEYS } from '../shared/ui/parts.tsx';
import styles from './point.module.css';
import { usePointTexts } from './texts/use-texts.ts';

type Line = EngineView['log'][number];

/** What happened here, newest first. */
export function ActivityLog({ lines }: { lines: readonly Line[] }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const codeText = useCodeText();
  const newestFirst = lines.map((line, place) => ({ line, place })).reverse();
  return (
    <section aria-label={t('point.log')} data-testid="log">
      <h2 className={styles.cardTitle}>{t('point.log')}</h2>
      {lines.length === 0 ? <Empty>{t('point.logEmpty')}</Empty> : null}
      <ol className={styles.log} {...SCROLLED_BY_KEYS}>
        {newestFirst.map(({ line, place }) => (
          <li key={`${line.atMs} ${place}`}>
            <time className="muted" dateTime={new Date(line.atMs).toISOString()} title={formats.dateTime(line.atMs)}>
              {formats.time(line.atMs)}
            </time>{' '}
            {codeText('log', line.code, line.params)}
          </li>
        ))}
      </ol>
    </section>
  );
}
