import { CircleCheck, LogIn, LogOut, TriangleAlert, UserRound } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Link, useRoute } from 'wouter';
import type { PanelModule } from '../../messages/live-stream.ts';
import { hasText } from '../shared/i18n.ts';
import { useCollection, useUpstream } from '../shared/live/live-store.ts';
import { ActionButton } from '../shared/ui/action-button.tsx';
import { Brand, LanguageSwitch, LivePill, ThemeButton } from '../shared/ui/chrome.tsx';
import styles from './header.module.css';
import { useHeaderHeight } from './header-height.ts';
import { LoginDialog } from './login-dialog.tsx';
import { closeLogin, openLogin, useIsLoginOpen } from './login-state.ts';
import { DATA_UP, modulePills } from './module-health.ts';
import { Notices } from './notices.tsx';
import { LINKS, type PanelLink } from './routes.tsx';
import { GlobalSearch } from './search/global-search.tsx';
import { PANEL, signOut, useOperator } from './session.ts';
import { type CentralKey, useCentralTexts } from './texts/use-texts.ts';

function NavLink({ link }: { link: PanelLink }) {
  const { t } = useCentralTexts();
  const [isHere] = useRoute(link.path);
  const Icon = link.icon;
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // On a phone the pages are one line that scrolls.
    if (isHere) ref.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isHere]);
  return (
    <li ref={ref}>
      <Link href={link.path} aria-current={isHere ? 'page' : undefined} data-testid={`nav-${link.path}`}>
        <Icon size={18} aria-hidden="true" /> {t(link.text)}
      </Link>
    </li>
  );
}

/** The parts behind the panel, icon and word each; more on the system page. */
function ModulePills() {
  const { t } = useCentralTexts();
  const modules = Object.values(useCollection<PanelModule>(PANEL, 'modules'));
  const isReachable = useUpstream(PANEL)?.isCentralReachable ?? true;
  const pills = modulePills(modules, isReachable);
  const nameOf = (kind: string) => (hasText(`central.kind.${kind}`) ? t(`central.kind.${kind}` as CentralKey) : kind);
  if (pills.length === 0) return null;
  return (
    <Link href="/sistema" className={styles.pills} data-testid="modules-pill">
      <span className="visually-hidden">{t('central.modules.title')}:</span>
      {pills.map(({ kind, is, up, all }) => {
        const Icon = is === 'ALL' ? CircleCheck : TriangleAlert;
        return (
          <span key={kind} className={styles.modulePill} data-up={DATA_UP[is]} data-testid={`pill-${kind}`}>
            <Icon size={14} aria-hidden="true" />
            {nameOf(kind)}
            {is === 'NONE' ? `: ${t('central.modules.lost')}` : null}
            {is === 'SOME' ? `: ${t('central.modules.some', { up, all })}` : null}
            {is === 'NONE' ? null : <span className="visually-hidden">: {t('central.modules.up')}</span>}
          </span>
        );
      })}
    </Link>
  );
}

function Account() {
  const { t } = useCentralTexts();
  const operator = useOperator();
  if (!operator)
    return (
      <ActionButton size="small" variant="primary" testId="open-login" onClick={openLogin}>
        <LogIn size={16} aria-hidden="true" /> {t('common.signIn')}
      </ActionButton>
    );
  const { operatorId, role } = operator;
  return (
    <>
      <button
        type="button"
        className={styles.operator}
        popoverTarget="account"
        aria-label={t('nav.account', { name: operatorId })}
        data-testid="operator"
      >
        <UserRound size={16} aria-hidden="true" /> {operatorId}
      </button>
      <div id="account" popover="auto" className={styles.popover}>
        <strong>{operatorId}</strong>
        <span className={styles.role}>{t(`central.role.${role}`)}</span>
        <ActionButton testId="logout" onClick={() => void signOut()}>
          <LogOut size={16} aria-hidden="true" /> {t('common.signOut')}
        </ActionButton>
      </div>
    </>
  );
}

export function Header() {
  const { t } = useCentralTexts();
  const isLoginOpen = useIsLoginOpen();
  const isSignedIn = useOperator() !== undefined;
  const ref = useRef<HTMLElement>(null);
  useHeaderHeight(ref);
  return (
    <header ref={ref} className={styles.header}>
      <div className={styles.brand}>
        <Brand />
      </div>
      <h1 className="visually-hidden">{t('central.title')}</h1>
      <nav className={styles.nav} aria-label={t('nav.label')}>
        <ul>
          {LINKS.map((link) => (
            <NavLink key={link.path} link={link} />
          ))}
        </ul>
      </nav>
      <div className={styles.tools}>
        <GlobalSearch />
        <div className={styles.right}>
          <div className={styles.status}>
            <ModulePills />
            <LivePill />
            {isSignedIn ? null : <span className={styles.readOnly}>{t('central.readOnly')}</span>}
          </div>
          <Notices />
          <LanguageSwitch />
          <ThemeButton />
          <Account />
        </div>
      </div>
      {isLoginOpen ? <LoginDialog onClose={closeLogin} /> : null}
    </header>
  );
}
