import { join } from 'node:path';
import { isIpAddress } from '../io/sockets/ip-address.ts';
import { type DatabaseGuest, databaseGuests, type NetworkPlan, networkFiles } from './network-plan.ts';
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
export const DATABASE_SUBJECT = 'postgres';

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
  return [loginFrom(`${LOOPBACK}/32`), ...guestRules(databaseGuests(plan)), ''].join('\n');
}

/** The rule for a network that is trusted with any login. */
export function loginFrom(network: string): string {
  return `host all all ${network} scram-sha-256`;
}

/** The rules for guests: each by the login of its service, over TLS. */
export function guestRules(guests: readonly DatabaseGuest[]): string[] {
  const database = process.env.EV_DATABASE_NAME || 'ev_charging';
  // In quotation marks a computer that is called `all` or `samenet` is a computer.
  return guests.map(
    ({ service, host }) => `hostssl "${database}" "${database}_${service}" "${withMask(host)}" scram-sha-256`,
  );
}

function withMask(host: string): string {
  if (!isIpAddress(host)) return host;
  return host.includes(':') ? `${host}/128` : `${host}/32`;
}

function certificateFolder(plan: NetworkPlan): string {
  return join(plan.varFolder, 'postgres-certificate');
}

function certificateOf(plan: NetworkPlan): ServerCertificate {
  return { subject: DATABASE_SUBJECT, folder: certificateFolder(plan), names: [plan.publicHost], ...signerOf(plan) };
}
