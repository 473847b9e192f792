import { ShieldCheck } from 'lucide-react';
import type { RegistryService } from '../../messages/registry-api.ts';
import { useFormats } from '../shared/i18n.ts';
import { useEntity } from '../shared/live/live-store.ts';
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
      <dl className={styles.facts}>
        <dt>{t('registry.service.fingerprint')}</dt>
        <dd data-testid="fingerprint">
          <code>{grouped(service.certificateFingerprint)}</code>
        </dd>
        <dt>{t('registry.service.expires')}</dt>
        <dd>{formats.dateTime(service.certificateNotAfterMs)}</dd>
        <dt>{t('registry.service.authority')}</dt>
        <dd>
          <code>{grouped(service.authorityFingerprint)}</code>
        </dd>
        <dt>{t('registry.service.version')}</dt>
        <dd>
          {service.version} · <a href="/docs">{t('registry.service.docs')}</a>
        </dd>
      </dl>
      <p className="muted">{t('registry.service.howTo')}</p>
    </details>
  );
}
