"""What `make dist` packs of the networks in a folder."""

import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class PackNetworks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source, self.target = [os.path.join(folder.name, name) for name in ["from here", "to there"]]
        os.mkdir(self.source)
        os.mkdir(self.target)

    def write(self, name, text=""):
        with open(os.path.join(self.source, name), "w", encoding="utf-8") as file:
            file.write(text)

    def pack(self):
        script = os.path.join(ROOT, ".ci", "pack_networks")
        return subprocess.run(
            [sys.executable, script, self.source, self.target], stderr=subprocess.PIPE, universal_newlines=True
        )

    def test_all_that_belongs_to_a_network_and_nothing_else(self):
        wanted = ["a.onnx", "a.onnx.data", "b.onnx", "b.onnx_data", "c.onnx", "c.data"]
        for name in wanted + ["other.json", "other_labels.txt", "a.safetensors", "fetch.py"]:
            self.write(name, name)
        self.write("a.json", '{"labels": "words.txt"}')
        self.write("words.txt", "fox")
        self.write("b.json", '{"labels": ["fox"], "mean": null}')
        self.assertEqual(self.pack().returncode, 0)
        self.assertEqual(sorted(os.listdir(self.target)), sorted(wanted + ["a.json", "words.txt", "b.json"]))
        with open(os.path.join(self.target, "a.onnx.data"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "a.onnx.data")

    def test_nothing_is_packed_without_its_labels(self):
        for card in ['{"labels": "none.txt"}', '{"labels": "../words.txt"}', "no card"]:
            self.write("a.onnx")
            self.write("a.json", card)
            result = self.pack()
            self.assertEqual(result.returncode, 1, card)
            self.assertIn("make dist: ", result.stderr)


if __name__ == "__main__":
    unittest.main()
