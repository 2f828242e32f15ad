"""Writes safetensors files whose bytes depend on their contents alone."""

import json
import os
import struct
import tempfile


def encode(tensors, metadata):
    """The bytes of a safetensors file.

    `tensors`: name -> (shape, little-endian float32 bytes); `metadata`: string -> string. Tensors are sorted by
    name and lie end to end; the header is padded with spaces so that they begin at a multiple of 8 bytes.
    """
    header = {"__metadata__": dict(sorted(metadata.items()))}
    offset = 0
    for name in sorted(tensors):
        shape, data = tensors[name]
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=True).encode("ascii")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(tensors[name][1] for name in sorted(tensors))


def write_atomically(data, path):
    """Writes `data` beside `path`, flushes it to the disk, then renames it: no reader sees half a file. Through a link,
    its target gets the data."""
    path = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".partial", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
