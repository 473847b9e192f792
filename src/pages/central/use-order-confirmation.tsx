import { type ReactNode, useState } from 'react';
import type { OrderKind } from '../../messages/central-api.ts';
import type { PanelPoint, PanelSupply } from '../../messages/live-stream.ts';
import { useFormats } from '../shared/i18n.ts';
import { liveStore, useCollection } from '../shared/live/live-store.ts';
import { type Confirmation, ConfirmDialog } from '../shared/ui/confirm-dialog.tsx';
import { giveOrder } from './orders.ts';
import { PANEL } from './session.ts';
import { useCentralTexts } from './texts/use-texts.ts';

export type OrderRequest = { kind: OrderKind; points: readonly PanelPoint[]; isForAll?: boolean };

const MAX_NAMED = 20;

function Charging({ rows }: { rows: readonly string[] }) {
  const { t } = useCentralTexts();
  return (
    <ul>
      {rows.slice(0, MAX_NAMED).map((row) => (
        <li key={row}>{row}</li>
      ))}
      {rows.length > MAX_NAMED ? <li>{t('system.andMore', { n: rows.length - MAX_NAMED })}</li> : null}
    </ul>
  );
}

/** Texts of one confirmation: what will happen, to whom, and what stays stopped (ux 2.5). */
function useConfirmation(): (request: OrderRequest) => Omit<Confirmation, 'onConfirm'> {
  const { t } = useCentralTexts();
  const formats = useFormats();
  const supplies = Object.values(useCollection<PanelSupply>(PANEL, 'supplies'));
  return ({ kind, points }) => {
    const readings = liveStore.getState().feeds[PANEL]?.readings;
    // An interrupted one has stopped already; its engine is away.
    const open = supplies.filter(
      (supply) => supply.state !== 'INTERRUPTED' && points.some((point) => point.cpId === supply.cpId),
    );
    const name = points.length === 1 ? points[0]!.cpId : t('central.pointCount', { count: points.length });
    const rows = open.map((supply) =>
      [
        supply.cpId,
        supply.driverId ?? t('common.anonymous'),
        formats.energy(Math.max(supply.energyWh, readings?.[supply.readingIndex]?.energyWh ?? 0)),
      ].join(' · '),
    );
    if (kind === 'RESUME') {
      const held = points.filter((point) => point.reasons.some((reason) => reason !== 'OPERATOR')).length;
      const stays = held > 0 ? ` ${t('central.ask.resumeStays', { count: held })}` : '';
      return {
        title: t('central.ask.resumeTitle', { name }),
        body: t('central.ask.resumeBody') + stays,
        verb: t('central.ask.resumeVerb', { name }),
      };
    }
    const isMany = points.length > 1;
    return {
      title: t(kind === 'END_SUPPLY' ? 'central.ask.endTitle' : 'central.ask.stopTitle', { name }),
      body: (
        <>
          <p>{t(kind === 'END_SUPPLY' ? 'central.ask.endBody' : 'central.ask.stopBody')}</p>
          {rows.length > 0 ? <Charging rows={rows} /> : null}
        </>
      ),
      verb: t(kind === 'END_SUPPLY' ? 'central.ask.endVerb' : 'central.ask.stopVerb', { name }),
      isDanger: true,
      tick: isMany && open.length > 0 ? t('central.ask.interrupts', { count: open.length }) : undefined,
    };
  };
}

/** Gives an order, after a question where it costs somebody a charge or touches many points. */
export function useOrderConfirmation(): { ask(request: OrderRequest): void; dialog: ReactNode } {
  const [request, setRequest] = useState<OrderRequest>();
  const confirmationOf = useConfirmation();
  const supplies = Object.values(useCollection<PanelSupply>(PANEL, 'supplies'));
  const send = ({ kind, points, isForAll }: OrderRequest, isUndoable: boolean) =>
    void giveOrder(kind, isForAll ? { isForAll } : { cpIds: points.map((point) => point.cpId) }, { isUndoable });
  return {
    ask(next) {
      const isIdle = !supplies.some((supply) => next.points.some((point) => point.cpId === supply.cpId));
      if (next.points.length === 1 && (next.kind === 'RESUME' || isIdle)) send(next, true);
      else setRequest(next);
    },
    dialog: request ? (
      <ConfirmDialog
        ask={{ ...confirmationOf(request), onConfirm: () => send(request, false) }}
        onClose={() => setRequest(undefined)}
      />
    ) : null,
  };
}
