import { argumentsOf } from '../../io/command-line.ts';
import { backup } from './backup.ts';
import type { AdminCommand } from './command.ts';
import { driver } from './drivers.ts';
import { enrolPoint } from './enrolment.ts';
import { importFile } from './import.ts';
import { initialiseNetwork } from './init.ts';
import { rotate } from './master-key.ts';
import { addOperator, operators, resetOperatorPassword } from './operators.ts';
import { revokeKey, settleSupply, showSecret } from './points.ts';
import { restore } from './restore.ts';
import { services } from './services.ts';
import { joinCode, tokens } from './tokens.ts';

/** Every command of `ev admin`, in the order of the help. */
export const COMMANDS: Readonly<Record<string, AdminCommand>> = {
  init: {
    forms: [['init', 'make what the network lacks; safe at every start']],
    run: (parts, args) => {
      argumentsOf(args, { positionals: [] });
      return initialiseNetwork(parts);
    },
  },
  'create-admin': {
    forms: [['create-admin NAME', 'a new administrator; prints the password, once']],
    run: (parts, args) => {
      const { positionals } = argumentsOf(args, { positionals: ['NAME'] });
      return addOperator(parts, { name: positionals[0], role: 'admin' });
    },
  },
  operators: {
    forms: [
      ['operators list', 'who may log in, their roles and logins'],
      ['operators add NAME [ROLE]', 'viewer, operator (default) or admin; prints the password, once'],
      ['operators role NAME ROLE', 'another role, from the next request on'],
      ['operators disable NAME', 'no login any more; ends the sessions'],
      ['operators enable NAME', 'the way back'],
      ['operators reset-password NAME', 'prints a new password, unlocks, ends the sessions'],
    ],
    run: operators,
  },
  'reset-password': {
    forms: [['reset-password NAME', 'the same as operators reset-password']],
    run: (parts, args) => {
      const { positionals } = argumentsOf(args, { positionals: ['NAME'] });
      return resetOperatorPassword(parts, positionals[0]);
    },
  },
  enrol: {
    forms: [
      ['enrol CP --zone Z --city C --country CC --address A --price-e4 N --power-w N', 'a new point and its token'],
      ['enrol CP', 'a new enrolment token for a point that is there'],
      ['enrol --uses N [--zone Z]', 'one token by which N points of a fleet register (EV_ENROLMENT_TOKEN)'],
    ],
    run: enrolPoint,
  },
  'join-code': {
    forms: [
      [
        'join-code NAME [--for points|drivers|registry|central] [--days 1] [--file F]',
        'by which another computer joins (EV_JOIN); --file writes it there, and ends the one of before',
      ],
    ],
    run: joinCode,
  },
  tokens: {
    forms: [
      ['tokens list', 'machine tokens; their texts are kept nowhere'],
      ['tokens create NAME --scopes A,B [--days 365]', 'prints the token, once'],
      ['tokens revoke NAME', 'it is no good any more'],
    ],
    run: tokens,
  },
  'revoke-key': {
    forms: [['revoke-key CP', 'ends the encryption key of a point (a running Central does it)']],
    run: revokeKey,
  },
  'show-secret': {
    forms: [['show-secret CP', "a point's secret from its sealed copy; audited"]],
    run: showSecret,
  },
  settle: {
    forms: [['settle SUPPLY', 'closes an interrupted supply from its last snapshot (a running Central does it)']],
    run: settleSupply,
  },
  driver: {
    forms: [
      ['driver export ID FILE', 'all that is kept of a driver, as JSON'],
      ['driver erase ID --yes', 'erases what is personal; the id and its tickets stay'],
    ],
    run: driver,
  },
  import: {
    forms: [
      [
        'import bd.json --zone Z [--skip-refused]',
        'points, drivers and charges of the earlier JSON file; twice is once',
      ],
    ],
    run: importFile,
  },
  services: { forms: [['services', 'the directory of services and who of them lives']], run: services },
  'rotate-master-key': {
    forms: [['rotate-master-key', 'seals every secret anew; Central and Registry must be stopped; may be run again']],
    run: rotate,
  },
  backup: {
    forms: [['backup FILE --passphrase-file F', 'the whole database, authority and master key, encrypted']],
    run: backup,
  },
  restore: {
    forms: [['restore FILE --passphrase-file F [--replace]', 'the way back; Central and Registry must be stopped']],
    run: restore,
  },
};
