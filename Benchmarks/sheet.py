#!/usr/bin/env python3
"""A contact sheet of facets: one row for each film's folder, its facets side by side. Needs Pillow.

    python3 Benchmarks/sheet.py sheet.jpg Output/before/block_7_project_BN/6 Output/after/block_7_project_BN/6
    python3 Benchmarks/sheet.py sheet.jpg --columns 2 --size 96 FOLDER...
"""

import argparse
import pathlib

from PIL import Image

GAP = 6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheet", type=pathlib.Path, help="where the sheet lands")
    parser.add_argument("films", type=pathlib.Path, nargs="+", help="folders of films, row by row")
    parser.add_argument("--columns", type=int, default=1, help="films side by side")
    parser.add_argument("--size", type=int, default=112, help="of a facet, in pixels")
    arguments = parser.parse_args()

    rows = [sorted((film / "facets").glob("*.png")) for film in arguments.films]
    empty = [str(film) for film, row in zip(arguments.films, rows) if not row]
    if empty:
        raise SystemExit(f"no facets in {', '.join(empty)}")
    width = max(len(row) for row in rows) * arguments.size
    lines = -(-len(rows) // arguments.columns)
    sheet = Image.new("RGB", (arguments.columns * (width + GAP) - GAP, lines * (arguments.size + GAP) - GAP), "white")
    for place, row in enumerate(rows):
        left, top = place % arguments.columns * (width + GAP), place // arguments.columns * (arguments.size + GAP)
        for index, path in enumerate(row):
            picture = Image.open(path).convert("RGB").resize((arguments.size, arguments.size), Image.LANCZOS)
            sheet.paste(picture, (left + index * arguments.size, top))
    sheet.save(arguments.sheet, quality=85)


if __name__ == "__main__":
    main()
