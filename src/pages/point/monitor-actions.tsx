import { useActionState, useState } from 'react';
import type { MonitorView } from '../../messages/live-stream.ts';
import type { ApiAnswer } from '../shared/api.ts';
import { useLinkLevel, useUpstream } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { errorText } from '../shared/ui/answer-text.ts';
import { ConfirmDialog } from '../shared/ui/confirm-dialog.tsx';
import { Dialog, DialogFoot } from '../shared/ui/dialog.tsx';
import { Field, FormError, SubmitButton } from '../shared/ui/field.tsx';
import { say } from '../shared/ui/toasts.tsx';
import { MONITOR, monitorActions } from './actions.ts';
import styles from './monitor.module.css';
import { nextAction } from './monitor-steps.ts';
import { usePointTexts } from './texts/use-texts.ts';

/** Registration with the token that an administrator was shown once. */
function RegisterDialog({ onClose }: { onClose(): void }) {
  const { t } = usePointTexts();
  const [token, setToken] = useState('');
  const [problem, submit, isBusy] = useActionState<Extract<ApiAnswer<never>, { isOk: false }> | undefined>(async () => {
    const answer = await monitorActions.register(token.trim());
    if (!answer.isOk) return answer;
    say('good', t('point.done.register'));
    onClose();
    return undefined;
  }, undefined);
  return (
    <Dialog title={t('point.register')} onClose={onClose} testId="register-dialog">
      <form action={submit} className={styles.form}>
        <Field
          label={t('point.token')}
          testId="register-token"
          value={token}
          onChange={setToken}
          hint={t('point.tokenHint')}
          maxLength={200}
          isRequired
        />
        {problem ? <FormError>{errorText(t, problem)}</FormError> : null}
        <DialogFoot>
          <SubmitButton isBusy={isBusy} testId="register-submit">
            {t('point.register')}
          </SubmitButton>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function useBlocked(): string | undefined {
  const { t } = usePointTexts();
  const level = useLinkLevel();
  const upstream = useUpstream(MONITOR);
  if (level !== 'LIVE') return t('conn.actionOffline');
  return upstream?.isMonitorReachable === false ? t('error.code.MONITOR_UNREACHABLE') : undefined;
}

/** Register, authenticate (a new key) and unregister (R2-17 to R2-21). */
export function MonitorActions({ view }: { view: MonitorView }) {
  const { t } = usePointTexts();
  const blockedBy = useBlocked();
  const [open, setOpen] = useState<'register' | 'unregister'>();
  const [busy, setBusy] = useState<'authenticate' | 'unregister'>();
  const run = async (action: 'authenticate' | 'unregister') => {
    setBusy(action);
    const answer = await monitorActions[action]();
    setBusy(undefined);
    say(answer.isOk ? 'good' : 'error', answer.isOk ? t(`point.done.${action}`) : errorText(t, answer));
  };
  const next = nextAction(view);
  const needsRegistration = view.isRegistered ? undefined : t('point.notRegistered');
  return (
    <div className={styles.actions}>
      <ActionButton
        testId="monitor-register"
        variant={next === 'REGISTER' ? 'primary' : 'plain'}
        blockedBy={blockedBy}
        onClick={() => setOpen('register')}
      >
        {t('point.register')}
      </ActionButton>
      <ActionButton
        testId="monitor-authenticate"
        variant={next === 'REGISTER' ? 'plain' : 'primary'}
        blockedBy={blockedBy ?? needsRegistration}
        isBusy={busy === 'authenticate'}
        onClick={() => void run('authenticate')}
      >
        {t('point.authenticate')}
      </ActionButton>
      <ActionButton
        testId="monitor-unregister"
        variant="danger"
        blockedBy={blockedBy ?? needsRegistration}
        isBusy={busy === 'unregister'}
        onClick={() => setOpen('unregister')}
      >
        {t('point.unregister')}
      </ActionButton>
      {open === 'register' ? <RegisterDialog onClose={() => setOpen(undefined)} /> : null}
      {open === 'unregister' ? (
        <ConfirmDialog
          ask={{
            title: t('point.unregisterTitle', { id: view.cpId }),
            body: t('point.unregisterBody'),
            verb: t('point.unregister'),
            isDanger: true,
            typed: view.cpId,
            onConfirm: () => void run('unregister'),
          }}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
    </div>
  );
}
