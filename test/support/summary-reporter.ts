import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

/** Prints "40 passed, 0 failed" as the very last line, with ", 2 skipped" where tests were skipped. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly unknown[],
    reason: TestRunEndReason,
  ): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++; // a file that did not load
      for (const test of module.children.allTests()) count[test.result().state]++;
    }
    // A run that was interrupted, or whose setup failed, has not passed even if no test says so.
    const failed = count.failed + count.pending || (reason === 'passed' ? 0 : 1);
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    process.once('exit', () =>
      process.stdout.write(`${count.passed} passed, ${failed} failed${skipped}\n`),
    );
  }
}
