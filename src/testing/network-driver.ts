import type { PointCard, SupplyView, TicketView } from '../messages/entities.ts';
import type { DriverMe } from '../messages/live-stream.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { type LivePage, openLivePage } from './live-page.ts';
import { until } from './until.ts';

/** A driver who is logged in, by the API of the driver app. */
export type DriverPerson = {
  driverId: string;
  app: ApiClient;
  /** The page that this person keeps open; it comes back by itself, and is closed with the network. */
  live: LivePage;
  /** What that page shows now. */
  me(): DriverMe | undefined;
  state(): Promise<DriverMe & { tickets: TicketView[] }>;
  points(): Promise<PointCard[]>;
  /** Presses the button; resolves with the request's id, long before anybody has decided. */
  request(cpId: string, requestId?: string): Promise<string>;
  /** Waits for the answer to a request: the open supply, or the code of the no. */
  answer(requestId: string): Promise<SupplyView | { code: string }>;
  /** Asks and waits until the point waits for the plug. */
  charge(cpId: string): Promise<SupplyView>;
  /** Waits until Central knows that it charges, and the page shows it. */
  untilCharging(supplyId: string): Promise<void>;
  stop(supplyId: string): Promise<void>;
  /** Waits for the ticket of a supply. */
  ticketOf(supplyId: string, withinMs?: number): Promise<TicketView>;
  history(): Promise<TicketView[]>;
  page(): LivePage;
};

const ANSWER_WITHIN_MS = 40_000;
const TICKET_WITHIN_MS = 90_000;

/** Logs a registered driver in; rejects as the app refuses. */
export async function driverPerson(of: {
  appUrl: string;
  driverId: string;
  password: string;
  caFile?: string;
}): Promise<DriverPerson> {
  const { driverId, password, caFile } = of;
  const app = createApiClient({ baseUrl: of.appUrl, caFile });
  await app.post('/api/login', { driverId, password });
  const state = (): Promise<DriverMe & { tickets: TicketView[] }> => app.get('/api/me/state');
  const request = async (cpId: string, requestId: string = crypto.randomUUID()): Promise<string> => {
    await app.post('/api/supplies', { cpId, requestId });
    return requestId;
  };
  const live = openLivePage({ baseUrl: of.appUrl, cookie: app.cookie(), caFile });
  const me = (): DriverMe | undefined => live.entity<DriverMe>('me', 'me', 'me');
  const answer = async (requestId: string): Promise<SupplyView | { code: string }> => {
    let found: SupplyView | { code: string } | undefined;
    const isAnswered = (): boolean => {
      const now = me();
      if (now?.openSupply?.requestId === requestId) found = now.openSupply;
      else if (now?.lastRefusal?.requestId === requestId) found = now.lastRefusal.refusal;
      return found !== undefined;
    };
    await until(`an answer to ${driverId}'s request`, isAnswered, ANSWER_WITHIN_MS);
    return found as SupplyView | { code: string };
  };
  const ticketOf = async (supplyId: string, withinMs = TICKET_WITHIN_MS): Promise<TicketView> => {
    const find = () =>
      Object.values(live.collection<TicketView>('me', 'tickets')).findLast((one) => one.supplyId === supplyId);
    await until(`${driverId}'s ticket of supply ${supplyId}`, () => find() !== undefined, withinMs);
    return find() as TicketView;
  };
  return {
    ...{ driverId, app, live, me, state, request, answer, ticketOf },
    points: async () => (await app.get<{ chargingPoints: PointCard[] }>('/api/charging_points')).chargingPoints,
    async charge(cpId) {
      const requestId = await request(cpId);
      const given = await answer(requestId);
      if ('code' in given) throw new Error(`${driverId} was refused at ${cpId}: ${given.code}`);
      await until(
        `${cpId} waits for ${driverId}'s plug`,
        () => me()?.openSupply?.state === 'PREPARING' || me()?.lastRefusal?.requestId === requestId,
        ANSWER_WITHIN_MS,
      );
      const supply = me()?.openSupply;
      if (supply === undefined) throw new Error(`${driverId} at ${cpId}: ${me()?.lastRefusal?.refusal.code}`);
      return supply;
    },
    async untilCharging(supplyId) {
      const open = () => me()?.openSupply;
      const isCharging = () => open()?.supplyId === supplyId && open()?.state === 'CHARGING';
      await until(`${driverId}'s page shows that ${supplyId} charges`, isCharging, ANSWER_WITHIN_MS);
    },
    stop: (supplyId) => app.post(`/api/supplies/${supplyId}/stop`),
    history: async () => (await app.get<{ tickets: TicketView[] }>('/api/tickets')).tickets,
    page: () => openLivePage({ baseUrl: of.appUrl, cookie: app.cookie(), caFile }),
  };
}
