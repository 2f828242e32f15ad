"""The launcher of `make dist`: which program it starts, and what it tells it. The machine is a stand-in."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
AVX512 = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]


class Launcher(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)
        self.package = os.path.join(self.folder, "a package")
        os.makedirs(os.path.join(self.package, "bin"))
        shutil.copy(os.path.join(ROOT, ".ci", "launcher"), os.path.join(self.package, "facetreel"))
        for flavour in ["x86-64-v3", "x86-64-v4", "aarch64"]:
            self.write(
                os.path.join(self.package, "bin", "facetreel-" + flavour),
                'echo "%s $FACETREEL_PROGRAM $FACETREEL_NETWORKS $*"; exit 7' % flavour,
            )
        self.tools = os.path.join(self.folder, "tools")
        os.mkdir(self.tools)
        for program in ["dirname", "readlink", "sh"]:
            os.symlink(shutil.which(program), os.path.join(self.tools, program))

    def write(self, path, script):
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n%s\n" % script)
        os.chmod(path, 0o755)

    def launch(self, machine, flags, path=None, **environment):
        self.write(os.path.join(self.tools, "uname"), "echo " + machine)
        # What it asks /proc/cpuinfo with.
        self.write(os.path.join(self.tools, "sed"), "echo " + " ".join(flags))
        run = subprocess.run(
            [path or os.path.join(self.package, "facetreel"), "render", "two words"],
            stdout=subprocess.PIPE,
            env=dict(environment, PATH=self.tools),
            universal_newlines=True,
        )
        self.assertEqual(run.returncode, 7)
        return run.stdout.strip()

    def expected(self, flavour, networks=None):
        networks = networks or os.path.join(self.package, "Weights")
        return "%s %s %s render two words" % (flavour, os.path.join(self.package, "facetreel"), networks)

    def test_a_processor_with_all_of_avx512_gets_its_own_program(self):
        self.assertEqual(self.launch("x86_64", ["fpu", *AVX512, "fma"]), self.expected("x86-64-v4"))

    def test_others_get_the_one_that_all_can_run(self):
        self.assertEqual(self.launch("x86_64", ["fpu", "avx2"]), self.expected("x86-64-v3"))
        for flag in AVX512:
            flags = [each for each in AVX512 if each != flag] + [flag + "x"]
            self.assertEqual(self.launch("x86_64", flags), self.expected("x86-64-v3"), flag)
        self.assertEqual(self.launch("aarch64", []), self.expected("aarch64"))

    def test_it_may_be_called_by_a_link_and_with_other_networks(self):
        link = os.path.join(self.folder, "link")
        os.symlink(os.path.join(self.package, "facetreel"), link)
        self.assertEqual(self.launch("x86_64", [], path=link), self.expected("x86-64-v3"))
        self.assertEqual(
            self.launch("x86_64", [], FACETREEL_NETWORKS="mine"), self.expected("x86-64-v3", networks="mine")
        )


if __name__ == "__main__":
    sys.exit(unittest.main())
