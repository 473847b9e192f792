import { useId, useState } from 'react';
import type { EngineView } from '../../messages/live-stream.ts';
import type { SimulationChange } from '../../messages/local-apis.ts';
import { duration } from '../shared/format.ts';
import { useLinkLevel, useUpstream } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { Fact, Facts } from '../shared/ui/facts.tsx';
import { say } from '../shared/ui/toasts.tsx';
import { ENGINE, engineActions } from './actions.ts';
import { ActivityLog } from './activity-log.tsx';
import styles from './engine.module.css';
import { keyFingerprint } from './key-fingerprint.ts';
import { usePointTexts } from './texts/use-texts.ts';

const SPEEDS = [1, 2, 5, 10, 30, 60];
const PLUG_AFTER_MS = [0, 1_000, 2_000, 5_000, 10_000, 30_000];
const UNPLUG_AFTER_MS = [0, 10_000, 20_000, 30_000, 60_000, 120_000, 600_000];

/** The choices, and the value of now if a setting gave another. */
function withCurrent(choices: readonly number[], value: number): number[] {
  return [...new Set([...choices, value])].sort((a, b) => a - b);
}

function Choice(props: {
  label: string;
  testId: string;
  value: number;
  choices: readonly number[];
  word(value: number): string;
  isDisabled: boolean;
  onChange(value: number): void;
}) {
  const id = useId();
  return (
    <div className={styles.choice}>
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        data-testid={props.testId}
        value={props.value}
        disabled={props.isDisabled}
        onChange={(event) => props.onChange(Number(event.target.value))}
      >
        {withCurrent(props.choices, props.value).map((value) => (
          <option key={value} value={value}>
            {props.word(value)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Switches of the simulation; the engine answers by showing what it took over. */
function Simulation({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const level = useLinkLevel();
  const isGone = useUpstream(ENGINE)?.isEngineReachable === false;
  const [isBusy, setBusy] = useState(false);
  const { speed, autoPlugMs, autoUnplugMs, isLinkCut } = view.simulation;
  const blockedBy =
    level !== 'LIVE' ? t('conn.actionOffline') : isGone ? t('error.code.ENGINE_UNREACHABLE') : undefined;
  const change = async (what: SimulationChange) => {
    setBusy(true);
    const answer = await engineActions.simulate(what);
    setBusy(false);
    if (!answer.isOk) say('error', errorText(t, answer));
  };
  const isDisabled = blockedBy !== undefined;
  const after = (key: 'autoPlugMs' | 'autoUnplugMs') => (ms: number) =>
    ms === 0 ? t('point.simulation.byHand') : t(`point.simulation.${key}After`, { t: duration(ms) });
  return (
    <fieldset className={styles.switches} aria-label={t('point.simulation.title')}>
      <Choice
        label={t('point.simulation.speedLabel')}
        testId="simulation-speed"
        value={speed}
        choices={SPEEDS}
        word={(value) => `×${value}`}
        isDisabled={isDisabled}
        onChange={(value) => void change({ speed: value })}
      />
      <Choice
        label={t('point.simulation.autoPlug')}
        testId="simulation-plug"
        value={autoPlugMs}
        choices={PLUG_AFTER_MS}
        word={after('autoPlugMs')}
        isDisabled={isDisabled}
        onChange={(value) => void change({ autoPlugMs: value })}
      />
      <Choice
        label={t('point.simulation.autoUnplug')}
        testId="simulation-unplug"
        value={autoUnplugMs}
        choices={UNPLUG_AFTER_MS}
        word={after('autoUnplugMs')}
        isDisabled={isDisabled}
        onChange={(value) => void change({ autoUnplugMs: value })}
      />
      <ActionButton
        testId="simulation-link"
        variant={isLinkCut ? 'primary' : 'plain'}
        blockedBy={blockedBy}
        isBusy={isBusy}
        onClick={() => void change({ isLinkCut: !isLinkCut })}
      >
        {isLinkCut ? t('point.simulation.mendLink') : t('point.simulation.cutLink')}
      </ActionButton>
    </fieldset>
  );
}

/** For the technician: what is simulated, what the engine knows of the rest, and its log. */
export function TechnicalPanel({ view }: { view: EngineView }) {
  const { t } = usePointTexts();
  const mark = (isGood: boolean) => (isGood ? t('common.yes') : t('common.no'));
  return (
    <details className={`${styles.technical} no-print`} data-testid="technical">
      <summary>{t('point.technical')}</summary>
      <Simulation view={view} />
      <Facts>
        <Fact name={t('point.fact.monitor')}>{mark(view.isMonitorPresent)}</Fact>
        <Fact name={t('point.fact.central')}>{mark(view.isCentralReachable)}</Fact>
        <Fact name={t('point.fact.channel')}>{mark(view.isChannelUp)}</Fact>
        <Fact name={t('point.fingerprint')}>
          {view.keyId ? <code>{keyFingerprint(view.keyId)}</code> : t('point.keyState.NONE')}
        </Fact>
        <Fact name={t('point.fact.journal')}>{mark(view.isJournalWritable)}</Fact>
        <Fact name={t('point.fact.unacknowledged')} testId="unacknowledged">
          {view.unacknowledgedCount}
        </Fact>
      </Facts>
      <ActivityLog lines={view.log} fileName={`engine-${view.cpId ?? ''}.txt`} />
    </details>
  );
}
