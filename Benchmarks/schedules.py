#!/usr/bin/env python3
"""What schedules of the elastic band cost, and what their films are worth.

Renders the same facets of the same units joined by different bands, reads every film.json and prints two Markdown
tables: one row a schedule, and one row a unit (thesis beside standard). Films that are already there are not rendered
again, so a run can be stopped and continued.

    python3 Benchmarks/schedules.py --output /tmp/schedules
    python3 Benchmarks/schedules.py --output /tmp/schedules thesis "draft (4, 9 x 15)"
"""

import argparse
import json
import pathlib
import statistics

import films

UNITS = {
    "block_1_project_BN": 1, "block_3_project_BN": 10, "block_4_add": 6, "block_6_project_BN": 59, "block_8_add": 31,
    "block_9_add": 17, "block_12_add": (1, 33), "block_13_project_BN": 60, "block_14_project_BN": 3,
    "block_15_project_BN": 5, "block_16_project_BN": 10,
}
# The standard preset's set of facets, for bands of every preset.
FACETS = [{"name": "fourier", "count": 4, "diversity": 1, "parameterization": "fourier", "steps": 256,
           "transforms": "lucid"}]
def band(**changes):
    """A band of the standard preset's kind with all that is varied spelt out, 40 slow steps a level where nothing is said."""
    return "standard", {"steps": 40, "learningRate": 0.05, "smoothing": 2, **changes}


# The preset of each schedule, and what it changes in the preset's band. Every one goes on for up to 80 steps at the last
# level where an image is low, unless it says otherwise.
SCHEDULES = {
    "thesis": ("thesis", {}),
    "standard (4, 9, 19 x 20, rate .12, smoothing 4)": ("standard", {}),
    "4, 9, 19 x 15, rate .12, smoothing 4, up to 100 more": band(
        steps=15, learningRate=0.12, smoothing=4, extraSteps=100),
    "4, 9, 19 x 15, rate .12, smoothing 4": band(steps=15, learningRate=0.12, smoothing=4),
    "4, 9, 19 x 10, rate .12, smoothing 4": band(steps=10, learningRate=0.12, smoothing=4),
    "4, 9, 19 x 20, rate .2, smoothing 4": band(steps=20, learningRate=0.2, smoothing=4),
    "4, 9, 19 x 20, rate .12, smoothing 2": band(steps=20, learningRate=0.12),
    "4, 9, 19 x 30, rate .12, smoothing 2": band(steps=30, learningRate=0.12),
    "4, 9, 19 x 40, rate .12, smoothing 2": band(learningRate=0.12),
    "4, 9, 19 x 20, rate .08, smoothing 2": band(steps=20, learningRate=0.08),
    "4, 9, 19 x 20, rate .08, smoothing 4": band(steps=20, learningRate=0.08, smoothing=4),
    "4, 9, 19 x 30, rate .08, smoothing 2": band(steps=30, learningRate=0.08),
    "4, 9, 19 x 40, rate .08, smoothing 2": band(learningRate=0.08),
    "4, 9, 19 x 40, rate .05, smoothing 2": band(),
    "4, 9, 19 x 30, rate .05, smoothing 2": band(steps=30),
    "4, 9, 19 x 20, rate .05, smoothing 2": band(steps=20),
    "4, 9, 19 x 40, rate .05, smoothing 1": band(smoothing=1),
    "4, 9, 19 x 40, rate .05, smoothing 4": band(smoothing=4),
    "4, 9, 19 x 40, rate .03, smoothing 2": band(learningRate=0.03),
    "4, 9, 19 x 40, rate .05, smoothing 2, no more": band(extraSteps=0),
    "4, 9, 19 x 20, rate .05, smoothing 2, two transforms a step": band(steps=20, transformsPerStep=2),
    "9, 19 x 20, rate .12, smoothing 4": band(levels=[9], steps=20, learningRate=0.12, smoothing=4),
    "9, 19 x 40, rate .05, smoothing 2": band(levels=[9]),
    "19 x 80, rate .05, smoothing 2": band(levels=[], steps=80),
    "draft (4, 9 x 15)": ("draft", {}),
}


def units():
    for layer, of_layer in UNITS.items():
        for unit in of_layer if isinstance(of_layer, tuple) else (of_layer,):
            yield layer, unit


def folder_name(schedule):
    return "".join(c if c.isalnum() else "-" for c in schedule).strip("-")


def render(arguments, schedule):
    """Renders what is missing of one schedule; returns a film.json for each unit."""
    preset, band = SCHEDULES[schedule]
    name = folder_name(schedule)

    def record(layer, unit):
        return arguments.output / name / layer / str(unit) / "film.json"

    jobs = [{"name": name, "layer": layer, "unit": unit, "preset": preset, "seed": arguments.seed, "facets": FACETS,
             "neb": band, "video": {"graph": False}}
            for layer, unit in units() if not record(layer, unit).exists()]
    films.render(arguments, name, jobs)
    return {place: json.loads(record(*place).read_text()) for place in units()}


def worst(values, pick):
    """The worst of measured values; None where nothing was measured."""
    known = [value for value in values if value is not None]
    return pick(known) if known else None


def text(value, digits=2):
    return "-" if value is None else f"{value:.{digits}f}"


def schedule_row(schedule, films):
    bands = [band for film in films.values() for band in film["bands"]]

    def of(key):
        return [band[key] for band in bands]

    per_film = statistics.mean(sum(band["evaluations"] for band in film["bands"])
                               + sum(facet["evaluations"] for facet in film["facets"]) for film in films.values())
    contrast = of("contrastMinimum")
    good = sum(value is not None and value >= .95 for value in contrast)
    bars = [worst(of("minimumRatio"), min) or 0, worst(of("robustMinimum"), min) or 0, worst(contrast, min) or 0]
    steps = worst(of("featureStepRatio"), max)
    meets = (bars[0] >= .96 and bars[1] >= .93 and bars[2] >= .90 and good >= .916 * len(bands)
             and steps is not None and steps <= 1.15)
    return [schedule, f"{per_film:.0f}", text(worst(of("minimumRatio"), min)), text(worst(of("robustMinimum"), min)),
            text(worst(contrast, min)), f"{good} of {len(bands)}", text(steps), text(worst(of("flicker"), max)),
            "yes" if meets else "no"]


def unit_row(place, thesis, standard):
    def pair(key):
        return ", ".join(text(band[key]) for band in thesis["bands"]) + " -> " + ", ".join(
            text(band[key]) for band in standard["bands"])

    steps = ", ".join(str(band["steps"]) for band in standard["bands"])
    return [f"{place[0]} {place[1]}", pair("minimumRatio"), pair("robustMinimum"), pair("contrastMinimum"),
            pair("featureStepRatio"), steps]


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schedules", nargs="*", metavar="SCHEDULE", help="default: all; " + "; ".join(SCHEDULES))
    parser.add_argument("--facetreel", default=".build/release/facetreel")
    parser.add_argument("--networks", default="Weights")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("Output/schedules"))
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    unknown = [schedule for schedule in arguments.schedules if schedule not in SCHEDULES]
    if unknown:
        parser.error(f"no schedule {unknown[0]!r}; there are: " + "; ".join(SCHEDULES))
    films = {schedule: render(arguments, schedule) for schedule in arguments.schedules or SCHEDULES}
    table(["schedule", "evaluations a film", "min ratio", "robust min", "contrast min", "contrast >= .95",
           "step max/min", "flicker", "meets the bars"],
          [schedule_row(schedule, of_units) for schedule, of_units in films.items()])
    standard = next((name for name in films if name.startswith("standard")), None)
    if "thesis" in films and standard:
        print()
        table(["unit", "min ratio: thesis -> standard", "robust min", "contrast min", "step max/min", "standard's steps"],
              [unit_row(place, films["thesis"][place], films[standard][place]) for place in units()])


if __name__ == "__main__":
    main()
