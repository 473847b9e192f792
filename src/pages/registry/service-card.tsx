import { ShieldCheck } from 'lucide-react';
import type { RegistryService } from '../../messages/registry-api.ts';
import { useFormats } from '../shared/i18n.ts';
import { useEntity } from '../shared/live/live-store.ts';
import { Fact, Facts } from '../shared/ui/facts.tsx';
import styles from './registry.module.css';
import { REGISTRY } from './session.ts';
import { useRegistryTexts } from './texts/use-texts.ts';

/** Pairs of hex digits in groups, as people compare them. */
function grouped(fingerprint: string): string {
  return (fingerprint.match(/.{1,8}/g) ?? []).join(' ');
}

/** By what a person can check whom this browser talks to. */
export function ServiceCard() {
  const { t } = useRegistryTexts();
  const formats = useFormats();
  const service = useEntity<RegistryService>(REGISTRY, 'service', 'service');
  if (!service) return null;
  return (
    <details className={styles.service} data-testid="service">
      <summary>
        <ShieldCheck size={18} aria-hidden="true" /> {t('registry.service.title')}
      </summary>
      <Facts>
        <Fact name={t('registry.service.fingerprint')} testId="fingerprint">
          <code>{grouped(service.certificateFingerprint)}</code>
        </Fact>
        <Fact name={t('registry.service.expires')}>{formats.dateTime(service.certificateNotAfterMs)}</Fact>
        <Fact name={t('registry.service.authority')}>
          <code>{grouped(service.authorityFingerprint)}</code>
        </Fact>
        <Fact name={t('registry.service.version')}>
          {service.version} · <a href="/docs">{t('registry.service.docs')}</a>
        </Fact>
      </Facts>
      <p className="muted">{t('registry.service.howTo')}</p>
    </details>
  );
}
