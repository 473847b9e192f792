import { Circle, CircleCheck, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { MonitorView } from '../../messages/live-stream.ts';
import { useFormats } from '../shared/i18n.ts';
import { useCodeText } from '../shared/ui/code-text.ts';
import { Card } from '../shared/ui/parts.tsx';
import styles from './monitor.module.css';
import { type MonitorStep, monitorSteps } from './monitor-steps.ts';
import { usePointTexts } from './texts/use-texts.ts';

const ICONS: Record<MonitorStep['status'], LucideIcon> = {
  DONE: CircleCheck,
  NOW: LoaderCircle,
  FAILED: CircleX,
  WAITING: Circle,
};

/** The way into the network as numbered steps: what is done, what is under way, where it stopped and why. */
export function StepsCard({ view }: { view: MonitorView }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const codeText = useCodeText();
  return (
    <Card label={t('point.steps.title')} testId="steps">
      <h2 className={styles.cardTitle}>{t('point.steps.title')}</h2>
      <ol className={styles.steps}>
        {monitorSteps(view).map(({ id, status, code, atMs }, place) => {
          const Icon = ICONS[status];
          return (
            <li key={id} className={styles.step} data-status={status} data-testid={`step-${id}`}>
              <Icon size={20} role="img" aria-label={t(`point.steps.status.${status}`)} />
              <span>
                {place + 1}. {t(`point.steps.${id}`)}
                {status === 'NOW' && id === 'INSTALLED' && !view.engine.isPaired ? ` · ${t('fault.NO_ENGINE')}` : ''}
                {code === undefined ? '' : `: ${codeText('point.refusal', code, {})}`}
              </span>
              {atMs === undefined ? null : <time title={formats.dateTime(atMs)}>{formats.time(atMs)}</time>}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
