import type { PanelPoint } from '../../../../messages/live-stream.ts';
import { useFormats } from '../../../shared/i18n.ts';
import { Fact, Facts } from '../../../shared/ui/facts.tsx';
import { useOperator } from '../../session.ts';
import { useCentralTexts } from '../../texts/use-texts.ts';

/** Registration, key and who holds the point; never the key itself. */
export function SecurityTab({ point }: { point: PanelPoint }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const operator = useOperator();
  return (
    <>
      <Facts>
        <Fact name={t('central.facts.registration')} testId="point-registration">
          {point.isRegistered ? t('central.registered') : t('central.notRegistered')}
        </Fact>
        <Fact name={t('central.facts.key')} testId="point-key">
          {t(`central.key.${point.keyState}`)}
        </Fact>
        {point.keyFingerprint ? (
          <Fact name={t('points.detail.fingerprint')}>
            <code>{point.keyFingerprint}</code>
          </Fact>
        ) : null}
        {point.monitorAddress ? (
          <Fact name={t('central.facts.monitor')}>
            <code>{point.monitorAddress}</code>
          </Fact>
        ) : null}
        {(point.holdsSetBy ?? []).map((hold) => (
          <Fact key={hold.kind} name={t(`reason.${hold.kind}`)}>
            {t('central.facts.setBy', { who: hold.setBy, when: formats.dateTime(hold.setAtMs) })}
          </Fact>
        ))}
      </Facts>
      {operator ? null : <p className="muted">{t('points.detail.signInForMore')}</p>}
    </>
  );
}
