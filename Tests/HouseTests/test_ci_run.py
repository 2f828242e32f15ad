"""`.ci/run`: the closing line and the exit status, for every way in which a run of the tests can end."""

import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What `swift test` (Swift 6.3) prints when it is not on a terminal.
XCTEST = """\
Test Suite 'All tests' started at 2026-11-23 02:01:31.659
Test Suite 'All tests' passed at 2026-11-23 02:01:31.661
\t Executed 0 tests, with 0 failures (0 unexpected) in 0.0 (0.0) seconds
"""
PASSED = XCTEST + """\
◇ Test run started.
↳ Testing Library Version: 6.3.1 (937120cbc281cf2)
◇ Suite "S" started.
◇ Test good() started.
◇ Test "it failed after 3 seconds." started.
✔ Test good() passed after 0.001 seconds.
✔ Test "it failed after 3 seconds." passed after 0.001 seconds.
✔ Suite "S" passed after 0.002 seconds.
✔ Test run with 2 tests in 1 suite passed after 0.002 seconds.
"""
MIXED = XCTEST + """\
◇ Test run started.
◇ Test "named one failed after 3 seconds." started.
➜ Test skipped() skipped: "no golden"
➜ Test "another" skipped.
✘ Test "Cases" recorded an issue with 1 argument n → 1 at a.swift:5:57: Expectation failed: (n → 1) > 2
✘ Test "Cases" recorded an issue with 1 argument n → 2 at a.swift:5:57: Expectation failed: (n → 2) > 2
✘ Test "named one failed after 3 seconds." failed after 0.001 seconds with 2 issues.
➜ Test cancelled() was cancelled after 0.001 seconds: "not here"
━ Test known() passed after 0.001 seconds with 1 known issue.
✔ Test good() passed after 0.001 seconds.
✔ Test "Fine" with 4 test cases passed after 0.001 seconds.
✘ Test "Cases" with 4 test cases failed after 0.001 seconds with 2 issues.
✘ Test inner() failed after 0.001 seconds with 2 issues (including 1 known issue).
✘ Suite "S" failed after 0.001 seconds with 1 issue.
✘ Test run with 9 tests in 1 suite failed after 0.002 seconds with 6 issues (including 1 known issue).
error: Process 'x' exited with code 1
"""
CRASHED = XCTEST + """\
◇ Test run started.
◇ Test a() started.
◇ Test b() started.
✔ Test a() passed after 0.001 seconds.
Tests/a.swift:11: Fatal error: boom
*** Program crashed: Illegal instruction at 0x00007f69c1cf9361 ***
error: Process 'x' exited with unexpected signal code 4
"""
PYTHON_PASSED = "......\n-----\nRan 6 tests in 0.206s\n\nOK\n"
PYTHON_MIXED = "F.E.s\n-----\nRan 5 tests in 0.206s\n\nFAILED (failures=1, errors=1, skipped=1)\n"
NOT_BUILT = "a.swift:1:1: error: cannot find 'x' in scope\nerror: fatalError\nmake: *** [Makefile:29: test] Error 1\n"


class ClosingLine(unittest.TestCase):
    def closing(self, output, status):
        """(closing line, exit status) of .ci/run, when `make test` prints `output` and exits with `status`."""
        with tempfile.TemporaryDirectory() as folder:
            text = os.path.join(folder, "output")
            with open(text, "w", encoding="utf-8") as file:
                file.write(output)
            make = os.path.join(folder, "make")
            with open(make, "w", encoding="utf-8") as file:
                file.write('#!/bin/sh\n[ "$*" = test ] || exit 9\ncat "%s"\nexit %d\n' % (text, status))
            os.chmod(make, 0o755)
            path = folder + os.pathsep + os.environ["PATH"]
            run = subprocess.run(
                [os.path.join(ROOT, ".ci", "run")],
                stdout=subprocess.PIPE,
                env=dict(os.environ, PATH=path),
                cwd=folder,
                universal_newlines=True,
                encoding="utf-8",
            )
        self.assertTrue(run.stdout.startswith(output), "the output is passed on")
        return run.stdout[len(output) :], run.returncode

    def test_all_passed(self):
        self.assertEqual(self.closing(PYTHON_PASSED + PASSED, 0), ("8 passed, 0 failed\n", 0))

    def test_failed_tests_are_counted_not_their_issues_and_skipped_ones_are_neither(self):
        self.assertEqual(self.closing(PYTHON_MIXED + MIXED, 2), ("5 passed, 5 failed\n", 2))

    def test_a_crash_is_a_failure(self):
        self.assertEqual(self.closing(PYTHON_PASSED + CRASHED, 2), ("7 passed, 1 failed\n", 2))

    def test_a_build_that_fails_is_a_failure(self):
        self.assertEqual(self.closing(NOT_BUILT, 2), ("0 passed, 1 failed\n", 2))

    def test_a_run_without_a_single_test_is_a_failure(self):
        self.assertEqual(self.closing("", 0), ("0 passed, 1 failed\n", 1))

    def test_a_failure_that_no_test_reports_is_still_one(self):
        self.assertEqual(self.closing(PASSED, 7), ("2 passed, 1 failed\n", 7))

    def test_a_failed_test_is_a_failure_whatever_make_says(self):
        self.assertEqual(self.closing(MIXED, 0), ("3 passed, 3 failed\n", 1))

    def test_a_test_that_fails_in_many_subtests_counts_once(self):
        text = "Ran 2 tests in 0.1s\n\nFAILED (failures=7)\n"
        self.assertEqual(self.closing(text, 1), ("0 passed, 2 failed\n", 1))

    def test_expected_failures_are_not_failures(self):
        text = "Ran 3 tests in 0.1s\n\nOK (expected failures=1)\n"
        self.assertEqual(self.closing(text, 0), ("3 passed, 0 failed\n", 0))


if __name__ == "__main__":
    sys.exit(unittest.main())
