import { type FormEvent, useState } from 'react';
import type { PanelPoint } from '../../../messages/live-stream.ts';
import type { StoredThresholds, WeatherPlace } from '../../../messages/weather-api.ts';
import { useFormats } from '../../shared/i18n.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { errorText } from '../../shared/ui/answer-text.ts';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.tsx';
import { Field, FormError } from '../../shared/ui/field.tsx';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { PANEL, useMay } from '../session.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import { draftOf, previewOf, readDraft, type ThresholdDraft } from './threshold-draft.ts';
import styles from './weather.module.css';
import { weatherActions } from './weather-actions.ts';

type Draft = ThresholdDraft & { revision: number };

function Preview({ stopped, freed }: { stopped: readonly PanelPoint[]; freed: readonly PanelPoint[] }) {
  const { t } = useCentralTexts();
  if (stopped.length === 0 && freed.length === 0) return <>{t('clima.previewNone')}</>;
  return (
    <>
      {stopped.length > 0 ? (
        <strong>
          {t('clima.previewStops', { count: stopped.length })}: {stopped.map((one) => one.cpId).join(', ')}
        </strong>
      ) : null}
      {freed.length > 0 ? (
        <span>
          {t('clima.previewFrees', { count: freed.length })}: {freed.map((one) => one.cpId).join(', ')}
        </span>
      ) : null}
    </>
  );
}

/** Minimum and maximum (S-WEA-15): what they would do is said while they are typed, and asked before it is done. */
export function ThresholdForm(props: {
  thresholds: StoredThresholds;
  places: readonly WeatherPlace[];
  points: readonly PanelPoint[];
}) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const mayChange = useMay('operator');
  const offline = useBlockedReason(PANEL);
  const [draft, setDraft] = useState<Draft>();
  const [refusal, setRefusal] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [saved, setSaved] = useState<StoredThresholds>();
  const { thresholds, places, points } = props;
  // What was just saved is shown before the stream has it.
  const stored = saved !== undefined && saved.revision > thresholds.revision ? saved : thresholds;
  const shown = draft ?? { ...draftOf(stored), revision: stored.revision };
  const read = readDraft(shown);
  const preview = 'thresholds' in read ? previewOf(read.thresholds, places, points) : undefined;
  const wasChanged = draft !== undefined && !isBusy && draft.revision !== stored.revision;
  const type = (change: Partial<ThresholdDraft>) => setDraft({ ...shown, ...change });
  const save = async () => {
    if (!('thresholds' in read)) return;
    const sent = draft;
    setBusy(true);
    const answer = await weatherActions.saveThresholds({ ...read.thresholds, revision: shown.revision });
    setBusy(false);
    if (!answer.isOk) return setRefusal(errorText(t, answer));
    const { revision } = answer.body;
    setSaved(answer.body);
    // What was typed since then stays, as a change of what is stored now.
    setDraft((now) => (now === undefined || now === sent ? undefined : { ...now, revision }));
    setRefusal(undefined);
    say('good', t('clima.saved'));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (preview && preview.stopped.length > 0) setAsking(true);
    else void save();
  };
  const problem = 'problem' in read ? (read.problem === 'ORDER' ? t('clima.order') : t('clima.range')) : undefined;
  const blockedBy = mayChange ? (offline ?? problem) : t('clima.loginFirst');
  return (
    <form className={styles.thresholds} onSubmit={submit} noValidate>
      <Field label={t('clima.min')} value={shown.min} onChange={(min) => type({ min })} testId="threshold-min" />
      <Field label={t('clima.max')} value={shown.max} onChange={(max) => type({ max })} testId="threshold-max" />
      <div className={styles.save}>
        <ActionButton
          variant="primary"
          testId="threshold-save"
          blockedBy={blockedBy}
          showsReason={!mayChange}
          isBusy={isBusy}
          onClick={() => (preview && preview.stopped.length > 0 ? setAsking(true) : void save())}
        >
          {t('common.save')}
        </ActionButton>
      </div>
      <p className={styles.hint}>{t('clima.respected')}</p>
      <p className={styles.preview} role="status" data-testid="threshold-preview" data-stops={preview?.stopped.length}>
        {preview ? <Preview {...preview} /> : problem}
      </p>
      {wasChanged ? (
        <p className={styles.changed} data-testid="threshold-changed">
          {t('clima.changed', {
            min: formats.temperature(stored.minCc),
            max: formats.temperature(stored.maxCc),
          })}{' '}
          <ActionButton size="small" onClick={() => setDraft(undefined)} testId="threshold-reset">
            {t('clima.takeOver')}
          </ActionButton>
        </p>
      ) : null}
      {refusal ? <FormError>{refusal}</FormError> : null}
      {isAsking && preview ? (
        <ConfirmDialog
          ask={{
            title: t('clima.askTitle', { count: preview.stopped.length }),
            body: (
              <>
                <p>{preview.stopped.map((one) => one.cpId).join(', ')}</p>
                <p>{t('clima.respected')}</p>
              </>
            ),
            verb: t('clima.askVerb'),
            onConfirm: () => void save(),
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </form>
  );
}
