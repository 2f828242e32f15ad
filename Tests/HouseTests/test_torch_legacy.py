"""The restricted unpickler: reads what it must, runs nothing, and says so in one kind of error."""

import contextlib
import itertools
import operator
import os
import pickle
import random
import struct
import sys
import tempfile
import tracemalloc
import unittest
import warnings

import legacy_files as files
from torch_legacy import FLOAT, LONG, LegacyFormatError, RestrictedUnpickler, read_state_dict


class Reading(unittest.TestCase):
    def test_tensors_that_share_a_storage_get_their_own_bytes(self):
        tensors = read_state_dict(files.small_file())
        self.assertEqual(sorted(tensors), ["a.bias", "a.num_batches_tracked", "a.weight"])
        self.assertEqual(tensors["a.weight"], (FLOAT, (2, 2), struct.pack("<4f", 1, 2, 3, 4)))
        self.assertEqual(tensors["a.bias"], (FLOAT, (2,), struct.pack("<2f", 5, 6)))
        self.assertEqual(tensors["a.num_batches_tracked"], (LONG, (), struct.pack("<q", 7)))

    def read(self, shape, stride, count, kind="FloatStorage", code="f", offset=0):
        """The items, in the order of `shape`, of a tensor in a storage that holds 0, 1, 2 and so on."""
        pickled = files.state_dict([("a", files.tensor(files.storage("0", count, kind), shape, stride, offset))])
        content = struct.pack("<%d%s" % (count, code), *range(count))
        tensor = read_state_dict(files.legacy_file(pickled, [("0", count, content)]))["a"]
        self.assertEqual(tensor.shape, tuple(shape))
        return list(struct.unpack("<%d%s" % (len(tensor.data) // struct.calcsize(code), code), tensor.data))

    def test_axes_in_any_order_are_read_row_by_row(self):
        shape = (2, 3, 4, 5)
        for order in itertools.permutations(range(4)):  # From the outermost axis in the storage to the innermost.
            stride, step = [0] * 4, 1
            for axis in reversed(order):
                stride[axis] = step
                step *= shape[axis]
            expected = [sum(map(operator.mul, index, stride)) for index in itertools.product(*map(range, shape))]
            with self.subTest(order=order):
                self.assertEqual(self.read(shape, stride, 120), expected)
                self.assertEqual(self.read(shape, stride, 120, "LongStorage", "q"), expected)
                self.assertEqual(self.read(shape, stride, 127, offset=7), [7 + item for item in expected])

    def test_strides_of_axes_of_one_item_say_nothing(self):
        self.assertEqual(self.read([2, 1, 3, 1], [1, 77, 2, 0], 6), [0, 2, 4, 1, 3, 5])
        self.assertEqual(self.read([2, 1, 3, 1], [3, 0, 1, 99], 6), [0, 1, 2, 3, 4, 5])
        self.assertEqual(self.read([1, 1], [5, 6], 3, offset=2), [2])

    def test_a_tensor_without_items_has_no_bytes(self):
        self.assertEqual(self.read([3, 0], [1, 1], 2), [])

    def test_a_file_cut_anywhere_is_refused(self):
        whole = files.small_file()
        for length in range(len(whole)):
            with self.subTest(length=length), self.assertRaises(LegacyFormatError):
                read_state_dict(whole[:length])

    def test_a_flipped_byte_is_refused_or_gives_tensors(self):
        whole = files.small_file()
        chance = random.Random(1)
        for _ in range(3000):
            broken = bytearray(whole)
            place, value = chance.randrange(len(whole)), chance.randrange(256)
            broken[place] = value
            with self.subTest(place=place, value=value):
                with warnings.catch_warnings(), contextlib.suppress(LegacyFormatError):
                    warnings.simplefilter("ignore")  # pickletools warns of odd escapes
                    read_state_dict(bytes(broken))


class HostilePickles(unittest.TestCase):
    def refused(self, pickled, because, storages=()):
        with self.assertRaises(LegacyFormatError) as caught:
            read_state_dict(files.legacy_file(pickled, storages))
        self.assertIn(because, str(caught.exception))

    def test_a_pickle_that_would_run_a_command_runs_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            witness = os.path.join(folder, "ran")

            class Hostile:
                def __reduce__(self):
                    return os.system, ("touch " + witness,)

            for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
                with self.subTest(protocol=protocol), self.assertRaises(LegacyFormatError):
                    read_state_dict(files.legacy_file(pickle.dumps(Hostile(), protocol=protocol)))
            self.assertFalse(os.path.exists(witness), "the pickle was obeyed")

    def test_it_is_no_test_of_nothing(self):
        """Python's own unpickler obeys the kind of pickle that the test above makes."""

        class Hostile:
            def __reduce__(self):
                return os.getpid, ()

        self.assertEqual(pickle.loads(pickle.dumps(Hostile())), os.getpid())

    def test_names_outside_the_four_are_refused(self):
        for module, name in [
            ("builtins", "eval"),
            ("builtins", "getattr"),
            ("collections", "OrderedDict.fromkeys"),
            ("collections", "namedtuple"),
            ("torch", "load"),
            ("torch_legacy", "restricted_load"),
        ]:
            with self.subTest(name=name):
                self.refused(b"\x80\x02" + files.global_name(module, name) + b".", "asks for %s.%s" % (module, name))

    def test_the_unpickler_itself_refuses_names_that_the_listing_would_miss(self):
        import io

        pickled = pickle.dumps(os.getcwd, protocol=4)  # STACK_GLOBAL: the name is built at run time
        with self.assertRaises(LegacyFormatError):
            RestrictedUnpickler(io.BytesIO(pickled)).load()

    def test_opcodes_that_no_state_dict_needs_are_refused(self):
        self.refused(pickle.dumps(os.getcwd, protocol=4), "which no state dict needs")
        self.refused(b"(iposix\nsystem\n.", "INST")
        self.refused(b"\x80\x02\x82\x01.", "EXT1")

    def test_a_memo_bomb_is_refused_before_it_takes_memory(self):
        self.refused(b"\x80\x02Nr\xff\xff\xff\xff.", "memo")

    def test_a_dictionary_with_attributes_is_read_as_a_plain_one(self):
        state = b"}" + files.text("items") + b"K\x01s" + b"b"
        pickled = files.state_dict([("a", files.tensor(files.storage("0", 1), [1], [1]))], state)
        tensors = read_state_dict(files.legacy_file(pickled, [("0", 1, struct.pack("<f", 2))]))
        self.assertEqual(tensors["a"].data, struct.pack("<f", 2))

    def test_tensors_that_lie_about_their_storage_are_refused(self):
        storage = files.storage("0", 4)
        content = [("0", 4, bytes(16))]

        def refused(tensor, because):
            self.refused(files.state_dict([("a", tensor)]), because, content)

        refused(files.tensor(storage, [5], [1]), "beyond its storage")
        refused(files.tensor(storage, [4], [1], offset=1), "beyond its storage")
        refused(files.tensor(storage, [1, 1], [1, 1], offset=4), "beyond its storage")
        refused(files.tensor(storage, [0], [1], offset=5), "beyond its storage")
        refused(files.tensor(storage, [-1], [1]), "no count")
        refused(files.tensor(storage, [2], [-1]), "no count")
        refused(files.tensor(b"N", [1], [1]), "without a storage")
        refused(files.tensor(storage, [4], []), "do not match")
        refused(b"N", "something else than named tensors")

    def test_items_that_overlap_or_leave_gaps_are_refused(self):
        def refused(shape, stride, because="side by side"):
            pickled = files.state_dict([("a", files.tensor(files.storage("0", 64), shape, stride))])
            self.refused(pickled, because, [("0", 64, bytes(256))])

        refused([2, 2], [1, 1])
        refused([2, 2], [2, 2])
        refused([4], [0])
        refused([1 << 30, 1 << 30, 1 << 30], [0, 0, 0])
        refused([4], [2])
        refused([2, 2], [1, 3])
        refused([3, 2], [2, 3])
        refused([2, 3, 4], [1, 2, 5])
        # A product that is no number of 64 bits.
        refused([1 << 10, 1 << 20, 1 << 30, 1 << 30], [1, 1 << 10, 1 << 30, 0])
        refused([1 << 15, 1 << 15], [1, 1 << 15], "beyond its storage")

    def test_names_for_the_same_items_take_no_memory(self):
        shared = files.tensor(files.storage("0", 4), [2, 2], [1, 2])
        pickled = files.state_dict([("a%d" % number, shared) for number in range(1000)])
        self.refused(pickled, "views of the same items", [("0", 4, bytes(16))])

    def test_many_axes_take_no_memory(self):
        """Axes of two items, in reverse: reading them makes no list of places, which would take more than the items."""
        axes = 15
        tensor = files.tensor(files.storage("0", 1 << axes), [2] * axes, [1 << axis for axis in range(axes)])
        data = files.legacy_file(files.state_dict([("a", tensor)]), [("0", 1 << axes, bytes(4 << axes))])
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        self.assertEqual(len(read_state_dict(data)["a"].data), 4 << axes)
        self.assertLess(tracemalloc.get_traced_memory()[1], 8 * len(data))

    def test_storages_that_do_not_match_the_tensors_are_refused(self):
        pickled = files.state_dict([("a", files.tensor(files.storage("0", 2), [2], [1]))])
        self.refused(pickled, "not what the tensors use", [])
        self.refused(pickled, "another size", [("0", 3, bytes(12))])
        self.refused(pickled, "cut short", [("0", 2, bytes(7))])
        self.refused(pickled, "more after", [("0", 2, bytes(9))])
        twice = [("a", files.tensor(files.storage("0", 2), [2], [1])), ("b", files.tensor(files.storage("0", 1), [1], [1]))]
        self.refused(files.state_dict(twice), "described in two ways", [("0", 1, bytes(4))])

    def test_other_files_are_refused(self):
        for data in [b"", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", bytes(100), files.legacy_file(b"N.", magic=1)]:
            with self.subTest(data=data[:8]), self.assertRaises(LegacyFormatError):
                read_state_dict(data)
        for wrong in [dict(magic=3), dict(protocol=1), dict(little_endian=False)]:
            with self.subTest(wrong=wrong), self.assertRaises(LegacyFormatError):
                read_state_dict(files.legacy_file(files.state_dict([]), **wrong))


if __name__ == "__main__":
    sys.exit(unittest.main())
