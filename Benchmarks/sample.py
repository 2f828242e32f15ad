#!/usr/bin/env python3
"""What films are worth that nobody chose: random units of each layer, and which of them miss the bars.

Chosen units flatter. Draws some units of every layer that a pattern names, renders them with the standard preset, reads
every film.json, and prints two Markdown tables: every measure over all paths, and the films that miss a bar, the worst
first. Films that are already there are not rendered again, so a run can be stopped and continued.

    python3 Benchmarks/sample.py --output /tmp/sample --seed 7
    python3 Benchmarks/sample.py --output /tmp/sample --seed 7 --units 6 --layers '*project_BN'
    python3 Benchmarks/sample.py --output /tmp/sample --seed 7 --network efficientnet_lite0 --layers 'blocks.*'
"""

import argparse
import fnmatch
import json
import pathlib
import random
import statistics
import subprocess

import films

# What each path of a film has to reach: lowest and highest allowed.
BARS = {
    "minimumRatio": (0.98, None),
    "robustMinimum": (0.95, None),
    "contrastMinimum": (0.97, None),
    "featureStepRatio": (None, 1.15),
    "brightnessMinimum": (0.2, None),
    "brightnessMaximum": (None, 0.8),
}


def listed_layers(arguments):
    return json.loads(subprocess.run(
        [arguments.facetreel, "layers", "--json", "--network", arguments.network, "--networks", arguments.networks],
        check=True, capture_output=True, text=True).stdout)


def drawn(arguments):
    """Some (layer, unit), the same for the same seed and network."""
    listed = listed_layers(arguments)
    layers = [layer for layer in listed if fnmatch.fnmatch(layer["name"], arguments.layers)]
    if not layers:
        raise SystemExit(f"no layer of {arguments.network} is called {arguments.layers}")
    generator = random.Random(arguments.seed)
    return [(layer["name"], unit) for layer in layers
            for unit in sorted(generator.sample(range(layer["units"]), min(arguments.units, layer["units"])))]


def render(arguments, units):
    """Renders what is missing; returns a film.json for each unit that has a film."""
    name = f"sample-{arguments.seed}"

    def record(layer, unit):
        return arguments.output / name / layer / str(unit) / "film.json"

    extra = json.loads(arguments.job)
    jobs = [{"name": name, "network": arguments.network, "layer": layer, "unit": unit, "preset": arguments.preset,
             "seed": arguments.film_seed, **extra}
            for layer, unit in units if not record(layer, unit).exists()]
    films.render(arguments, name, jobs, check=False)
    return {(layer, unit): json.loads(record(layer, unit).read_text())
            for layer, unit in units if record(layer, unit).exists()}


def misses(band, film):
    """The bars that a path misses, each with its value. A measure that says nothing misses its bar, too. The brightness is
    free where the film says that the mean colour is what its unit responds to."""
    found = {}
    shows_mean = any(remark["kind"] == "meanColor" for remark in film.get("verdict", {}).get("remarks", []))
    for key, (lowest, highest) in BARS.items():
        if shows_mean and key.startswith("brightness"):
            continue
        value = band.get(key)
        if value is None or (lowest is not None and value < lowest) or (highest is not None and value > highest):
            found[key] = value
    return found


def badness(found):
    """How far beyond its bar the worst measure is, as a part of the bar."""
    distances = [1.0]
    for key, value in found.items():
        if value is not None:
            bar = next(bar for bar in BARS[key] if bar is not None)
            distances.append(1 + abs(value - bar) / bar)
        else:
            distances.append(2)
    return max(distances)


def number(value):
    return "-" if value is None else f"{value:.3f}"


def print_measures(records):
    bands = [band for film in records.values() for band in film["bands"]]
    keys = sorted({key for band in bands for key, value in band.items()
                   if isinstance(value, (int, float)) and not isinstance(value, bool)} - {"lowestFrame", "pivots"})
    print("| measure | least | 5 % | median | 95 % | greatest | bar | paths that reach it |")
    print("|---|---|---|---|---|---|---|---|")
    for key in keys:
        values = sorted(band[key] for band in bands if band.get(key) is not None)
        cuts = [values[round(part * (len(values) - 1))] for part in (0, 0.05, 0.5, 0.95, 1)]
        bar, reached = "", ""
        if key in BARS:
            lowest, highest = BARS[key]
            bar = f">= {lowest}" if lowest is not None else f"<= {highest}"
            reached = f"{sum(key not in misses(band, {}) for band in bands)} of {len(bands)}"
        print(f"| {key} | " + " | ".join(number(cut) for cut in cuts) + f" | {bar} | {reached} |")


def print_night(arguments, records):
    """What all units of the layers would cost, if every film was rendered on one core alone."""
    if arguments.workers != 1:
        return
    sizes = {layer["name"]: layer["units"] for layer in listed_layers(arguments)}
    seconds = {}
    for (layer, _), film in records.items():
        seconds.setdefault(layer, []).append(film["timing"]["total"])
    night = sum(sizes[layer] * statistics.mean(times) for layer, times in seconds.items())
    units = sum(sizes[layer] for layer in seconds)
    print(f"All {units} units of these layers: {night / 3600:.1f} core-hours, {night / 7200:.1f} hours on two cores "
          f"({', '.join(f'{layer} {statistics.mean(times):.0f} s' for layer, times in seconds.items())}).")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, required=True, help="of the sample")
    parser.add_argument("--film-seed", type=int, default=0, help="of the films")
    parser.add_argument("--units", type=int, default=1, help="of each layer")
    parser.add_argument("--layers", default="*project_BN", help="a pattern of layers' names")
    parser.add_argument("--network", default="mobilenet_v2")
    parser.add_argument("--networks", default="Weights", help="the folder of networks")
    parser.add_argument("--preset", default="standard")
    parser.add_argument("--job", default="{}", help="more of a job, as JSON: '{\"facets\": [...]}'")
    parser.add_argument("--workers", type=int, help="of the run; 1 also says what a night of all units costs")
    parser.add_argument("--facetreel", default=".build/release/facetreel")
    arguments = parser.parse_args()

    units = drawn(arguments)
    records = render(arguments, units)
    if not records:
        raise SystemExit("no film was made")
    print_measures(records)
    found = {place: {path: misses(band, film) for path, band in enumerate(film["bands"], 1) if misses(band, film)}
             for place, film in records.items()}
    bad = {place: paths for place, paths in found.items() if paths}
    verdicts = {place: film.get("verdict", {}) for place, film in records.items()}
    evaluations = [sum(part["evaluations"] for part in film["bands"] + film["facets"])
                   + verdicts[place].get("discardedEvaluations", 0) for place, film in records.items()]
    print(f"\n{len(records) - len(bad)} of {len(units)} films meet all bars; {statistics.mean(evaluations):.0f} "
          f"evaluations a film; sample seed {arguments.seed}, {arguments.network}, {arguments.preset}.")
    twice = sum(verdict.get("attempts", 1) > 1 for verdict in verdicts.values())
    flagged = {place for place, verdict in verdicts.items() if verdict.get("shortfalls")}
    print(f"{twice} films were made twice; {len(flagged)} are flagged by themselves"
          + (f", and {len(set(bad) - flagged)} of those that miss a bar are not." if set(bad) - flagged else "."))
    print_night(arguments, records)
    for place in units:
        if place not in records:
            print(f"no film: {place[0]} {place[1]}")
    if bad:
        print("\n| film | what it misses, path by path |")
        print("|---|---|")
    for place, paths in sorted(bad.items(), key=lambda item: -max(badness(path) for path in item[1].values())):
        words = "; ".join(f"{path}: " + ", ".join(f"{key} {number(value)}" for key, value in missed.items())
                          for path, missed in paths.items())
        print(f"| {place[0]} {place[1]} | {words} |")


if __name__ == "__main__":
    main()
