import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One group of tests: where its files are, how many run at once, how long one test and the group may take. The limits are for
 * what hangs: a machine that is three times slower does not meet them, and with one group that hangs the whole run still
 * ends within its hour.
 */
export type TestGroup = {
  name: string;
  patterns: readonly string[];
  excluded?: RegExp;
  atOnce: number;
  testWithinMs: number;
  groupWithinMs: number;
  needsServices: boolean;
};

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** All test groups, from the quickest to the slowest. */
export const TEST_GROUPS: readonly TestGroup[] = [
  {
    ...{ name: 'architecture', patterns: ['tests/*.test.ts'], atOnce: 2, needsServices: false },
    ...{ testWithinMs: 30 * SECOND, groupWithinMs: 2 * MINUTE },
  },
  {
    ...{
      name: 'unit',
      patterns: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
      excluded: /\.(int|flow)\.test\.tsx?$/,
      // More than the smallest machine has cores: some files wait for second hands, not for the processor.
      atOnce: 4,
    },
    ...{ needsServices: false, testWithinMs: MINUTE, groupWithinMs: 5 * MINUTE },
  },
  {
    ...{ name: 'edge', patterns: ['src/**/*.int.test.ts'], atOnce: 2, needsServices: true },
    ...{ testWithinMs: 2 * MINUTE, groupWithinMs: 15 * MINUTE },
  },
  { ...flowGroup('flows'), groupWithinMs: 25 * MINUTE },
  { ...flowGroup('failures'), groupWithinMs: 12 * MINUTE },
  { ...flowGroup('crash'), groupWithinMs: 15 * MINUTE },
  { ...flowGroup('containers'), needsServices: false, testWithinMs: 15 * MINUTE, groupWithinMs: 20 * MINUTE },
  { ...flowGroup('deploy'), needsServices: false, groupWithinMs: 25 * MINUTE },
  { ...flowGroup('pages'), groupWithinMs: 30 * MINUTE },
];

/** The groups of the quick check. */
export const QUICK_GROUPS: readonly TestGroup[] = TEST_GROUPS.filter((group) =>
  ['architecture', 'unit'].includes(group.name),
);

function flowGroup(name: string): Omit<TestGroup, 'groupWithinMs'> {
  return { name, patterns: [`tests/${name}/**/*.test.ts`], atOnce: 1, testWithinMs: 8 * MINUTE, needsServices: true };
}

/** The group's files, the largest first (a long one that starts last would be waited for alone), relative to the project. */
export function filesOf(group: TestGroup, projectFolder: string): string[] {
  const found = group.patterns.flatMap((pattern) =>
    globSync(pattern, { cwd: projectFolder, exclude: ['**/node_modules/**'] }),
  );
  return [...new Set(found)]
    .filter((file) => group.excluded === undefined || !group.excluded.test(file))
    .map((file) => ({ file: join(file), bytes: statSync(join(projectFolder, file)).size }))
    .sort((one, other) => other.bytes - one.bytes || one.file.localeCompare(other.file))
    .map(({ file }) => file);
}
