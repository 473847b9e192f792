import type { ConsoleLanguage } from '../../io/console/language.ts';
import { type MenuHands, type MenuOption, order, toldOf } from '../../io/console/menu.ts';
import { CONSOLE_WORDS } from '../../io/console/words.ts';
import { readFileIfThere } from '../../io/secret-file.ts';
import type { BatchOrder, BatchView } from '../../messages/batches.ts';
import { END_REASON_WORDS, REFUSAL_WORDS } from '../../messages/spoken-codes.ts';
import { DRIVER_WORDS } from './console-words.ts';

async function newestBatch({ api }: Pick<MenuHands, 'api'>): Promise<BatchView | undefined> {
  const answer = await api.send('GET', '/api/batches');
  if (answer.status >= 300) return undefined;
  return (answer.body as { batches: BatchView[] }).batches[0];
}

function batchLines(batch: BatchView, language: ConsoleLanguage): string {
  const lines = batch.lines.map(({ line, cpId, state, refusal, energyWh, endReason }) => {
    const end = endReason === undefined ? '' : END_REASON_WORDS[language][endReason];
    const charged = energyWh === undefined ? '' : `${energyWh} Wh ${end}`;
    const outcome = refusal ? REFUSAL_WORDS[language][refusal.code] : charged;
    return `  ${line}  ${cpId}  ${state}  ${outcome}`.trimEnd();
  });
  return [`${DRIVER_WORDS[language].ofBatch} ${batch.state}`, ...lines].join('\n');
}

/** Batches in the console (S-DRV-11): the same API as the page's. */
export function batchOptions(language: ConsoleLanguage): MenuOption[] {
  const words = DRIVER_WORDS[language];
  const { givenUp, none } = CONSOLE_WORDS[language];
  return [
    {
      key: 'b',
      label: words.batch,
      run: async (hands) => {
        const file = await hands.terminal.ask(words.batchFile);
        if (!file) return givenUp;
        const text = readFileIfThere(file);
        if (text === undefined) return `${words.noFile} ${file}`;
        return order(hands, '/api/batches', { body: { text }, success: words.batchRuns });
      },
    },
    {
      key: 'v',
      label: words.batchLines,
      run: async ({ api }) => {
        const answer = await api.send('GET', '/api/batches');
        const [batch] = ((answer.body ?? {}) as { batches?: BatchView[] }).batches ?? [];
        return toldOf(answer, batch ? batchLines(batch, language) : none, language);
      },
    },
    {
      key: 'o',
      label: words.batchOrder,
      run: async (hands) => {
        const batch = await newestBatch(hands);
        if (!batch) return words.noBatch;
        const typed = await hands.terminal.ask(words.batchOrders);
        if (!typed) return givenUp;
        const wanted = typed as BatchOrder;
        const path = `/api/batches/${batch.batchId}/${encodeURIComponent(wanted)}`;
        return order(hands, path, { success: `${words.ofBatch}: ${wanted}` });
      },
    },
  ];
}
