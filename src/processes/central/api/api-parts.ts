import type { Audit } from '../../../io/audit/audit.ts';
import type { Clock } from '../../../io/clock.ts';
import type { Passwords } from '../../../io/crypto/password.ts';
import type { LiveFeed } from '../../../io/live/live-feed.ts';
import type { Log } from '../../../io/log.ts';
import type { Database } from '../../../io/postgres/database.ts';
import type { NetworkTrust } from '../../../io/postgres/network-trust.ts';
import type { NewPoint, OperatorRole, PointCreated, TokenScope } from '../../../messages/central-api.ts';
import type { NetworkAddresses, TrustedKind } from '../../../messages/join-api.ts';
import type { PanelOrder, PanelPoint, PanelSupply } from '../../../messages/live-stream.ts';
import type { NewPanelMessage } from '../../../messages/shown-codes.ts';
import type { Actor, PointChanges } from '../parts.ts';
import type { LoadHistory } from '../picture/load-history.ts';
import type { SupplyCurves } from '../picture/supply-curves.ts';
import type { CentralWeather } from '../weather/weather.ts';

/** What the API needs of Central's other rooms; made in central.ts. */
export type ApiParts = {
  database: Database;
  /** The authority that signs for computers that join. */
  trust: NetworkTrust;
  joining: JoiningParts;
  points: PointChanges;
  picture: {
    points(): Iterable<PanelPoint>;
    point(cpId: string): PanelPoint | undefined;
    supplies(): Iterable<PanelSupply>;
    readonly feeds: { public: LiveFeed; operator: LiveFeed };
    refresh(cpIds: Iterable<string>): void;
    /** Resolves when what was asked to be read again has been. */
    settled(): Promise<void>;
    showOrder(order: PanelOrder): void;
    say(message: NewPanelMessage): void;
  };
  /** The point as it is after a change, read from the database. */
  freshPoint(cpId: string): Promise<PanelPoint>;
  /** The number of a supply's newest ticket. */
  ticketNumberOf(supplyId: string): Promise<number>;
  enrolment: {
    /** Creates the point and its one-use token; `CP_EXISTS` if it is there and not retired. */
    create(point: NewPoint, actor: Actor): Promise<PointCreated | { refusal: 'CP_EXISTS' }>;
    /** Retires it: `SUPPLY_OPEN` while a supply holds it, `CP_UNKNOWN` if it is not there. */
    retire(cpId: string, actor: Actor): Promise<'RETIRED' | 'SUPPLY_OPEN' | 'CP_UNKNOWN'>;
  };
  weather: CentralWeather;
  keys: {
    /** POST /api/authenticate: the ACTIVE key, else the PENDING one; never replaces one. */
    authenticate(
      credentials: { cpId: string; secret: string },
      actor: Actor,
    ): Promise<{ keyId: string; keyBase64: string } | { refusal: string }>;
    revoke(cpId: string, actor: Actor): Promise<'REVOKED' | 'NO_KEY' | 'CP_UNKNOWN'>;
  };
  /** Somebody's logins were ended from here. */
  onDriverGone(): void;
  /** What the network gave over the last hour. */
  load: LoadHistory;
  /** What each running supply has given so far. */
  curves: SupplyCurves;
  /** How long an authorised supply waits for the plug. */
  plugTimeoutMs: number;
  /** May anybody read points and supplies (R2-05, D-15)? */
  isPanelPublic: boolean;
  /** Shared with the drivers' logins: two computations at once for the whole process. */
  passwords: Passwords;
  clock: Clock;
  log: Log;
  audit: Audit;
};

/** What a computer that joins is given beside certificate and tokens. */
export type JoiningParts = {
  /** Where the network's heart is now. */
  addresses(): NetworkAddresses;
  /** Addresses or names of the computers that may join as that. */
  guests(kind: TrustedKind): string[];
  /** Undefined where the database is for this computer alone: no Registry and no further Central may join. */
  heartFor(kind: TrustedKind): { databaseUrl: string; masterKey: string } | undefined;
};

/** Who sends a request: a person with a login, a machine with a token, or anybody. */
export type Caller =
  | { kind: 'operator'; operatorId: string; role: OperatorRole; expiresAtMs: number; tokenSha256: Buffer }
  | { kind: 'machine'; name: string; scopes: readonly TokenScope[] }
  | { kind: 'anybody' };
