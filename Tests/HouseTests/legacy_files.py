"""Builds small files in PyTorch's legacy format, whole or wrong in one place."""

import pickle
import struct

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C


def global_name(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def text(value):
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def integer(value):
    return b"J" + struct.pack("<i", value)


def integers(values):
    return b"(" + b"".join(integer(value) for value in values) + b"t"


def storage(key, count, kind="FloatStorage"):
    return b"(" + text("storage") + global_name("torch", kind) + text(key) + text("cpu") + integer(count) + b"NtQ"


def tensor(stored, shape, stride, offset=0):
    """A call of torch._utils._rebuild_tensor_v2, as torch.save writes it."""
    hooks = global_name("collections", "OrderedDict") + b")R"
    arguments = b"(" + stored + integer(offset) + integers(shape) + integers(stride) + b"\x89" + hooks + b"t"
    return global_name("torch._utils", "_rebuild_tensor_v2") + arguments + b"R"


def state_dict(entries, state=b""):
    """A pickled OrderedDict of (name, pickled value); `state` runs on the dictionary before it is returned."""
    items = b"".join(text(name) + value for name, value in entries)
    return b"\x80\x02" + global_name("collections", "OrderedDict") + b")R(" + items + b"u" + state + b"."


def legacy_file(pickled, storages=(), magic=MAGIC_NUMBER, protocol=1001, little_endian=True):
    """`storages`: (key, item count, bytes)."""
    facts = {"protocol_version": 1001, "little_endian": little_endian, "type_sizes": {"int": 4}}
    parts = [pickle.dumps(value, protocol=2) for value in (magic, protocol, facts)]
    parts += [pickled, pickle.dumps([key for key, _, _ in storages], protocol=2)]
    parts += [struct.pack("<q", count) + content for _, count, content in storages]
    return b"".join(parts)


def small_file():
    """Two float tensors in one storage and one integer tensor."""
    weights = struct.pack("<6f", 1, 2, 3, 4, 5, 6)
    pickled = state_dict(
        [
            ("a.weight", tensor(storage("0", 6), [2, 2], [2, 1])),
            ("a.bias", tensor(storage("0", 6), [2], [1], offset=4)),
            ("a.num_batches_tracked", tensor(storage("1", 1, "LongStorage"), [], [])),
        ]
    )
    return legacy_file(pickled, [("0", 6, weights), ("1", 1, struct.pack("<q", 7))])
