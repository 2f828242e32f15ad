"""`make deps`: what it installs, and what it says when it may not. All programs it calls are stand-ins."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SUCCEEDS = "exit 0"
FAILS = "exit 1"


class Dependencies(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.called = os.path.join(self.folder, "called")
        for program in ["bash", "env", "grep", "true"]:
            os.symlink(shutil.which(program), os.path.join(self.folder, program))
        # A machine on which nothing is missing, but the font, which is looked for by its path.
        for program in ["git", "swift", "pkg-config", "python3", "dpkg-query"]:
            self.program(program, SUCCEEDS)
        self.program("id", "echo 1000")
        self.program("sudo", FAILS)
        self.program("apt-get", 'echo "apt-get $*" >> "%s"' % self.called)

    def program(self, name, script):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!%s\n%s\n" % (shutil.which("sh"), script))
        os.chmod(path, 0o755)

    def run_deps(self, *words):
        """(exit status, what was printed, calls of apt-get)"""
        run = subprocess.run(
            [os.path.join(ROOT, ".ci", "deps"), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PATH": self.folder},
            universal_newlines=True,
        )
        calls = []
        if os.path.exists(self.called):
            with open(self.called, encoding="utf-8") as file:
                calls = file.read().splitlines()
        return run.returncode, run.stdout, calls

    def without_png(self):
        self.program("pkg-config", 'test "$2" != libpng')

    @unittest.skipUnless(os.path.exists("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), "DejaVu Sans is not installed")
    def test_nothing_is_said_or_done_if_nothing_is_missing(self):
        self.assertEqual(self.run_deps(), (0, "", []))

    def test_without_rights_the_line_to_run_is_printed(self):
        self.without_png()
        status, text, calls = self.run_deps()
        self.assertEqual((status, calls), (1, []))
        self.assertRegex(text, r"sudo apt-get update && sudo apt-get install .*--no-install-recommends .*libpng-dev")
        self.assertNotIn("libcairo2-dev", text)

    def test_root_installs_what_is_missing(self):
        self.without_png()
        self.program("id", "echo 0")
        status, text, calls = self.run_deps()
        self.assertEqual(status, 0, text)
        self.assertEqual(calls[0], "apt-get update -qq")
        self.assertRegex(calls[1], "^apt-get install --yes --no-install-recommends libpng-dev")

    def test_sudo_without_a_password_installs_too(self):
        self.without_png()
        self.program("sudo", 'shift; exec "$@"')
        status, text, calls = self.run_deps()
        self.assertEqual(status, 0, text)
        self.assertEqual(len(calls), 2)

    def test_a_failed_installation_prints_the_line_to_run(self):
        self.without_png()
        self.program("id", "echo 0")
        self.program("apt-get", "exit 100")
        status, text, _ = self.run_deps()
        self.assertEqual(status, 1)
        self.assertIn("could not install libpng-dev", text)
        self.assertIn("sudo apt-get update && sudo apt-get install", text)

    def test_slurm_is_installed_for_its_tests_only(self):
        # Its daemons may be there, where a stand-in cannot hide them; its commands are looked for on the PATH.
        status, text, _ = self.run_deps("slurm")
        self.assertEqual(status, 1)
        self.assertIn("slurm-client", text)
        self.assertNotIn("slurm", self.run_deps()[1])

    def test_an_arm64_compiler_and_emulator_are_installed_for_their_test_only(self):
        status, text, _ = self.run_deps("arm64")
        self.assertEqual(status, 1)
        self.assertIn("gcc-aarch64-linux-gnu", text)
        self.assertIn("qemu-user-static", text)
        self.assertNotRegex(self.run_deps()[1], "aarch64|qemu")

    def test_a_system_without_apt_is_told_what_is_missing(self):
        self.without_png()
        os.remove(os.path.join(self.folder, "apt-get"))
        status, text, _ = self.run_deps()
        self.assertEqual(status, 1)
        self.assertIn("libpng-dev", text)

    def test_a_module_that_python_does_not_see_but_debian_has_is_not_installed_again(self):
        self.program("python3", FAILS)
        self.program("dpkg-query", "echo install ok installed")
        status, text, calls = self.run_deps()
        self.assertNotIn("python3-pip", text)
        self.program("dpkg-query", FAILS)
        status, text, calls = self.run_deps()
        self.assertEqual((status, calls), (1, []))
        self.assertRegex(text, "python3-pip python3-jsonschema")

    @unittest.skipUnless(os.path.exists("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), "DejaVu Sans is not installed")
    def test_a_missing_swift_is_named_with_where_to_get_it(self):
        os.remove(os.path.join(self.folder, "swift"))
        status, text, calls = self.run_deps()
        self.assertEqual((status, calls), (1, []))
        self.assertIn("https://www.swift.org/install/linux/", text)


if __name__ == "__main__":
    sys.exit(unittest.main())
