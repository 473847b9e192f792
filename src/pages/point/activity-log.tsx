import { CircleX, Download, Info, type LucideIcon, Pause, Play, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { downloadText } from '../shared/download-text.ts';
import { useFormats } from '../shared/i18n.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { useCodeText } from '../shared/ui/code-text.ts';
import { Empty, SCROLLED_BY_KEYS } from '../shared/ui/parts.tsx';
import styles from './activity-log.module.css';
import { LOG_LEVELS, type LogLevel, type LogLine, levelOf, newerCount, shownLines } from './log-lines.ts';
import { usePointTexts } from './texts/use-texts.ts';

const ICONS: Record<LogLevel, LucideIcon> = { info: Info, warn: TriangleAlert, error: CircleX };

/** Lines as a file's text, oldest first. */
function useFileText(): (lines: readonly LogLine[]) => string {
  const codeText = useCodeText();
  return (lines) =>
    lines
      .map(
        ({ atMs, code, params }) =>
          `${new Date(atMs).toISOString()} ${levelOf(code)} ${codeText('log', code, params)}\n`,
      )
      .join('');
}

/** What happened here, newest first: may be paused while it is read, filtered by level, and taken away as a file. */
export function ActivityLog({ lines, fileName }: { lines: readonly LogLine[]; fileName: string }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const codeText = useCodeText();
  const fileText = useFileText();
  const levelId = useId();
  const [least, setLeast] = useState<LogLevel>('info');
  const [frozen, setFrozen] = useState<readonly LogLine[]>();
  const shown = shownLines(frozen ?? lines, least);
  const missed = frozen ? newerCount(lines, frozen) : 0;
  return (
    <section aria-label={t('point.log')} data-testid="log">
      <div className={styles.head}>
        <h2>{t('point.log')}</h2>
        <ActionButton size="small" testId="log-pause" onClick={() => setFrozen(frozen ? undefined : lines)}>
          {frozen ? <Play size={16} aria-hidden="true" /> : <Pause size={16} aria-hidden="true" />}
          {frozen ? t('point.logTools.resume', { n: missed }) : t('point.logTools.pause')}
        </ActionButton>
        <label htmlFor={levelId} className="visually-hidden">
          {t('point.logTools.levelLabel')}
        </label>
        <select
          id={levelId}
          data-testid="log-level"
          value={least}
          onChange={(event) => setLeast(LOG_LEVELS.find((level) => level === event.target.value) ?? 'info')}
        >
          {LOG_LEVELS.map((level) => (
            <option key={level} value={level}>
              {t(`point.logTools.from.${level}`)}
            </option>
          ))}
        </select>
        <ActionButton
          size="small"
          testId="log-download"
          onClick={() => downloadText({ name: fileName, text: fileText(lines) })}
        >
          <Download size={16} aria-hidden="true" /> {t('point.logTools.download')}
        </ActionButton>
      </div>
      {shown.length === 0 ? <Empty>{t('point.logEmpty')}</Empty> : null}
      <ol className={styles.log} {...SCROLLED_BY_KEYS}>
        {shown.map(({ line, key }) => {
          const level = levelOf(line.code);
          const Icon = ICONS[level];
          return (
            <li key={key} data-level={level}>
              <Icon size={16} role="img" aria-label={t(`point.logTools.level.${level}`)} />
              <time dateTime={new Date(line.atMs).toISOString()} title={formats.dateTime(line.atMs)}>
                {formats.time(line.atMs)}
              </time>
              <span>{codeText('log', line.code, line.params)}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
