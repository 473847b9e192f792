import { useState } from 'react';
import type { ApiAnswer } from '../shared/api.ts';
import { errorText } from '../shared/ui/answer-text.ts';
import { say } from '../shared/ui/toasts.tsx';
import { useDriverTexts } from './texts/use-texts.ts';

/** A call whose failure is said aloud; its success comes by the stream. */
export function useCall(): { isBusy: boolean; run(call: () => Promise<ApiAnswer<unknown>>): Promise<void> } {
  const { t } = useDriverTexts();
  const [isBusy, setBusy] = useState(false);
  return {
    isBusy,
    async run(call) {
      setBusy(true);
      const answer = await call();
      setBusy(false);
      if (!answer.isOk) say('error', errorText(t, answer));
    },
  };
}
