import { type MenuHands, type MenuOption, order, toldOf } from '../../io/console/menu.ts';
import { readFileIfThere } from '../../io/secret-file.ts';
import type { BatchOrder, BatchView } from '../../messages/batches.ts';

async function newestBatch({ api }: MenuHands): Promise<BatchView | undefined> {
  const answer = await api.send('GET', '/api/batches');
  if (answer.status >= 300) return undefined;
  return (answer.body as { batches: BatchView[] }).batches[0];
}

function batchLines(batch: BatchView): string {
  const lines = batch.lines.map(({ line, cpId, state, refusal, energyWh, endReason }) => {
    const outcome = refusal?.code ?? (energyWh === undefined ? '' : `${energyWh} Wh ${endReason ?? ''}`);
    return `  ${line}  ${cpId}  ${state}  ${outcome}`.trimEnd();
  });
  return [`batch ${batch.state}`, ...lines].join('\n');
}

/** Batches in the console (S-DRV-11): the same API as the page's. */
export const batchOptions: readonly MenuOption[] = [
  {
    key: 'b',
    label: 'batch of charges from a file',
    run: async (hands) => {
      const file = await hands.terminal.ask('file with a charging point a line');
      if (!file) return 'given up';
      const text = readFileIfThere(file);
      if (text === undefined) return `there is no file ${file}`;
      return order(hands, '/api/batches', { body: { text }, success: 'it runs; V shows it' });
    },
  },
  {
    key: 'v',
    label: 'the batch, line by line',
    run: async (hands) => {
      const answer = await hands.api.send('GET', '/api/batches');
      const [batch] = ((answer.body ?? {}) as { batches?: BatchView[] }).batches ?? [];
      return toldOf(answer, batch ? batchLines(batch) : 'there is none');
    },
  },
  {
    key: 'o',
    label: 'batch: pause, resume, skip, cancel',
    run: async (hands) => {
      const batch = await newestBatch(hands);
      if (!batch) return 'there is no batch';
      const typed = await hands.terminal.ask('pause, resume, skip or cancel');
      if (!typed) return 'given up';
      const wanted = typed as BatchOrder;
      return order(hands, `/api/batches/${batch.batchId}/${encodeURIComponent(wanted)}`, {
        success: `batch: ${wanted}`,
      });
    },
  },
];
