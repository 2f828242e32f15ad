#!/usr/bin/env python3
"""How far films can be trusted: grades of an output folder, and which rows of the report make them.

Reads every film.json below a folder, and prints Markdown: how many films have each grade, how often each row of the report
was the worst, the spread of each number, and every film with a C or D.

    python3 Benchmarks/grades.py /tmp/sample
"""

import argparse
import collections
import json
import pathlib
import statistics


def reports(folder):
    """(film's name, its report), for films that have one."""
    for path in sorted(folder.rglob("film.json")):
        trust = json.loads(path.read_text()).get("trust")
        if trust:
            yield "/".join(path.parts[-3:-1]), trust


def spread(values):
    quantiles = statistics.quantiles(values, n=10, method="inclusive") if len(values) > 1 else values * 9
    return " | ".join(f"{value:.2f}" for value in (min(values), quantiles[0], statistics.median(values), quantiles[-1],
                                                   max(values)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="an output folder")
    films = list(reports(parser.parse_args().folder))
    if not films:
        raise SystemExit("no film there has a report")
    counts = collections.Counter(trust["grade"] for _, trust in films)
    print(f"{len(films)} films: " + ", ".join(f"{grade} {counts[grade]}" for grade in "ABCD"), end="\n\n")
    print("| row | not measured | worst row of a B | of a C | of a D | least | 10 % | median | 90 % | most |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for key in dict.fromkeys(key for _, trust in films for key in sorted(trust["measures"])):
        values = [trust["measures"][key] for _, trust in films if key in trust["measures"]]
        worst = [sum(trust["grade"] == grade and key in trust["worst"] for _, trust in films) for grade in "BCD"]
        shown = " | ".join(str(count or "") for count in [len(films) - len(values)] + worst)
        print(f"| {key} | {shown} | {spread(values)} |")
    print("\n| film | grade | rows |\n|---|---|---|")
    for name, trust in sorted(films, key=lambda film: film[1]["grade"], reverse=True):
        if trust["grade"] in "CD":
            rows = ", ".join(f"{key} {trust['measures'][key]:.2f}" for key in trust["worst"])
            print(f"| {name} | {trust['grade']} | {rows} |")


if __name__ == "__main__":
    main()
