"""export_torch.py, as far as it goes without torch: what it says, what it writes, and what it leaves alone. With torch,
`make test-zoo` runs it."""

import contextlib
import hashlib
import io
import json
import os
import tempfile
import unittest
from unittest import mock

import export_torch
import torch_models
from torch_models import Model, ModelError


def model(**changes):
    values = dict(name="net.a1", network=None, mean=(0.5,), standard_deviation=(0.25,), channels=1, size=(96, 160))
    values.update(labels=["cat", "# dog", " big\nhorse ", ""], source="library 1.0, net", licence="MIT")
    return Model(**dict(values, **changes))


class Exporting(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.join(folder.name, "new", "networks")

    def outcome(self, *arguments, present=(), **patches):
        """(exit status, what was printed); `present`: the modules that can be imported."""

        def import_module(name):
            if name not in present:
                raise ImportError(name)

        printed = io.StringIO()
        with contextlib.ExitStack() as stack:
            stack.enter_context(mock.patch("importlib.import_module", import_module))
            for name, value in patches.items():
                stack.enter_context(mock.patch.object(export_torch, name, value))
            stack.enter_context(contextlib.redirect_stdout(printed))
            stack.enter_context(contextlib.redirect_stderr(printed))
            return export_torch.main(list(arguments)), printed.getvalue()

    def contents(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def test_it_says_what_is_missing_and_how_to_get_it(self):
        for arguments, present, missing in [
            ([], [], ["torch", "torchvision", "onnx"]),
            ([], ["torch", "timm"], ["onnx"]),
            (["--library", "timm"], ["torch", "torchvision", "onnx"], ["timm"]),
            (["--exporter", "new"], ["torch", "torchvision", "onnx"], ["onnxscript"]),
        ]:
            status, text = self.outcome("resnet50", *arguments, present=present)
            self.assertEqual(status, 1)
            self.assertIn("has no " + " and no ".join(missing) + ".", text)
            self.assertTrue(text.endswith("-m pip install %s\n" % " ".join(missing)), text)

    def test_network_labels_and_card_are_written(self):
        present = ["torch", "torchvision", "onnx"]
        patches = dict(model_of=lambda *_: model(), export=lambda *_: b"onnx")
        status, text = self.outcome("net.a1", "--output", self.folder, present=present, **patches)
        self.assertEqual(status, 0, text)
        self.assertEqual(sorted(os.listdir(self.folder)), ["net.a1.json", "net.a1.labels.txt", "net.a1.onnx"])
        self.assertEqual(self.contents("net.a1.onnx"), b"onnx")
        expected = {
            "name": "net.a1",
            "mean": [0.5],
            "standardDeviation": [0.25],
            "size": [96, 160],
            "labels": "net.a1.labels.txt",
            "source": "library 1.0, net",
            "licence": "MIT",
            "sha256": hashlib.sha256(b"onnx").hexdigest(),
        }
        self.assertEqual(json.loads(self.contents("net.a1.json").decode()), expected)
        # Each class keeps its line, whatever its name.
        names = torch_models.read_labels(os.path.join(self.folder, "net.a1.labels.txt"))
        self.assertEqual(names, ["cat", "dog", "big horse", "class 3"])

    def test_without_labels_there_is_no_file_of_them(self):
        patches = dict(model_of=lambda *_: model(labels=None, size=(64, 64), channels=3), export=lambda *_: b"onnx")
        self.outcome("net.a1", "--output", self.folder, present=["torch", "timm", "onnx"], **patches)
        self.assertEqual(sorted(os.listdir(self.folder)), ["net.a1.json", "net.a1.onnx"])
        card = json.loads(self.contents("net.a1.json").decode())
        self.assertNotIn("labels", card)
        self.assertEqual((card["size"], card["colorOrder"]), (64, "RGB"))

    def test_what_the_exporter_cannot_do_is_a_message_and_writes_nothing(self):
        def export(*_):
            raise RuntimeError("no such operator  [Caused by the value\nand a hundred lines")

        patches = dict(model_of=lambda *_: model(), export=export)
        status, text = self.outcome("net.a1", "--output", self.folder, present=["torch", "timm", "onnx"], **patches)
        self.assertEqual(status, 1)
        self.assertIn("cannot write net.a1 (no such operator). Try --exporter new", text)
        self.assertFalse(os.path.exists(self.folder))

    def test_the_networks_of_make_weights_are_not_overwritten(self):
        status, text = self.outcome("mobilenet_v2")
        self.assertEqual(status, 1)
        self.assertIn("--output FOLDER", text)
        self.assertNotIn("--output", self.outcome("mobilenet_v2", "--output", self.folder)[1])

    def test_a_name_that_is_a_path_is_refused(self):
        for name in ["../resnet50", "/tmp/resnet50", ".hidden", "a/b", ""]:
            status, text = self.outcome(name)
            self.assertEqual((status, "is no name of a model" in text), (1, True), name)

    def test_a_size_that_is_none_is_a_usage_error(self):
        for wrong in [["--size", "0"], ["--size", "1000000"], ["--opset", "3"], ["--exporter", "old"]]:
            with self.assertRaises(SystemExit) as caught:
                self.outcome("resnet50", *wrong)
            self.assertEqual(caught.exception.code, 2)


class Names(unittest.TestCase):
    def found(self, name, library=None, torchvision=("resnet18", "resnet50"), timm=("resnet18", "convnext_tiny")):
        """(loader, name) that would make the model."""

        def names(known):
            def listed():
                if known is None:
                    raise ImportError
                return list(known)

            return listed

        with contextlib.ExitStack() as stack:
            for function, value in [
                ("torchvision_names", names(torchvision)),
                ("timm_names", names(timm)),
                ("torchvision_model", "torchvision"),
                ("timm_model", "timm"),
                ("_ready", lambda load, name, *_: (load, name)),
            ]:
                stack.enter_context(mock.patch.object(torch_models, function, value))
            return torch_models.model_of(name, library, False, None, 0)

    def test_the_first_library_that_has_a_model_gives_it(self):
        self.assertEqual(self.found("resnet18"), ("torchvision", "resnet18"))
        self.assertEqual(self.found("resnet18", "timm"), ("timm", "resnet18"))
        self.assertEqual(self.found("convnext_tiny"), ("timm", "convnext_tiny"))
        self.assertEqual(self.found("resnet18.a1_in1k"), ("timm", "resnet18.a1_in1k"))
        self.assertEqual(self.found("resnet18", torchvision=None), ("timm", "resnet18"))

    def test_an_unknown_name_is_answered_with_near_ones(self):
        with self.assertRaises(ModelError) as caught:
            self.found("resnet5", timm=None)
        self.assertIn("called resnet5 in torchvision or timm. Near are: resnet", str(caught.exception))
        self.assertIn("timm is not installed", str(caught.exception))
        with self.assertRaisesRegex(ModelError, "no image classifier is called convnext_tiny in torchvision\\.$"):
            self.found("convnext_tiny", "torchvision")


if __name__ == "__main__":
    unittest.main()
