import type { AuditEntry, AuditLevel, AuditSource } from './audit-record.ts';

function entry(
  source: AuditSource,
  event: { category: AuditEntry['category']; action: string; description: string; parameters?: object },
  level: AuditLevel = 'WARNING',
): AuditEntry {
  const { category, action, description, parameters = {} } = event;
  return { category, action, level, isSuccess: true, source, description, parameters: { ...parameters } };
}

/** What only an administrator does, from the command line or the panel: rare, and always worth a look. */
export const administration = {
  masterKeyRotated: (source: AuditSource, event: { fromId: number; toId: number; values: number }) =>
    entry(source, {
      category: 'SECURITY',
      action: 'MASTER_KEY_ROTATED',
      description: `${event.values} sealed values moved from master key ${event.fromId} to ${event.toId}`,
      parameters: event,
    }),
  joinCodeIssued: (source: AuditSource, event: { name: string; scopes: readonly string[] }) =>
    entry(source, {
      category: 'SECURITY',
      action: 'JOIN_CODE_ISSUED',
      description: `join code ${event.name} issued`,
      parameters: event,
    }),
  hostJoined: (source: AuditSource, event: { kind: string; address: string; names: readonly string[]; name: string }) =>
    entry(source, {
      category: 'SECURITY',
      action: 'HOST_JOINED',
      description: `computer ${event.address} joined as ${event.name}`,
      parameters: event,
    }),
  joinRefused: (source: AuditSource, event: { code: string }) => ({
    ...entry(source, {
      category: 'SECURITY',
      action: 'JOIN_REFUSED',
      description: `a computer was not let into the network: ${event.code}`,
      parameters: event,
    }),
    isSuccess: false,
  }),
  hostCertificateIssued: (source: AuditSource, event: { address: string; names: readonly string[] }) =>
    entry(
      source,
      {
        category: 'SECURITY',
        action: 'HOST_CERTIFICATE',
        description: `certificate of computer ${event.address} renewed`,
        parameters: event,
      },
      'INFO',
    ),
  backupMade: (source: AuditSource, event: { rows: number; bytes: number }) =>
    entry(source, {
      category: 'SYSTEM',
      action: 'BACKUP',
      description: `backup of ${event.rows} rows made`,
      parameters: event,
    }),
  restored: (source: AuditSource, event: { rows: number; madeAt: string }) =>
    entry(source, {
      category: 'SYSTEM',
      action: 'RESTORE',
      description: `${event.rows} rows of the backup of ${event.madeAt} restored`,
      parameters: event,
    }),
  imported: (source: AuditSource, event: { points: number; drivers: number; supplies: number }) =>
    entry(source, {
      category: 'SYSTEM',
      action: 'IMPORT',
      description: `imported ${event.points} points, ${event.drivers} drivers, ${event.supplies} supplies`,
      parameters: event,
    }),
  driverExported: (source: AuditSource, event: { driverId: string }) =>
    entry(source, {
      category: 'SECURITY',
      action: 'DRIVER_EXPORTED',
      description: `all that is kept of driver ${event.driverId} was exported`,
      parameters: event,
    }),
  driverErased: (source: AuditSource, event: { driverId: string }) =>
    entry(source, {
      category: 'SECURITY',
      action: 'DRIVER_ERASED',
      description: `personal data of driver ${event.driverId} erased`,
      parameters: event,
    }),
};

/** Falls of services that the directory noticed (S-REG-12). */
export const directory = {
  serviceLost: (source: AuditSource, event: { kind: string; url: string }) =>
    entry(source, {
      category: 'INCIDENT',
      action: 'SERVICE_LOST',
      description: `${event.kind} at ${event.url} gives no sign of life`,
      parameters: event,
    }),
  serviceBack: (source: AuditSource, event: { kind: string; url: string }) =>
    entry(
      source,
      {
        category: 'INCIDENT',
        action: 'SERVICE_BACK',
        description: `${event.kind} at ${event.url} is back`,
        parameters: event,
      },
      'INFO',
    ),
};
