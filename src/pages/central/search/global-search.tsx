import { Building2, Search, UserRound, Zap } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useFormats } from '../../shared/i18n.ts';
import { STATE_ICONS } from '../../shared/state-look.ts';
import { useCentralTexts } from '../texts/use-texts.ts';
import styles from './search.module.css';
import { HIT_GROUPS, type Hit, hrefOf } from './search-hits.ts';
import { useHits } from './use-hits.ts';

function HitIcon({ hit }: { hit: Hit }) {
  if (hit.group === 'POINT') {
    const Icon = STATE_ICONS[hit.point.state];
    return (
      <span className={styles.state} data-state={hit.point.state}>
        <Icon size={18} aria-hidden="true" />
      </span>
    );
  }
  const Icon = { CITY: Building2, DRIVER: UserRound, SUPPLY: Zap }[hit.group];
  return <Icon size={18} aria-hidden="true" />;
}

/** A hit in words: its name and what tells it from the others. */
function useHitTexts(): (hit: Hit) => { name: string; detail: string } {
  const { t } = useCentralTexts();
  const formats = useFormats();
  return (hit) => {
    switch (hit.group) {
      case 'POINT': {
        const { address, city, state } = hit.point;
        return { name: hit.id, detail: `${address}, ${city} · ${t(`state.panel.${state}`)}` };
      }
      case 'CITY':
        return { name: hit.id, detail: t('central.pointCount', { count: hit.pointCount }) };
      case 'DRIVER':
        return { name: hit.id, detail: t(hit.isConnected ? 'driverList.online' : 'driverList.offline') };
      case 'SUPPLY': {
        const { cpId, driverId, ticketNumber, requestedAtMs, energyWh } = hit.supply;
        const name =
          ticketNumber === undefined
            ? t('history.detail', { id: cpId })
            : `${t('history.ticketNo', { n: ticketNumber })} · ${cpId}`;
        const who = driverId ?? t('common.anonymous');
        return { name, detail: `${who} · ${formats.dateTime(requestedAtMs)} · ${formats.energy(energyWh)}` };
      }
    }
  };
}

type ListProps = {
  id: string;
  text: string;
  found: ReturnType<typeof useHits>;
  active: Hit | undefined;
  onGo(hit: Hit): void;
};

const optionId = (listId: string, hit: Hit) => `${listId}-${hit.group}-${hit.id}`;

function Hits({ id, text, found, active, onGo }: ListProps) {
  const { t } = useCentralTexts();
  const textsOf = useHitTexts();
  const { hits, isPartly, isLoading } = found;
  const activeId = active && optionId(id, active);
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);
  const groups = HIT_GROUPS.map((group) => ({ group, own: hits.filter((hit) => hit.group === group) }));
  return (
    <div className={styles.popup} data-testid="search-results">
      <div id={id} role="listbox" aria-label={t('search.results')}>
        {groups
          .filter(({ own }) => own.length > 0)
          .map(({ group, own }) => (
            // biome-ignore lint/a11y/useSemanticElements: groups of options have no element of their own outside a select
            <div key={group} role="group" aria-label={t(`search.group.${group}`)}>
              <div className={styles.group} aria-hidden="true">
                {t(`search.group.${group}`)}
              </div>
              {own.map((hit) => {
                const { name, detail } = textsOf(hit);
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the input, which keeps the focus, has the keys
                  <div
                    key={hit.id}
                    id={optionId(id, hit)}
                    role="option"
                    tabIndex={-1}
                    aria-selected={hit === active}
                    className={styles.hit}
                    data-testid={`hit-${hit.id}`}
                    // The focus stays in the input.
                    onPointerDown={(event) => event.preventDefault()}
                    onClick={() => onGo(hit)}
                  >
                    <HitIcon hit={hit} />
                    <span className={styles.words}>
                      <strong>{name}</strong>
                      <small>{detail}</small>
                    </span>
                  </div>
                );
              })}
            </div>
          ))}
      </div>
      <p role="status" className={styles.note}>
        {hits.length === 0 && !isLoading ? t('search.nothing', { text: text.trim() }) : ''}
        {isPartly ? t('search.partly') : ''}
      </p>
    </div>
  );
}

function useGo(onGone: () => void): (hit: Hit) => void {
  const [path, navigate] = useLocation();
  const search = useSearch();
  return (hit) => {
    navigate(hrefOf(hit, { path, search }));
    onGone();
  };
}

/** Finds points, cities, drivers, charges and tickets from any page; arrows choose, Enter goes there, Esc leaves (ux 3.1). */
export function GlobalSearch() {
  const { t } = useCentralTexts();
  const listId = useId();
  const inputRef = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [place, setPlace] = useState(0);
  const found = useHits(text);
  const active = found.hits[Math.min(place, found.hits.length - 1)];
  const isShown = isOpen && text.trim() !== '';
  const go = useGo(() => {
    setText('');
    setOpen(false);
    // The details that open take the focus with the next Tab, and give it back here.
    inputRef.current?.focus();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.hits.length > 0) {
      setOpen(true);
      setPlace((Math.min(place, found.hits.length - 1) + step + found.hits.length) % found.hits.length);
    } else if (event.key === 'Enter' && isShown && active) go(active);
    else if (event.key === 'Escape' && isShown) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className={styles.search} onBlur={() => setOpen(false)}>
      <Search size={18} aria-hidden="true" />
      <input
        ref={inputRef}
        type="text"
        enterKeyHint="search"
        role="combobox"
        aria-label={t('search.label')}
        aria-expanded={isShown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isShown && active ? optionId(listId, active) : undefined}
        placeholder={t('search.placeholder')}
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        value={text}
        data-testid="global-search"
        onChange={(event) => {
          setText(event.target.value);
          setPlace(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      {isShown ? <Hits id={listId} text={text} found={found} active={active} onGo={go} /> : null}
    </search>
  );
}
