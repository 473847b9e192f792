import { Bell, ChevronRight, ListChecks, LogOut, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { mayBatchAsk } from '../../../domain/batch.ts';
import { useFormats } from '../../shared/i18n.ts';
import { setTheme, THEMES, useTheme } from '../../shared/theme.ts';
import { ActionButton } from '../../shared/ui/action-button.tsx';
import { LanguageSwitch } from '../../shared/ui/chrome.tsx';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.tsx';
import { Card } from '../../shared/ui/parts.tsx';
import parts from '../parts.module.css';
import { signOut } from '../session.ts';
import { useDriverTexts } from '../texts/use-texts.ts';
import { useBatches, useMe } from '../use-driver.ts';
import styles from './more.module.css';
import { useNewMessages } from './use-messages.ts';

function Door(props: { href: string; Icon: LucideIcon; name: string; note: string; testId: string }) {
  return (
    <Link href={props.href} className={styles.door} data-testid={props.testId}>
      <props.Icon size={24} aria-hidden="true" />
      <span>
        <strong>{props.name}</strong>
        <span className="muted">{props.note}</span>
      </span>
      <ChevronRight size={20} aria-hidden="true" />
    </Link>
  );
}

function Doors() {
  const { t } = useDriverTexts();
  const running = useBatches().find(mayBatchAsk);
  const fresh = useNewMessages();
  return (
    <nav className={styles.doors} aria-label={t('driver.tab.more')}>
      <Door
        href="/mas/lote"
        Icon={ListChecks}
        name={t('batch.title')}
        note={t(running ? 'batch.runs' : 'batch.door')}
        testId="door-batch"
      />
      <Door
        href="/mas/mensajes"
        Icon={Bell}
        name={t('driver.messages')}
        note={fresh === 0 ? t('driver.noNewMessages') : t('driver.newMessages', { count: fresh })}
        testId="door-messages"
      />
    </nav>
  );
}

function ThemeChoice() {
  const { t } = useDriverTexts();
  const theme = useTheme();
  return (
    <fieldset className={styles.choice}>
      <legend>{t('common.theme')}</legend>
      {THEMES.map((one) => (
        <label key={one}>
          <input
            type="radio"
            name="theme"
            checked={theme === one}
            data-testid={`theme-${one}`}
            onChange={() => setTheme(one)}
          />
          {t(`driver.theme.${one}`)}
        </label>
      ))}
    </fieldset>
  );
}

function SignOut() {
  const { t } = useDriverTexts();
  // Signing out holds nothing up in one that was cancelled.
  const isBatchRunning = useBatches().some(mayBatchAsk);
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <ActionButton size="large" testId="logout" onClick={() => (isBatchRunning ? setAsking(true) : void signOut())}>
        <LogOut size={20} aria-hidden="true" /> {t('common.signOut')}
      </ActionButton>
      {isAsking ? (
        <ConfirmDialog
          ask={{
            title: t('driver.signOutTitle'),
            body: t('driver.signOutBatch'),
            verb: t('common.signOut'),
            onConfirm: () => void signOut(),
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

/** Batch, messages, settings, account, what this is, and the way out. */
export function MorePage() {
  const { t } = useDriverTexts();
  const formats = useFormats();
  const me = useMe();
  return (
    <div className={parts.stack}>
      <Doors />
      <Card>
        <div className={parts.stack}>
          <h2>{t('driver.settings')}</h2>
          <div className={styles.setting}>
            <span>{t('common.language')}</span>
            <LanguageSwitch />
          </div>
          <ThemeChoice />
        </div>
      </Card>
      <Card>
        <div className={parts.stack}>
          <h2>{t('driver.account')}</h2>
          {me ? (
            <p>
              {me.driverId} · {t('driver.balance')} <strong>{formats.money(me.balanceCents)}</strong>
            </p>
          ) : null}
          {me ? (
            <p className="muted">{t('driver.signedInUntil', { t: formats.dateTime(me.sessionExpiresAtMs) })}</p>
          ) : null}
          <a href="/api/me/personal-data" download className={parts.linkButton} data-testid="my-data">
            {t('driver.myData')}
          </a>
          <SignOut />
        </div>
      </Card>
      <Card>
        <div className={parts.stack}>
          <h2>{t('driver.about')}</h2>
          <p>{t('driver.aboutText')}</p>
          <a href="/docs" className={parts.linkButton}>
            {t('driver.apiDocs')}
          </a>
        </div>
      </Card>
    </div>
  );
}
