import { after } from 'node:test';

/** Longer than any file's own `after` takes to stop what it has started. */
const LEAVES_AFTER_MS = 90_000;

// Loaded into the process of each test file: one in which a test has left something open fails, instead of keeping the run for ever.
if (process.env.NODE_TEST_CONTEXT?.startsWith('child') === true)
  after(() => {
    setTimeout(() => {
      const left = process.getActiveResourcesInfo().join(' ');
      process.stderr.write(`long after the tests of this file something is still open (${left}): it is ended\n`);
      process.exit(1);
    }, LEAVES_AFTER_MS).unref();
  });
