"""Files that `make weights` writes are whole or not there."""

import os
import sys
import tempfile
import unittest
from unittest import mock

from atomic_file import write_atomically


class Writing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(self):
        path = os.path.join(self.folder, "weights")
        write_atomically(b"old", path)
        with mock.patch("os.fsync", side_effect=OSError("disk full")), self.assertRaises(OSError):
            write_atomically(b"new", path)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), b"old")
        self.assertEqual(os.listdir(self.folder), ["weights"])

    def test_a_link_stays_and_its_target_gets_the_data(self):
        store, link = os.path.join(self.folder, "store"), os.path.join(self.folder, "link")
        os.mkdir(store)
        os.symlink("store/weights", link)
        write_atomically(b"new", link)
        self.assertTrue(os.path.islink(link))
        with open(os.path.join(store, "weights"), "rb") as file:
            self.assertEqual(file.read(), b"new")
        self.assertEqual(sorted(os.listdir(self.folder)), ["link", "store"])


if __name__ == "__main__":
    sys.exit(unittest.main())
