import type { MonitorView } from '../../messages/live-stream.ts';
import styles from './monitor.module.css';
import { usePointTexts } from './texts/use-texts.ts';

type Cell = MonitorView['engine']['strip'][number];

const CELLS = 60;
/** Full for an answer, half for a KO, low for silence: told by shape as well as by colour. */
const HEIGHT: Record<Cell, number> = { OK: 24, KO: 14, MISSED: 6 };

/** The last minute of health questions, oldest first. */
export function HealthStrip({ strip }: { strip: readonly Cell[] }) {
  const { t } = usePointTexts();
  const good = strip.filter((cell) => cell === 'OK').length;
  const cells = strip.map((cell, place) => ({ cell, place }));
  return (
    <div>
      <svg
        className={styles.strip}
        viewBox={`0 0 ${CELLS * 10} 24`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('point.strip', { good, all: strip.length })}
        data-testid="strip"
      >
        {cells.map(({ cell, place }) => (
          <rect
            key={place}
            x={(CELLS - strip.length + place) * 10}
            y={24 - HEIGHT[cell]}
            width={8}
            height={HEIGHT[cell]}
            data-cell={cell}
          />
        ))}
      </svg>
      <div className={styles.stripFoot} aria-hidden="true">
        <span>−60 s</span>
        <span className={styles.legend}>
          {(['OK', 'KO', 'MISSED'] as const).map((cell) => (
            <span key={cell}>
              <svg width="8" height="12" viewBox="0 0 8 24" className={styles.stripKey} aria-hidden="true">
                <rect y={24 - HEIGHT[cell]} width={8} height={HEIGHT[cell]} data-cell={cell} />
              </svg>
              {t(`point.cell.${cell}`)}
            </span>
          ))}
        </span>
        <span>{t('point.now')}</span>
      </div>
    </div>
  );
}
