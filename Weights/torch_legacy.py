"""Reads the tensors of a *legacy* PyTorch state dict with the standard library alone.

A file of that kind (torch.save before PyTorch 1.6) is four pickles in a row - magic number, protocol version,
system facts, the state dict itself - then a pickled list of storage keys, then each storage's raw bytes.

Pickles are programs, so these are read twice. First their opcodes are listed without running any, and everything
that a state dict does not need is refused. Then they run in an unpickler that knows four names only.
"""

import collections
import io
import itertools
import pickle
import pickletools
import struct

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001

# Enough for any state dict of this size class; the memo of a pickle must not decide how much memory is taken.
LARGEST_MEMO_INDEX = 1 << 20

# What torch.save emits (pickle protocol 2) for a dictionary of tensors.
KNOWN_OPCODES = frozenset(
    "PROTO STOP MARK NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 BINUNICODE "
    "EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST APPEND APPENDS EMPTY_DICT SETITEM SETITEMS "
    "BINPUT LONG_BINPUT BINGET LONG_BINGET GLOBAL BINPERSID REDUCE BUILD".split()
)


class LegacyFormatError(Exception):
    """The file is not a legacy PyTorch state dict, or wants more than one may."""


StorageType = collections.namedtuple("StorageType", "name size")
Storage = collections.namedtuple("Storage", "key type count")

# A tensor before its bytes are read: `count` items of `storage` from item `offset` on, all of them, in the order that
# `stride` (items from one index of an axis to the next) says.
TensorView = collections.namedtuple("TensorView", "storage offset shape stride count")

# A tensor's element type (a StorageType), shape and little-endian bytes, row by row.
RawTensor = collections.namedtuple("RawTensor", "type shape data")

FLOAT = StorageType("torch.FloatStorage", 4)
LONG = StorageType("torch.LongStorage", 8)


def rebuild_tensor(storage, offset, shape, stride, requires_grad=False, hooks=None, metadata=None):
    """Stands in for torch._utils._rebuild_tensor_v2; accepts tensors inside their storage only, whose items lie side by
    side: row by row, or with the axes in another order, as tensors that came from TensorFlow have them."""
    if not isinstance(storage, Storage):
        raise LegacyFormatError("a tensor without a storage")
    if not all(isinstance(values, tuple) for values in (shape, stride)) or len(shape) != len(stride):
        raise LegacyFormatError("a tensor whose shape and stride do not match")
    if not all(_is_count(value) for value in (offset,) + shape + stride):
        raise LegacyFormatError("a tensor with a size that is no count")
    count = _item_count(shape, stride)
    if offset + count > storage.count:
        raise LegacyFormatError("a tensor that reaches beyond its storage")
    return TensorView(storage, offset, shape, stride, count)


def _item_count(shape, stride):
    """Number of items of a tensor without gaps and overlaps: from the innermost axis on, whichever that is, each stride
    is the number of items inside it. That of an axis of one item says nothing."""
    if 0 in shape:
        return 0
    count = 1
    for step, size in sorted((step, size) for size, step in zip(shape, stride) if size != 1):
        if step != count:
            raise LegacyFormatError("a tensor whose items do not lie side by side")
        count *= size
    return count


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40


class RestrictedUnpickler(pickle.Unpickler):
    """Knows the four names that a state dict of float and integer tensors needs, and no other."""

    NAMES = {
        ("collections", "OrderedDict"): collections.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): rebuild_tensor,
        ("torch", "FloatStorage"): FLOAT,
        ("torch", "LongStorage"): LONG,
    }

    def find_class(self, module, name):
        try:
            return self.NAMES[(module, name)]
        except KeyError:
            raise LegacyFormatError("the pickle asks for %s.%s" % (module, name)) from None

    def persistent_load(self, identifier):
        if not isinstance(identifier, tuple) or len(identifier) != 6 or identifier[0] != "storage":
            raise LegacyFormatError("a persistent object that is no storage")
        _, kind, key, _, count, view = identifier
        if not isinstance(kind, StorageType) or not isinstance(key, str) or not _is_count(count):
            raise LegacyFormatError("a storage without a type, key or count")
        if view is not None:
            raise LegacyFormatError("a storage that is a view of another")
        return Storage(key, kind, count)


def restricted_load(stream):
    """The value of the pickle at the stream's position (a `BytesIO`), which it moves behind the pickle."""
    start = stream.tell()
    try:
        for opcode, argument, _ in pickletools.genops(stream):
            if opcode.name not in KNOWN_OPCODES:
                raise LegacyFormatError("the pickle uses %s, which no state dict needs" % opcode.name)
            if opcode.name == "GLOBAL" and tuple(argument.split(" ")) not in RestrictedUnpickler.NAMES:
                raise LegacyFormatError("the pickle asks for %s" % argument.replace(" ", "."))
            if opcode.name == "LONG_BINPUT" and argument > LARGEST_MEMO_INDEX:
                raise LegacyFormatError("the pickle wants a memo of %d places" % argument)
        stream.seek(start)
        return RestrictedUnpickler(stream).load()
    except LegacyFormatError:
        raise
    except Exception as error:  # What a broken pickle raises is not bounded by any documentation.
        raise LegacyFormatError("not a readable pickle (%s: %s)" % (type(error).__name__, error)) from None


def read_state_dict(data):
    """Name -> RawTensor of the legacy PyTorch file `data` (bytes).

    Raises LegacyFormatError for anything else than a state dict of float32 and int64 tensors without gaps.
    """
    stream = io.BytesIO(data)
    if restricted_load(stream) != MAGIC_NUMBER:
        raise LegacyFormatError("no legacy PyTorch file: the magic number is another")
    if restricted_load(stream) != PROTOCOL_VERSION:
        raise LegacyFormatError("no legacy PyTorch file: the protocol version is another")
    facts = restricted_load(stream)
    if type(facts) is not dict or facts.get("little_endian") is not True:
        raise LegacyFormatError("the tensors are not little-endian")
    views = restricted_load(stream)
    if not isinstance(views, dict):
        raise LegacyFormatError("the pickled object is no dictionary")
    views = dict(dict.items(views))  # A plain copy: the pickle may have given its OrderedDict attributes.
    for name, view in views.items():
        if not isinstance(name, str) or not isinstance(view, TensorView):
            raise LegacyFormatError("the dictionary holds something else than named tensors")
    storages = {view.storage.key: view.storage for view in views.values()}
    for view in views.values():
        if view.storage != storages[view.storage.key]:
            raise LegacyFormatError("storage %s is described in two ways" % view.storage.key)
    contents = _read_storages(stream, storages)
    # Many names for the same bytes would make any amount of memory out of a small file.
    if sum(view.count * view.storage.type.size for view in views.values()) > sum(map(len, contents.values())):
        raise LegacyFormatError("the tensors hold more than their storages: several are views of the same items")
    return {
        name: RawTensor(view.storage.type, view.shape, _row_by_row(view, contents[view.storage.key]))
        for name, view in views.items()
    }


def _row_by_row(view, content):
    """The tensor's items in the order of its shape, as bytes; `content`: its whole storage."""
    size = view.storage.type.size
    stored = memoryview(content)[view.offset * size : (view.offset + view.count) * size]
    axes = [(extent, step) for extent, step in zip(view.shape, view.stride) if extent != 1]
    if view.count == 0 or axes == sorted(axes, key=lambda axis: -axis[1]):
        return bytes(stored)

    # The longest axis is copied in one go, everywhere along the others.
    source = stored.cast({4: "I", 8: "Q"}[size])
    ordered = bytearray(len(stored))
    target = memoryview(ordered).cast(source.format)
    placed, inside = [], view.count  # extent, stride in the storage, stride in the result
    for extent, step in axes:
        inside //= extent
        placed.append((extent, step, inside))
    extent, step, place = placed.pop(max(range(len(placed)), key=lambda axis: placed[axis][0]))
    for index in itertools.product(*(range(other[0]) for other in placed)):
        start = sum(at * other[1] for at, other in zip(index, placed))
        begin = sum(at * other[2] for at, other in zip(index, placed))
        target[begin : begin + (extent - 1) * place + 1 : place] = source[start : start + (extent - 1) * step + 1 : step]
    return bytes(ordered)


def _read_storages(stream, storages):
    """Storage key -> bytes. Each storage is its item count (int64), then its items."""
    keys = restricted_load(stream)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise LegacyFormatError("the list of storages is no list of names")
    if len(keys) != len(set(keys)) or set(keys) != set(storages):
        raise LegacyFormatError("the list of storages is not what the tensors use")
    contents = {}
    for key in keys:
        header = stream.read(8)
        if len(header) != 8 or struct.unpack("<q", header)[0] != storages[key].count:
            raise LegacyFormatError("storage %s is missing or of another size" % key)
        content = stream.read(storages[key].count * storages[key].type.size)
        if len(content) != storages[key].count * storages[key].type.size:
            raise LegacyFormatError("storage %s is cut short" % key)
        contents[key] = content
    if stream.read(1):
        raise LegacyFormatError("there is more after the last storage")
    return contents
