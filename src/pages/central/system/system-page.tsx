import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ChannelList } from '../../../messages/central-history-api.ts';
import type { PanelModule, PanelPoint } from '../../../messages/live-stream.ts';
import { duration, roughAge } from '../../shared/format.ts';
import { hasText, useFormats } from '../../shared/i18n.ts';
import { useCollection, useDataAtMs, useLinkLevel, useServerNow, useUpstream } from '../../shared/live/live-store.ts';
import { Card, Empty, SCROLLED_BY_KEYS } from '../../shared/ui/parts.tsx';
import { useAnswer } from '../../shared/use-answer.ts';
import styles from '../history/history.module.css';
import { isModuleUp } from '../module-health.ts';
import { Loading, ProblemNote, useIsCentralAway } from '../page-parts.tsx';
import { PANEL, useOperator } from '../session.ts';
import { type CentralKey, useCentralTexts } from '../texts/use-texts.ts';
import { engineHealth, monitorHealth, type PointHalves, sortedModules } from './module-list.ts';
import own from './system.module.css';

type ModuleCardProps = {
  id: string;
  title: string;
  subtitle?: string;
  isUp: boolean;
  word?: string;
  children?: ReactNode;
};

function ModuleCard({ id, title, subtitle, isUp, word, children }: ModuleCardProps) {
  const { t } = useCentralTexts();
  const Icon = isUp ? CircleCheck : TriangleAlert;
  return (
    <li className={own.module} data-up={isUp} data-testid={`module-${id}`}>
      <div className={own.moduleHead}>
        <Icon size={20} aria-hidden="true" />
        <strong>{title}</strong>
        <span className={own.moduleState}>{word ?? (isUp ? t('system.up') : t('system.down'))}</span>
      </div>
      {subtitle ? <span className="muted">{subtitle}</span> : null}
      {children}
    </li>
  );
}

/** How OpenWeather fares, in words; a code without words is shown as it came. */
function detailText(detail: string, t: ReturnType<typeof useCentralTexts>['t']): string {
  if (detail === 'SIMULATED') return t('weatherText.simulated');
  const key = `weatherFailure.${detail}`;
  return hasText(key) ? t(key as CentralKey) : detail;
}

/** Only what is known of a module: an age, a version or a latency that nobody measured is not there. */
function ModuleFacts({ module, isUp }: { module: PanelModule; isUp: boolean }) {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const nowMs = useServerNow();
  return (
    <dl className={styles.facts}>
      {module.latencyMs !== undefined && isUp ? (
        <>
          <dt>{t('system.latency')}</dt>
          <dd>{formats.number(module.latencyMs)} ms</dd>
        </>
      ) : null}
      {module.version ? (
        <>
          <dt>{t('system.version')}</dt>
          <dd>{module.version}</dd>
        </>
      ) : null}
      {module.startedAtMs ? (
        <>
          <dt>{t('system.startedAt')}</dt>
          <dd title={formats.dateTime(module.startedAtMs)}>
            {t('common.ago', { t: roughAge(nowMs - module.startedAtMs) })}
          </dd>
        </>
      ) : null}
      {module.seenAtMs && !isUp ? (
        <>
          <dt>{t('system.lastSeen')}</dt>
          <dd title={formats.dateTime(module.seenAtMs)}>{t('common.ago', { t: roughAge(nowMs - module.seenAtMs) })}</dd>
        </>
      ) : null}
      {module.detail ? (
        <>
          <dt>{t('system.detail')}</dt>
          <dd>{detailText(module.detail, t)}</dd>
        </>
      ) : null}
    </dl>
  );
}

function PanelServer() {
  const { t } = useCentralTexts();
  const level = useLinkLevel();
  const nowMs = useServerNow();
  const dataAtMs = useDataAtMs(PANEL);
  return (
    <ModuleCard id="panel" title={t('system.panel')} subtitle={t(`conn.level.${level}`)} isUp={level === 'LIVE'}>
      {dataAtMs ? <span className="muted">{t('system.panelDetail', { t: roughAge(nowMs - dataAtMs) })}</span> : null}
    </ModuleCard>
  );
}

function HalvesCard(props: { id: string; title: string; summary: string; lostText: CentralKey; halves: PointHalves }) {
  const { t } = useCentralTexts();
  const { lost, more } = props.halves;
  return (
    <ModuleCard
      id={props.id}
      title={props.title}
      subtitle={props.summary}
      isUp={lost.length === 0}
      word={t(lost.length === 0 ? 'system.allWell' : 'system.someLost')}
    >
      {lost.length > 0 ? (
        <span>
          {t(props.lostText, { ids: lost.join(', ') })} {more > 0 ? t('system.andMore', { n: more }) : ''}
        </span>
      ) : null}
    </ModuleCard>
  );
}

function PointModules() {
  const { t } = useCentralTexts();
  const points = Object.values(useCollection<PanelPoint>(PANEL, 'points'));
  if (points.length === 0) return null;
  const monitors = monitorHealth(points);
  const engines = engineHealth(points);
  return (
    <>
      <HalvesCard
        id="monitors"
        title={t('system.monitors')}
        summary={t('system.monitorsUp', { up: monitors.up, all: monitors.all })}
        lostText="system.monitorsLost"
        halves={monitors}
      />
      <HalvesCard
        id="engines"
        title={t('system.engines')}
        summary={t('system.enginesUp', { up: engines.up, all: engines.all })}
        lostText="system.enginesLost"
        halves={engines}
      />
    </>
  );
}

function ChannelTable({ list }: { list: ChannelList }) {
  const { t } = useCentralTexts();
  const nowMs = useServerNow();
  const columns = ['system.client', 'system.zone', 'system.channel', 'system.partition', 'system.expires'] as const;
  return (
    <div className={own.scroll} {...SCROLLED_BY_KEYS}>
      <table className={styles.table} data-testid="channels">
        <thead>
          <tr>
            {columns.map((key) => (
              <th key={key} scope="col">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.channels.map((channel) => (
            <tr key={channel.leaseId} data-testid={`channel-${channel.clientId}`}>
              <td className={styles.wide}>
                <strong>{channel.clientId}</strong>
              </td>
              <td data-name={t('system.zone')}>{channel.zone}</td>
              <td data-name={t('system.channel')}>{channel.channelNumber}</td>
              <td data-name={t('system.partition')}>{channel.partition}</td>
              <td data-name={t('system.expires')}>{duration(channel.expiresAtMs - nowMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const CHANNELS_EVERY_MS = 10_000;

function Channels() {
  const { t } = useCentralTexts();
  const asked = useAnswer<ChannelList>(useIsCentralAway() ? undefined : '/api/channels', CHANNELS_EVERY_MS);
  return (
    <Card label={t('system.channels')}>
      <h3>{t('system.channels')}</h3>
      <p className="muted">{t('system.channelsWhat')}</p>
      {asked.problem ? <ProblemNote problem={asked.problem} onRetry={asked.again} /> : null}
      {asked.body || asked.problem ? null : <Loading onRetry={asked.again} />}
      {asked.body?.total === 0 ? <Empty>{t('system.noChannels')}</Empty> : null}
      {asked.body && asked.body.total > 0 ? <ChannelTable list={asked.body} /> : null}
      {asked.body && asked.body.total > asked.body.channels.length ? (
        <p className="muted">{t('system.shownOf', { shown: asked.body.channels.length, all: asked.body.total })}</p>
      ) : null}
    </Card>
  );
}

/** `/sistema`: the health of every part, and who holds which channel. */
export default function SystemPage() {
  const { t } = useCentralTexts();
  const modules = sortedModules(Object.values(useCollection<PanelModule>(PANEL, 'modules')));
  const isReachable = useUpstream(PANEL)?.isCentralReachable ?? true;
  const isSignedIn = useOperator() !== undefined;
  const kindOf = (module: PanelModule) =>
    hasText(`central.kind.${module.kind}`) ? t(`central.kind.${module.kind}` as CentralKey) : module.kind;
  return (
    <div className={styles.page}>
      <h2>{t('system.title')}</h2>
      <ul className={own.modules} data-testid="modules">
        <PanelServer />
        {modules.map((module) => {
          const isUp = isModuleUp(module, isReachable);
          return (
            <ModuleCard
              key={module.moduleId}
              id={module.moduleId}
              title={kindOf(module)}
              subtitle={module.moduleId}
              isUp={isUp}
            >
              <ModuleFacts module={module} isUp={isUp} />
            </ModuleCard>
          );
        })}
        <PointModules />
      </ul>
      {isSignedIn ? <Channels /> : null}
    </div>
  );
}
