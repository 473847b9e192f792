import type { AuditCategory, AuditEntry, AuditLevel, AuditSource } from './audit-record.ts';

/** Use: `audit.record(authentication.loginAccepted(source, { user }))`. One function a business event (S-AUD-03, -05). */
type Details = Pick<AuditEntry, 'parameters' | 'cpId' | 'supplyId'>;
type Form = { category: AuditCategory; action: string; level: AuditLevel; isSuccess: boolean };

function entry(form: Form, source: AuditSource, details: Details & { description: string }): AuditEntry {
  return { ...form, source, ...details };
}

const done = (category: AuditCategory, action: string): Form => ({ category, action, level: 'INFO', isSuccess: true });
const refused = (category: AuditCategory, action: string): Form => ({
  category,
  action,
  level: 'WARNING',
  isSuccess: false,
});
const noticed = (category: AuditCategory, action: string): Form => ({
  category,
  action,
  level: 'WARNING',
  isSuccess: true,
});

/** AUTH: who came in, who went, who was not let in. */
export const authentication = {
  loginAccepted: (source: AuditSource, event: { user: string; role?: string }) =>
    entry(done('AUTH', 'LOGIN'), source, { description: `${event.user} logged in`, parameters: event }),
  loginRefused: (source: AuditSource, event: { user: string; code: string }) =>
    entry(refused('AUTH', 'LOGIN'), source, {
      description: `login of ${event.user} refused: ${event.code}`,
      parameters: event,
    }),
  loggedOut: (source: AuditSource, event: { user: string }) =>
    entry(done('AUTH', 'LOGOUT'), source, { description: `${event.user} logged out`, parameters: event }),
  driverRegistered: (source: AuditSource, event: { driverId: string }) =>
    entry(done('AUTH', 'DRIVER_REGISTER'), source, {
      description: `driver ${event.driverId} registered`,
      parameters: event,
    }),
  driverRegistrationRefused: (source: AuditSource, event: { driverId: string; code: string }) =>
    entry(refused('AUTH', 'DRIVER_REGISTER'), source, {
      description: `registration of driver ${event.driverId} refused: ${event.code}`,
      parameters: event,
    }),
  pointRegistered: (source: AuditSource, event: { cpId: string; isRepeated: boolean }) =>
    entry(done('AUTH', 'CP_REGISTER'), source, {
      cpId: event.cpId,
      description: `${event.cpId} registered`,
      parameters: event,
    }),
  pointRegistrationRefused: (source: AuditSource, event: { cpId: string; code: string }) =>
    entry(refused('AUTH', 'CP_REGISTER'), source, {
      cpId: event.cpId,
      description: `registration of ${event.cpId} refused: ${event.code}`,
      parameters: event,
    }),
  pointUnregistered: (source: AuditSource, event: { cpId: string }) =>
    entry(done('AUTH', 'CP_UNREGISTER'), source, { cpId: event.cpId, description: `${event.cpId} was retired` }),
  pointAuthenticated: (source: AuditSource, event: { cpId: string; intent: string; epoch?: number }) =>
    entry(done('AUTH', 'CP_AUTHENTICATE'), source, {
      cpId: event.cpId,
      description: `${event.cpId} authenticated`,
      parameters: event,
    }),
  pointAuthenticationRefused: (source: AuditSource, event: { cpId: string; code: string }) =>
    entry(refused('AUTH', 'CP_AUTHENTICATE'), source, {
      cpId: event.cpId,
      description: `authentication of ${event.cpId} refused: ${event.code}`,
      parameters: event,
    }),
  enrolmentTokenIssued: (source: AuditSource, event: { cpId?: string; uses: number }) =>
    entry(done('AUTH', 'ENROLMENT_TOKEN'), source, {
      cpId: event.cpId,
      description: `enrolment token issued for ${event.cpId ?? `${event.uses} points`}`,
      parameters: event,
    }),
};

type Supply = { cpId: string; supplyId: string; driverId: string };

/** CHARGE: the life of a supply. */
export const charge = {
  requested: (source: AuditSource, event: { cpId: string; driverId: string; requestId: string; supplyId?: string }) =>
    entry(done('CHARGE', 'CHARGE_REQUEST'), source, {
      ...idsOf(event),
      description: `${event.driverId} asks for ${event.cpId}`,
      parameters: { driverId: event.driverId, requestId: event.requestId },
    }),
  denied: (source: AuditSource, event: { cpId: string; driverId: string; code: string; supplyId?: string }) =>
    entry({ ...refused('CHARGE', 'CHARGE_DENIED'), level: 'INFO' }, source, {
      ...idsOf(event),
      description: `${event.cpId} denied to ${event.driverId}: ${event.code}`,
      parameters: { driverId: event.driverId, code: event.code },
    }),
  authorised: (source: AuditSource, event: Supply) =>
    entry(done('CHARGE', 'CHARGE_AUTHORISED'), source, {
      ...idsOf(event),
      description: `${event.driverId} may plug in at ${event.cpId}`,
      parameters: { driverId: event.driverId },
    }),
  started: (source: AuditSource, event: Supply) =>
    entry(done('CHARGE', 'CHARGE_START'), source, {
      ...idsOf(event),
      description: `${event.driverId} charges at ${event.cpId}`,
      parameters: { driverId: event.driverId },
    }),
  stopRequested: (source: AuditSource, event: Supply & { reason: string }) =>
    entry(done('CHARGE', 'CHARGE_STOP_REQUEST'), source, {
      ...idsOf(event),
      description: `${event.cpId} is to stop: ${event.reason}`,
      parameters: { driverId: event.driverId, reason: event.reason },
    }),
  ended: (
    source: AuditSource,
    event: Supply & {
      reason: string;
      energyWh: number;
      amountCents: number;
      ticketNumber: string | number;
      isEstimated: boolean;
    },
  ) =>
    entry(done('CHARGE', 'CHARGE_STOP'), source, {
      ...idsOf(event),
      description: `${event.cpId} gave ${event.energyWh} Wh to ${event.driverId}: ${event.reason}`,
      parameters: { ...event, cpId: undefined, supplyId: undefined },
    }),
  corrected: (
    source: AuditSource,
    event: Supply & { energyWh: number; amountCents: number; ticketNumber: string | number },
  ) =>
    entry(noticed('CHARGE', 'CHARGE_CORRECTED'), source, {
      ...idsOf(event),
      description: `corrective ticket of ${event.energyWh} Wh for ${event.driverId}`,
      parameters: { ...event, cpId: undefined, supplyId: undefined },
    }),
  interrupted: (source: AuditSource, event: Supply & { cause: string }) =>
    entry(noticed('CHARGE', 'CHARGE_INTERRUPTED'), source, {
      ...idsOf(event),
      description: `supply at ${event.cpId} interrupted: ${event.cause}`,
      parameters: { driverId: event.driverId, cause: event.cause },
    }),
};

/** INCIDENT: what broke outside of us: disconnections and time-outs. */
export const incident = {
  centralDisconnected: (source: AuditSource, event: { silentMs: number }) =>
    entry(noticed('INCIDENT', 'CENTRAL_DISCONNECTED'), source, {
      description: 'cannot connect to Central',
      parameters: event,
    }),
  centralReconnected: (source: AuditSource, event: { silentMs: number }) =>
    entry(done('INCIDENT', 'CENTRAL_RECONNECTED'), source, { description: 'Central is back', parameters: event }),
  monitorDisconnected: (source: AuditSource, event: { cpId: string; cause: string }) =>
    entry(noticed('INCIDENT', 'MONITOR_DISCONNECTED'), source, {
      cpId: event.cpId,
      description: `monitor of ${event.cpId} is lost: ${event.cause}`,
      parameters: { cause: event.cause },
    }),
  engineFailed: (source: AuditSource, event: { cpId: string; cause: string }) =>
    entry(noticed('INCIDENT', 'ENGINE_FAULT'), source, {
      cpId: event.cpId,
      description: `engine of ${event.cpId} is KO: ${event.cause}`,
      parameters: { cause: event.cause },
    }),
  engineRecovered: (source: AuditSource, event: { cpId: string }) =>
    entry(done('INCIDENT', 'ENGINE_RECOVERED'), source, {
      cpId: event.cpId,
      description: `engine of ${event.cpId} is OK again`,
    }),
  channelLost: (source: AuditSource, event: { cpId?: string; cause: string }) =>
    entry(noticed('INCIDENT', 'CHANNEL_LOST'), source, {
      cpId: event.cpId,
      description: `no channel: ${event.cause}`,
      parameters: { cause: event.cause },
    }),
  timedOut: (source: AuditSource, event: { what: string; cpId?: string; supplyId?: string }) =>
    entry(noticed('INCIDENT', 'TIMEOUT'), source, { ...idsOf(event), description: `no answer in time: ${event.what}` }),
};

/** STATUS: what a charging point became, and who ordered it. */
export const status = {
  pointChanged: (
    source: AuditSource,
    event: { cpId: string; from?: string; to: string; reasons?: readonly string[] },
  ) =>
    entry(done('STATUS', 'CP_STATE'), source, {
      cpId: event.cpId,
      description: `${event.cpId} is ${event.to}`,
      parameters: event,
    }),
  holdSet: (source: AuditSource, event: { cpId: string; kind: string }) =>
    entry(done('STATUS', 'HOLD_SET'), source, {
      cpId: event.cpId,
      description: `${event.kind} hold on ${event.cpId}`,
      parameters: event,
    }),
  holdDropped: (source: AuditSource, event: { cpId: string; kind: string }) =>
    entry(done('STATUS', 'HOLD_DROPPED'), source, {
      cpId: event.cpId,
      description: `${event.kind} hold of ${event.cpId} dropped`,
      parameters: event,
    }),
  orderSettled: (
    source: AuditSource,
    event: { cpId: string; orderId: string; kind: string; state: string; code?: string },
  ) =>
    entry({ ...done('STATUS', 'ORDER'), isSuccess: event.state === 'APPLIED' }, source, {
      cpId: event.cpId,
      description: `order ${event.kind} on ${event.cpId}: ${event.state}`,
      parameters: event,
    }),
  pointAdded: (source: AuditSource, event: { cpId: string; zone: string }) =>
    entry(done('STATUS', 'CP_ADDED'), source, {
      cpId: event.cpId,
      description: `${event.cpId} added in ${event.zone}`,
      parameters: event,
    }),
  pointEdited: (source: AuditSource, event: { cpId: string; changed: readonly string[] }) =>
    entry(done('STATUS', 'CP_EDITED'), source, {
      cpId: event.cpId,
      description: `${event.cpId} edited`,
      parameters: event,
    }),
};

/** ERROR: ours or a peer's, of connection or validation. */
export const error = {
  connectionFailed: (source: AuditSource, event: { target: string; cause: string }) =>
    entry({ ...refused('ERROR', 'CONNECTION_ERROR'), level: 'ERROR' }, source, {
      description: `cannot reach ${event.target}: ${event.cause}`,
      parameters: event,
    }),
  messageInvalid: (source: AuditSource, event: { type: string; problem: string; cpId?: string }) =>
    entry(refused('ERROR', 'VALIDATION_ERROR'), source, {
      cpId: event.cpId,
      description: `${event.type} is not valid: ${event.problem}`,
      parameters: event,
    }),
  faultCaught: (
    source: AuditSource,
    event: { where: string; code: string; problem: string; cpId?: string; supplyId?: string },
  ) =>
    entry({ ...refused('ERROR', 'FAULT'), level: 'ERROR' }, source, {
      ...idsOf(event),
      description: `${event.where}: ${event.problem}`,
      parameters: { where: event.where, code: event.code },
    }),
  supplySuspect: (source: AuditSource, event: { cpId: string; supplyId: string; reasons: readonly string[] }) =>
    entry(noticed('ERROR', 'SUPPLY_SUSPECT'), source, {
      ...idsOf(event),
      description: `figures of ${event.cpId} are suspect: ${event.reasons.join(', ')}`,
      parameters: { reasons: event.reasons },
    }),
};

/** SECURITY: blocks, revocations, what looks like an attack. */
export const security = {
  keyRevoked: (source: AuditSource, event: { cpId: string; keyId: string; closingSupplyId?: string }) =>
    entry(noticed('SECURITY', 'KEY_REVOKED'), source, {
      cpId: event.cpId,
      description: `key of ${event.cpId} revoked`,
      parameters: event,
    }),
  credentialRevoked: (source: AuditSource, event: { cpId: string }) =>
    entry(noticed('SECURITY', 'CREDENTIAL_REVOKED'), source, {
      cpId: event.cpId,
      description: `secret of ${event.cpId} revoked`,
    }),
  keyIssued: (source: AuditSource, event: { cpId: string; keyId: string }) =>
    entry(done('SECURITY', 'KEY_ISSUED'), source, {
      cpId: event.cpId,
      description: `new key for ${event.cpId}`,
      parameters: event,
    }),
  keyInstalled: (source: AuditSource, event: { cpId: string; keyId: string }) =>
    entry(done('SECURITY', 'KEY_INSTALLED'), source, {
      cpId: event.cpId,
      description: `key of ${event.cpId} installed`,
      parameters: event,
    }),
  recordRefused: (source: AuditSource, event: { code: string; topic?: string; keyId?: string; cpId?: string }) =>
    entry(refused('SECURITY', 'RECORD_REFUSED'), source, {
      cpId: event.cpId,
      description: `record of ${source.entity} refused: ${event.code}`,
      parameters: event,
    }),
  connectionRefused: (source: AuditSource, event: { where: string; cause: string }) =>
    entry(refused('SECURITY', 'CONNECTION_REFUSED'), source, {
      description: `connection to ${event.where} refused: ${event.cause}`,
      parameters: event,
    }),
  accessRefused: (source: AuditSource, event: { method: string; path: string; code: string }) =>
    entry(refused('SECURITY', 'ACCESS_REFUSED'), source, {
      description: `${event.method} ${event.path} refused: ${event.code}`,
      parameters: event,
    }),
  accountLocked: (source: AuditSource, event: { user: string; untilMs: number }) =>
    entry(noticed('SECURITY', 'ACCOUNT_LOCKED'), source, {
      description: `${event.user} is locked out`,
      parameters: event,
    }),
  rateLimited: (source: AuditSource, event: { what: string }) =>
    entry(refused('SECURITY', 'RATE_LIMITED'), source, { description: `too many: ${event.what}`, parameters: event }),
  supplyOfAnother: (source: AuditSource, event: { cpId: string; supplyId: string; message: string }) =>
    entry(refused('SECURITY', 'SUPPLY_OF_ANOTHER'), source, {
      ...idsOf(event),
      description: `${event.message} about a supply of another point`,
      parameters: { message: event.message },
    }),
  secretRevealed: (source: AuditSource, event: { cpId: string }) =>
    entry(noticed('SECURITY', 'SECRET_REVEALED'), source, {
      cpId: event.cpId,
      description: `secret of ${event.cpId} was shown`,
    }),
  operatorChanged: (
    source: AuditSource,
    event: {
      operatorId: string;
      change: 'CREATED' | 'PASSWORD_RESET' | 'ROLE_CHANGED' | 'DISABLED' | 'ENABLED';
      role?: string;
    },
  ) =>
    entry(noticed('SECURITY', `OPERATOR_${event.change}`), source, {
      description: `operator ${event.operatorId}: ${event.change.toLowerCase().replace('_', ' ')}`,
      parameters: event,
    }),
  auditExported: (source: AuditSource, event: { format: string; filter: object }) =>
    entry(noticed('SECURITY', 'AUDIT_EXPORTED'), source, {
      description: `audit exported as ${event.format}`,
      parameters: event,
    }),
  apiTokenChanged: (
    source: AuditSource,
    event: { name: string; change: 'CREATED' | 'REVOKED'; scopes: readonly string[] },
  ) =>
    entry(noticed('SECURITY', `API_TOKEN_${event.change}`), source, {
      description: `API token ${event.name} ${event.change.toLowerCase()}`,
      parameters: event,
    }),
};

/** SYSTEM: our own processes. */
export const system = {
  started: (source: AuditSource, event: { version?: string } = {}) =>
    entry(done('SYSTEM', 'START'), source, { description: `${source.entity} started`, parameters: event }),
  stopped: (source: AuditSource, event: { reason?: string } = {}) =>
    entry(done('SYSTEM', 'STOP'), source, { description: `${source.entity} stopped`, parameters: event }),
  journalUnwritable: (source: AuditSource, event: { cause: string; cpId?: string }) =>
    entry({ ...noticed('SYSTEM', 'JOURNAL_UNWRITABLE'), level: 'ERROR', isSuccess: false }, source, {
      cpId: event.cpId,
      description: 'the journal cannot be written',
      parameters: { cause: event.cause },
    }),
  journalDamaged: (source: AuditSource, event: { segment: string; lineNumber: number }) =>
    entry({ ...noticed('SYSTEM', 'JOURNAL_DAMAGED'), isSuccess: false }, source, {
      description: `line ${event.lineNumber} of ${event.segment} is damaged`,
      parameters: event,
    }),
  certificateRenewed: (source: AuditSource, event: { subject: string; notAfterMs: number }) =>
    entry(done('SYSTEM', 'CERTIFICATE_RENEWED'), source, {
      description: `certificate of ${event.subject} renewed`,
      parameters: event,
    }),
  auditTrimmed: (source: AuditSource, event: { monthCount: number }) =>
    entry(done('SYSTEM', 'AUDIT_TRIMMED'), source, {
      description: `audit of ${event.monthCount} months that are over was removed from the table`,
      parameters: event,
    }),
  settingChanged: (source: AuditSource, event: { setting: string }) =>
    entry(done('SYSTEM', 'SETTING_CHANGED'), source, {
      description: `setting ${event.setting} changed`,
      parameters: event,
    }),
};

function idsOf(event: { cpId?: string; supplyId?: string }): Details {
  return {
    ...(event.cpId !== undefined && { cpId: event.cpId }),
    ...(event.supplyId !== undefined && { supplyId: event.supplyId }),
  };
}
