import type { ReactNode } from 'react';
import type { LiveSnapshot } from '../../messages/live-stream.ts';
import type { RegistryPoint, RegistryService } from '../../messages/registry-api.ts';
import { TokenOnce } from '../shared/enrolment/token-once.tsx';
import type { Scene } from '../shared/states/scene.ts';
import { registryPoint } from '../testing/scenes.ts';
import { App } from './app.tsx';
import { PointDialog } from './point-dialog.tsx';
import { REGISTRY, showAs } from './session.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const POINTS: readonly RegistryPoint[] = [
  registryPoint('ALC1'),
  registryPoint('ALC2', { authenticatedAtMs: Date.now() - 3 * DAY_MS, latitude: 38.345, longitude: -0.481 }),
  registryPoint('CAS1', {
    status: 'BLOCKED',
    city: 'Castellón de la Plana',
    address: 'Avenida de la Constitución 145 bis, aparcamiento, planta -2',
  }),
  registryPoint('MAD1', {
    ...{ zone: 'MAD', city: 'Madrid', status: 'PENDING', isRegistered: false, registeredAtMs: Date.now() - MINUTE_MS },
    ...{ credentialIssuedAtMs: undefined, authenticatedAtMs: undefined, tokenExpiresAtMs: Date.now() + DAY_MS },
  }),
  registryPoint('SEV1', { status: 'RETIRED', isRegistered: false, isRetired: true, credentialIssuedAtMs: undefined }),
  ...Array.from({ length: 60 }, (_, place) => registryPoint(`VLC${place + 1}`, { zone: 'VLC', city: 'València' })),
];

const service: RegistryService = {
  ...{ version: '1', certificateNotAfterMs: Date.now() + 80 * DAY_MS },
  certificateFingerprint: 'ab12cd34'.repeat(8),
  authorityFingerprint: '99aa00ff'.repeat(8),
};

const snapshot = (points: readonly RegistryPoint[] = POINTS): LiveSnapshot => ({
  points: Object.fromEntries(points.map((point) => [point.cpId, point])),
  service: { service },
});

const as = (role: 'admin' | 'operator') => () =>
  showAs({ operatorId: 'ana', role, expiresAtMs: Date.now() + 60 * MINUTE_MS });
const up = { isCentralReachable: true, isDatabaseUp: true };
const down = { isCentralReachable: false, isDatabaseUp: false };
/** Enough to see every status; only where pages matter there are more. */
const FEW = POINTS.slice(0, 8);
const many = { feeds: { [REGISTRY]: snapshot() } };
const app = { feeds: { [REGISTRY]: snapshot(FEW) }, upstream: up, prepare: as('admin'), render: () => <App /> };
const created = {
  cpId: 'MAD1',
  enrolmentToken: 'q7v1mZ0x2Jc9Yt4Lr8Nw3Kb6Hf5Gd1Sa0Pe7Uo2Ii4A',
  expiresAtMs: Date.now() + DAY_MS,
};
const nothing = () => undefined;

/** A dialog alone, as it stands over the page. */
const dialog = (id: string, render: () => ReactNode): Scene => ({
  ...app,
  id,
  render: () => (
    <main>
      <h1>{id}</h1>
      {render()}
    </main>
  ),
});
const known = Object.fromEntries(POINTS.map((point) => [point.cpId, point]));

/** Every visual state of the Registry's page (`/__states`). */
export const scenes: readonly Scene[] = [
  { id: 'sign-in', prepare: () => showAs(undefined), render: () => <App /> },
  { id: 'no-administrator', prepare: as('operator'), render: () => <App /> },
  { ...app, ...many, id: 'points' },
  { ...app, ...many, id: 'points-second-page', path: '/?page=2&sort=authenticated.desc' },
  { ...app, id: 'points-retired', path: '/?status=RETIRED' },
  { ...app, id: 'points-no-match', path: '/?q=nada' },
  { ...app, id: 'points-none', feeds: { [REGISTRY]: snapshot([]) } },
  { ...app, id: 'points-loading', feeds: {} },
  { ...app, id: 'points-reconnecting', link: 'RECONNECTING' },
  { ...app, id: 'points-offline', link: 'OFFLINE' },
  { ...app, id: 'points-database-lost', upstream: down, dataAgeMs: 48_000 },
  dialog('new-point', () => <PointDialog points={known} onClose={nothing} onCreated={nothing} />),
  dialog('edit-point', () => <PointDialog points={known} cpId="ALC2" onClose={nothing} onCreated={nothing} />),
  dialog('token', () => <TokenOnce created={created} registryUrl="https://127.0.0.1:5002" onClose={nothing} />),
];
