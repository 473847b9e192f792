import { FlaskConical } from 'lucide-react';
import type { OpenSupplyState } from '../../domain/vocabulary.ts';
import type { EngineView } from '../../messages/live-stream.ts';
import { useFormats } from '../shared/i18n.ts';
import { STATE_ICONS } from '../shared/state-look.ts';
import styles from './engine.module.css';
import { bandState, type Situation, simulationParts, situationOf } from './engine-situation.ts';
import { usePointTexts } from './texts/use-texts.ts';
import { useTemperature } from './use-temperature.ts';

/** A busy point says what it waits for. */
const PHASE_WORDS: Partial<Record<Situation, OpenSupplyState>> = {
  ASKING: 'REQUESTED',
  PLUG: 'PREPARING',
  CLOSING: 'ENDING',
};

function useBandWord(view: EngineView): string {
  const { t } = usePointTexts();
  const state = bandState(view);
  const situation = situationOf(view);
  if (state === 'CHARGING' && situation === 'CHARGING') return t('state.panel.CHARGING');
  if (state === 'CHARGING' && situation !== 'IDLE') return t(`phase.${PHASE_WORDS[situation] ?? 'CHARGING'}`);
  return t(`state.driver.${state}`);
}

/** "SIMULACIÓN ×10": permanent while anything is simulated. */
export function SimulationMark({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const parts = simulationParts(view);
  if (parts.length === 0) return null;
  const words = parts.filter((part) => part !== 'SPEED').map((part) => t(`point.simulation.part.${part}`));
  return (
    <p className={styles.simulation} data-testid="simulation-mark">
      <FlaskConical size={20} aria-hidden="true" />
      <span>
        {parts.includes('SPEED')
          ? t('point.simulation.speed', { n: view.simulation.speed })
          : t('point.simulation.mark')}
        {words.length > 0 ? ` · ${words.join(' · ')}` : ''}
      </span>
    </p>
  );
}

/** The state in its colour, to be read across a car park; whose point it is, what it costs, and the temperature there (ux 3.3). */
export function EngineBand({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const formats = useFormats();
  const state = bandState(view);
  const Icon = STATE_ICONS[state];
  const word = useBandWord(view);
  const temperature = useTemperature();
  const facts = [
    view.zone,
    view.maxPowerW === undefined ? undefined : formats.power(view.maxPowerW),
    view.priceE4PerKwh === undefined ? undefined : formats.price(view.priceE4PerKwh),
    temperature,
  ].filter((fact) => fact !== undefined);
  return (
    <section className={styles.band} data-state={state} data-testid="band" aria-label={t('point.state')}>
      <Icon size={64} aria-hidden="true" />
      <p className={styles.bandState} role="status" data-testid="band-state">
        {word}
      </p>
      <div className={styles.bandFacts}>
        <strong>{view.cpId ?? '–'}</strong>
        <span data-testid="band-facts">{facts.join(' · ')}</span>
        <span>{view.address ? `${view.address}, ${view.city ?? ''}` : ''}</span>
      </div>
    </section>
  );
}
