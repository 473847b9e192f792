import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGuide } from './deployment-guide.ts';

const PRINTED = `  On the other computers, once within 24 hours (later starts need no code):
    EV_JOIN=ev1.points ./EV_CP/start.sh 10.213.7.10 8020
    EV_JOIN=ev1.drivers ./EV_Driver/start.sh 10.213.7.10 9092`;

test('a line of the guide has the addresses of the test and the code that Central printed for such a line', async () => {
  const guide = await readGuide('10.213.7', 'Three computers');
  assert.equal(
    guide.says(/EV_CP\/start\.sh \d/, PRINTED),
    'EV_JOIN=ev1.points ./EV_CP/start.sh 10.213.7.10 8020 CP001 CP002',
  );
  assert.equal(guide.says(/^\.\/EV_Driver\/start\.sh$/), './EV_Driver/start.sh');
  assert.throws(() => guide.says(/EV_Nobody/), /docs\/deployment\.md has no command like/);
});

test('several headings are read in the order in which they are named, and no other', async () => {
  const { lines } = await readGuide('10.213.7', 'One computer', 'Registry on the third computer');
  assert.deepEqual(lines, [
    ...(await readGuide('10.213.7', 'One computer')).lines,
    ...(await readGuide('10.213.7', 'Registry on the third computer')).lines,
  ]);
  assert.equal(lines[0], './start.sh 10.213.7.10');
  assert.deepEqual((await readGuide('10.213.7', 'No such heading')).lines, []);
});
