import { CircleCheck, CircleX, FileText, Play, TriangleAlert } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import {
  type BatchTextLine,
  MAX_BATCH_CHARACTERS,
  MAX_BATCH_LINES,
  readBatchText,
} from '../../../domain/batch-text.ts';
import type { PointCard } from '../../../messages/entities.ts';
import { useCollection } from '../../shared/live/live-store.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { errorText } from '../../shared/ui/answer-text.ts';
import { FormError } from '../../shared/ui/field.tsx';
import { useBlockedReason } from '../../shared/ui/freshness-bar.tsx';
import { Card } from '../../shared/ui/parts.tsx';
import { startBatch } from '../actions.ts';
import parts from '../parts.module.css';
import { type FailedAnswer, POINTS } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import styles from './batch.module.css';
import { checkOf } from './batch-summary.ts';

const DRAFT_KEY = 'ev.batchDraft';

/** The list as typed so far: a reload does not lose it. */
function useDraft(): [string, (text: string) => void] {
  const [draft, setDraft] = useState(() => sessionStorage.getItem(DRAFT_KEY) ?? '');
  return [
    draft,
    (text) => {
      sessionStorage.setItem(DRAFT_KEY, text);
      setDraft(text);
    },
  ];
}

function PreviewLine({ line }: { line: BatchTextLine }) {
  const { t } = useDriverTexts();
  const point = useCollection<PointCard>(POINTS, 'points')[line.text];
  const check = line.isValid ? checkOf(point) : 'INVALID';
  const Icon = check === 'FREE' ? CircleCheck : check === 'INVALID' ? CircleX : TriangleAlert;
  return (
    <tr data-check={check} data-testid={`preview-${line.line}`}>
      <td>{line.line}</td>
      <td className={styles.id}>{line.text}</td>
      <td>
        <span className={styles.check}>
          <Icon size={18} aria-hidden="true" /> {t(`batch.check.${check}`)}
        </span>
      </td>
    </tr>
  );
}

function Preview({ lines, blankCount }: { lines: BatchTextLine[]; blankCount: number }) {
  const { t } = useDriverTexts();
  const bad = lines.filter((line) => !line.isValid);
  return (
    <div className={parts.stack} data-testid="batch-preview">
      {bad.length > 0 ? (
        <FormError>{t('batch.badLines', { lines: bad.map(({ line }) => line).join(', ') })}</FormError>
      ) : null}
      <table className={styles.preview}>
        <caption className="visually-hidden">{t('batch.preview')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('batch.line')}</th>
            <th scope="col">{t('ticket.point')}</th>
            <th scope="col">{t('batch.checked')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <PreviewLine key={line.line} line={line} />
          ))}
        </tbody>
      </table>
      {blankCount > 0 ? <p className="muted">{t('batch.blank', { count: blankCount })}</p> : null}
    </div>
  );
}

function FilePicker({ onText }: { onText(text: string): void }) {
  const { t } = useDriverTexts();
  const id = useId();
  const [isOver, setOver] = useState(false);
  const [problem, setProblem] = useState<'BATCH_NOT_TEXT' | 'BATCH_TOO_LONG'>();
  const take = async (file: File | undefined) => {
    if (!file) return;
    const isText = /\.txt$/i.test(file.name) || file.type === 'text/plain';
    // Four bytes a character at most: nobody is made to read a film.
    const isShort = file.size <= 4 * MAX_BATCH_CHARACTERS;
    setProblem(isText ? (isShort ? undefined : 'BATCH_TOO_LONG') : 'BATCH_NOT_TEXT');
    if (isText && isShort) onText(await file.text());
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <>
      <fieldset
        className={styles.drop}
        data-over={isOver}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <label htmlFor={id} className={styles.file}>
          <FileText size={20} aria-hidden="true" /> {t('batch.chooseFile')}
          <input
            id={id}
            type="file"
            className="visually-hidden"
            accept=".txt,text/plain"
            data-testid="batch-file"
            aria-describedby={`${id}-rule`}
            onChange={(event) => {
              void take(event.target.files?.[0]);
              // The same file may be chosen again after it was changed.
              event.target.value = '';
            }}
          />
        </label>
        <span id={`${id}-rule`} className="muted">
          {t('batch.rule', { n: MAX_BATCH_LINES })}
        </span>
      </fieldset>
      {problem ? <FormError>{t(`error.code.${problem}`)}</FormError> : null}
    </>
  );
}

/** A file, a drop or a pasted list; checked line by line before anything starts. */
export function BatchStart({ onStarted }: { onStarted(): void }) {
  const { t } = useDriverTexts();
  const pasteId = useId();
  const blockedBy = useBlockedReason(POINTS);
  const [text, setText] = useDraft();
  const [problem, setProblem] = useState<FailedAnswer>();
  const [isBusy, setBusy] = useState(false);
  const read = text.trim() === '' ? undefined : readBatchText(text);
  const list = typeof read === 'object' ? read : undefined;
  const count = list?.lines.filter((line) => line.isValid).length ?? 0;
  const start = async () => {
    setBusy(true);
    const answer = await startBatch(text);
    setBusy(false);
    setProblem(answer.isOk ? undefined : answer);
    if (!answer.isOk) return;
    setText('');
    onStarted();
  };
  return (
    <Card>
      <div className={parts.stack}>
        <FilePicker onText={setText} />
        <div className={styles.paste}>
          <label htmlFor={pasteId}>{t('batch.paste')}</label>
          <textarea
            id={pasteId}
            rows={5}
            spellCheck={false}
            autoCapitalize="characters"
            placeholder={'CP001\nCP002'}
            data-testid="batch-text"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        {typeof read === 'string' ? <FormError>{t(`error.code.${read}`)}</FormError> : null}
        {list ? <Preview lines={list.lines} blankCount={list.blankCount} /> : null}
        {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
        <ActionButton
          variant="primary"
          size="large"
          testId="batch-start"
          isBusy={isBusy}
          blockedBy={blockedBy ?? (count === 0 ? t('batch.nothing') : undefined)}
          showsReason
          onClick={() => void start()}
        >
          <Play size={20} aria-hidden="true" /> {t('batch.start', { count })}
        </ActionButton>
        <p className="muted">{t('batch.onServer')}</p>
      </div>
    </Card>
  );
}
