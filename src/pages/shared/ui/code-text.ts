import { parseRefusal } from '../../../domain/refusal.ts';
import { hasText, type SharedKey, useFormats, useTexts } from '../i18n.ts';
import { useRefusalText } from './answer-text.ts';

export type CodeParams = Readonly<Record<string, string | number>>;

/** Where a code inside a parameter may have its words. */
const PARAM_AREAS = [
  'state.panel',
  'refusal',
  'reason',
  'end',
  'fault',
  'decline',
  'suspect',
  'weatherAlert',
  'weatherFailure',
  'error.code',
  'central.order',
];

/** One code or several, not a name or a sentence. */
const CODES = /^[A-Z_]+( [A-Z_]+)*$/;

/** Parameters as a person reads them: energy and money formatted, codes in words. */
function useReadableParams(): (params: CodeParams) => Record<string, string | number> {
  const { t } = useTexts();
  const formats = useFormats();
  const refusalText = useRefusalText();
  const word = (code: string) => {
    const area = PARAM_AREAS.find((known) => hasText(`${known}.${code}`));
    return area ? t(`${area}.${code}` as SharedKey) : code;
  };
  return (params) => {
    const readable: Record<string, string | number> = {};
    for (const [name, value] of Object.entries(params))
      readable[name] = typeof value === 'string' && CODES.test(value) ? value.split(' ').map(word).join(', ') : value;
    if (params.driverId === undefined || params.driverId === 'ANON') readable.driverId = t('common.anonymous');
    if (typeof params.energyWh === 'number') readable.energy = formats.energyDetail(params.energyWh);
    if (typeof params.amountCents === 'number') readable.amount = formats.money(params.amountCents);
    if (typeof params.temperatureCc === 'number') readable.temperature = formats.temperature(params.temperatureCc);
    if (typeof params.minCc === 'number') readable.min = formats.temperature(params.minCc);
    if (typeof params.maxCc === 'number') readable.max = formats.temperature(params.maxCc);
    const refusal = typeof params.refusal === 'string' ? parseRefusal(params.refusal) : undefined;
    if (refusal) readable.refusal = refusalText(refusal);
    return readable;
  };
}

/** A message or log line of codes and parameters in the reader's words; a code without words is shown as it came. */
export function useCodeText(): (area: string, code: string, params: CodeParams, cpId?: string) => string {
  const { t } = useTexts();
  const readable = useReadableParams();
  return (area, code, params, cpId = '') => {
    const key = `${area}.${code}`;
    if (hasText(key)) return t(key as SharedKey, { id: cpId, ...readable(params) });
    const detail = Object.entries(params).map(([name, value]) => `${name}=${value}`);
    return [t('error.untranslated'), cpId, code, ...detail].filter((part) => part !== '').join(' ');
  };
}
