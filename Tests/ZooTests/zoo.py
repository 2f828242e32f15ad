#!/usr/bin/env python3
"""Holds the program against PyTorch on 19 networks of torchvision and 48 of timm, exported with both exporters.

    zoo.py --facetreel PATH [--only GLOB] [--exporter legacy|new] [--keep FOLDER] [--jobs 2] [--table FILE]
    zoo.py export FOLDER [--only GLOB] [--exporter ...]      writes networks and PyTorch's numbers, tests nothing
    zoo.py light --facetreel PATH                            the nine light models of the onnx wheel
    zoo.py exported --facetreel PATH                         what Weights/export_torch.py writes, with its cards

The weights are random. Every network is compared at images of noise:

- mean activations of some layers over the whole depth, of all units, in float64: on each image within 2e-5 of the
  layer's largest;
- the gradients of one unit of three of them and of a logit, in float64: within 5e-5 of the norm on one of the images.
  A value that rounds to the other side of a kink (of ReLU, Clip, a maximum) changes a gradient by up to 2e-2, in
  PyTorch's 32 bits as in ours; a gradient that is computed wrongly is wrong on each image. Of 12 images six far from
  kinks are taken, and each is looked at only where those before it were not passed. Where none is passed, a gradient
  may be three times as far off as PyTorch's in 32 bits, or as the exact gradients of images that differ by 1e-7 lie
  apart; the table says so ("passed near kinks").

A network passes with an exporter if all its layers pass. Needs requirements.txt.
"""
import argparse
import fnmatch
import multiprocessing
import os
import sys
import tempfile

import networks
from program import Program


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", nargs="?", default="test", choices=["test", "export", "light", "exported"])
    parser.add_argument("folder", nargs="?", help="where `export` writes")
    parser.add_argument("--facetreel", help="the program")
    parser.add_argument("--only", default="*", help="names, as a pattern: 'timm/*'")
    parser.add_argument("--exporter", action="append", choices=["legacy", "new"], help="one exporter alone")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the exported networks there, and use those that are there")
    parser.add_argument("--jobs", type=int, default=1, help="networks at a time; each takes up to 4 GB")
    parser.add_argument("--table", metavar="FILE", help="write the table as Markdown")
    parser.add_argument("--image-range", default="-1..1", choices=["-1..1", "0..1"], help="of the program's --input")
    options = parser.parse_args()
    if options.mode == "export":
        if not options.folder:
            parser.error("export needs a folder")
        return export(options)
    if not options.facetreel:
        parser.error("--facetreel is needed")
    if options.mode in ("light", "exported"):
        import importlib

        mode = importlib.import_module(options.mode)
        passed, failed = mode.run(Program(options.facetreel, options.image_range), only=options.only)
        print(f"{passed} passed, {failed} failed")
        return 0 if passed and not failed else 1
    return test(options)


def chosen(options):
    return [name for name in networks.names() if fnmatch.fnmatch(name, options.only)]


def export(options):
    import exporting

    os.makedirs(options.folder, exist_ok=True)
    status = 0
    for name in chosen(options):
        failures = exporting.export(name, options.folder, options.exporter or exporting.EXPORTERS)
        print(f"{name}: {failures or 'exported'}", flush=True)
        status = 1 if failures else status
    return status


def test(options):
    import report

    exporters = options.exporter or ["legacy", "new"]
    program = Program(options.facetreel, options.image_range)
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    rows = []
    work = [(program, name, exporters, options.keep) for name in chosen(options)]
    with multiprocessing.get_context("spawn").Pool(options.jobs, maxtasksperchild=1) as pool:
        for done in pool.imap_unordered(one, work):
            for row in done:
                rows.append(row)
                print(row.line(), flush=True)
    rows.sort(key=lambda row: (networks.names().index(row.name), row.exporter))
    if options.table:
        with open(options.table, "w") as file:
            file.write(report.table(rows))
    print(report.summary(rows))
    return 0 if rows and all(row.as_expected for row in rows) else 1


def one(work):
    """All rows of one network. In a process of its own: PyTorch's exporters leave memory behind."""
    import torch

    import verdict

    program, name, exporters, keep = work
    torch.set_num_threads(1)
    if keep:
        return verdict.rows(program, name, exporters, keep)
    with tempfile.TemporaryDirectory() as folder:
        return verdict.rows(program, name, exporters, folder)


if __name__ == "__main__":
    sys.exit(main())
