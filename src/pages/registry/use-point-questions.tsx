import { type ReactNode, useState } from 'react';
import type { PointCreated } from '../../messages/central-api.ts';
import type { RegistryPoint } from '../../messages/registry-api.ts';
import { errorText } from '../shared/ui/answer-text.ts';
import { type Confirmation, ConfirmDialog } from '../shared/ui/confirm-dialog.tsx';
import { say } from '../shared/ui/toasts.tsx';
import { registryActions } from './actions.ts';
import { useRegistryTexts } from './texts/use-texts.ts';

type Kind = 'RENEW' | 'RETIRE';

/** Asks before credentials are renewed or a point is retired, does it, and says what came of it. */
export function usePointQuestions(onToken: (created: PointCreated) => void): {
  ask(kind: Kind, point: RegistryPoint): void;
  question: ReactNode;
} {
  const { t } = useRegistryTexts();
  const [asked, setAsked] = useState<{ kind: Kind; point: RegistryPoint }>();
  const renew = async (id: string) => {
    const answer = await registryActions.renew(id);
    if (answer.isOk) onToken(answer.body);
    else say('error', errorText(t, answer));
  };
  const retire = async (id: string) => {
    const answer = await registryActions.retire(id);
    if (answer.isOk) say('good', t('registry.done.retired', { id }));
    else say('error', `${id}: ${errorText(t, answer)}`);
  };
  const confirmationOf = (kind: Kind, point: RegistryPoint): Confirmation => {
    const id = point.cpId;
    if (kind === 'RETIRE')
      return {
        ...{ title: t('registry.ask.retireTitle', { id }), body: t('registry.ask.retireBody') },
        ...{ verb: t('registry.ask.retireVerb', { id }), isDanger: true, typed: id },
        onConfirm: () => void retire(id),
      };
    return {
      title: t('registry.ask.renewTitle', { id }),
      body: point.isRegistered ? t('registry.ask.renewBody') : t('registry.ask.renewPending'),
      ...{ verb: t('registry.ask.renewVerb'), isDanger: point.isRegistered },
      onConfirm: () => void renew(id),
    };
  };
  return {
    ask: (kind, point) => setAsked({ kind, point }),
    question: asked ? (
      <ConfirmDialog ask={confirmationOf(asked.kind, asked.point)} onClose={() => setAsked(undefined)} />
    ) : null,
  };
}
