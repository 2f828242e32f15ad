"""Writes files that are whole or not there at all."""

import os
import tempfile


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
