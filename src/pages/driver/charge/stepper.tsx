import { Check, CircleX, LoaderCircle } from 'lucide-react';
import { useFormats } from '../../shared/i18n.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import type { Step } from './charge-view.ts';
import styles from './stepper.module.css';

function StepMark({ step, place }: { step: Step; place: number }) {
  if (step.status === 'DONE') return <Check size={18} aria-hidden="true" />;
  if (step.status === 'FAILED') return <CircleX size={18} aria-hidden="true" />;
  if (step.status === 'NOW') return <LoaderCircle size={18} className={styles.turning} aria-hidden="true" />;
  return <span aria-hidden="true">{place}</span>;
}

/** The five steps of a charge; each that is done keeps its time. */
export function Stepper({ steps }: { steps: readonly Step[] }) {
  const { t } = useDriverTexts();
  const formats = useFormats();
  return (
    <ol className={styles.stepper} data-testid="stepper">
      {steps.map((step, index) => (
        <li
          key={step.name}
          data-status={step.status}
          data-testid={`step-${step.name}`}
          aria-current={step.status === 'NOW' ? 'step' : undefined}
        >
          <span className={styles.mark}>
            <StepMark step={step} place={index + 1} />
          </span>
          <span className={styles.name}>
            {t(step.status === 'FAILED' ? `driver.stepFailed.${step.name}` : `driver.step.${step.name}`)}
          </span>
          <span className={styles.time}>{step.atMs ? formats.time(step.atMs) : ''}</span>
        </li>
      ))}
    </ol>
  );
}
