import { join } from 'node:path';
import { isIpAddress } from '../io/sockets/ip-address.ts';
import { databaseGuests, type NetworkPlan, networkFiles } from './network-plan.ts';
import type { PostgresOptions } from './postgres.ts';
import {
  ensureServerCertificate,
  isServerCertificateGood,
  type ServerCertificate,
  serverCertificateFiles,
  signerOf,
} from './server-certificate.ts';
import type { Say } from './step.ts';

const LOOPBACK = '127.0.0.1';
/** Not the broker's: its common name is a user of Kafka. */
const SUBJECT = 'postgres';

/** Where the local PostgreSQL lives: on loopback alone, and for the computers of Registry and further Centrals over TLS (D-16). */
export function postgresOptions(plan: NetworkPlan, say: Say): PostgresOptions {
  return {
    projectFolder: plan.projectFolder,
    dataFolder: join(plan.varFolder, 'postgres'),
    passwordFile: join(networkFiles(plan).secrets, 'postgres-superuser.password'),
    host: LOOPBACK,
    port: plan.ports.postgres,
    ...(isDatabaseOpen(plan) && {
      beyond: {
        host: plan.host,
        keyFile: serverCertificateFiles(certificateFolder(plan)).keyFile,
        accessRules: accessRules(plan),
      },
    }),
    say,
  };
}

/** Guests can come in: there are some, and the server has its certificate. */
export function isDatabaseOpen(plan: NetworkPlan): boolean {
  return databaseGuests(plan).length > 0 && isServerCertificateGood(certificateOf(plan));
}

/** Has the certificate signed, if there are guests; the server must run and be set up. */
export async function openDatabaseToGuests(plan: NetworkPlan): Promise<void> {
  if (databaseGuests(plan).length > 0) await ensureServerCertificate(certificateOf(plan));
}

/** `pg_hba.conf`: this computer, and of each guest the login of its service over TLS alone. */
export function accessRules(plan: NetworkPlan): string {
  const database = process.env.EV_DATABASE_NAME || 'ev_charging';
  // In quotation marks a computer that is called `all` or `samenet` is a computer.
  const guests = databaseGuests(plan).map(
    ({ service, host }) => `hostssl "${database}" "${database}_${service}" "${withMask(host)}" scram-sha-256`,
  );
  return [`host all all ${LOOPBACK}/32 scram-sha-256`, ...guests, ''].join('\n');
}

function withMask(host: string): string {
  if (!isIpAddress(host)) return host;
  return host.includes(':') ? `${host}/128` : `${host}/32`;
}

function certificateFolder(plan: NetworkPlan): string {
  return join(plan.varFolder, 'postgres-certificate');
}

function certificateOf(plan: NetworkPlan): ServerCertificate {
  return { subject: SUBJECT, folder: certificateFolder(plan), names: [plan.publicHost], ...signerOf(plan) };
}
