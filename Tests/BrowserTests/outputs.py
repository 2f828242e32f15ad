"""Output folders to look at: real films, small ones, and a night's worth of films that nobody rendered."""

import json
import os
import pathlib
import random
import struct
import subprocess
import zlib

from browser import ROOT

PROGRAM = ROOT / ".build/release/facetreel"
NETWORKS = ROOT / "Weights"

REPORT = {
    "version": 1,
    "engineRevision": "1",
    "started": "2026-01-02T01:00:00.000Z",
    "ended": "2026-01-02T03:10:00.000Z",
    "seconds": 7800.0,
    "manifests": ["Jobs/nightly"],
    "workers": 2,
    "stopped": "time budget",
    "evaluations": 3345000,
    "evaluationsPerSecond": 428.8,
    "firstFailure": {"reel": "left/block_4_add/9", "message": "No space left on device"},
    "reels": [
        {"reel": "left/block_4_add/6", "outcome": "rendered", "seconds": 61.5, "evaluations": 6116},
        {"reel": "left/block_4_add/7", "outcome": "upToDate", "seconds": 0, "evaluations": 0},
        {
            "reel": "left/block_4_add/9",
            "outcome": "failed",
            "seconds": 3.5,
            "evaluations": 120,
            "message": "film.mp4 cannot be written: No space left on device; free some and render again",
            "log": ".cache/logs/left~block_4_add~9.jsonl",
        },
        {"reel": "left/block_4_add/10", "outcome": "notStarted", "seconds": 0, "evaluations": 0},
    ],
}


def gallery(output):
    subprocess.run([PROGRAM, "gallery", output], check=True, stdout=subprocess.DEVNULL)


def render(output):
    """Two jobs of the same units, one with the graph in its films and one without."""
    facets = [
        {"name": "naive", "steps": 24},
        {"name": "smooth", "totalVariation": 3e-5, "steps": 24},
        {"name": "fourier", "parameterization": "fourier", "transforms": "lucid", "steps": 24},
    ]
    jobs = [
        {
            "name": name,
            "layer": "block_4_add",
            "units": "6-8",
            "preset": preset,
            "image": {"size": 96},
            "facets": facets,
            "neb": {"pivots": 6, "interpolations": 4, "steps": 4, **more},
            "video": {"graph": graph},
        }
        for name, preset, graph, more in [("left", "standard", True, {"levels": [2]}), ("right", "thesis", False, {})]
    ]
    manifest = pathlib.Path(output) / "jobs.json"
    manifest.write_text(json.dumps({"jobs": jobs}))
    subprocess.run(
        [PROGRAM, "render", manifest, "--output", output, "--networks", NETWORKS, "--progress", "off"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    judge(pathlib.Path(output) / "left/block_4_add/7", {"seedAgreement": 0.41, "overDrive": 2.5})
    judge(pathlib.Path(output) / "left/block_4_add/8", {"seedAgreement": 0.81, "overDrive": 2.5})
    changes = [{"measure": "path 1 robustMinimum", "old": 0.97, "new": 0.91, "worse": 3}]
    comparison = {
        "tolerance": 0.02,
        "compared": 3,
        "changed": [{"film": "left/block_4_add/6", "changes": changes}],
        "new": [],
        "gone": [],
        "evaluations": {"old": 18348, "new": 18348},
        "seconds": {"old": 190, "new": 184},
    }
    (pathlib.Path(output) / "regressions.json").write_text(json.dumps(comparison))
    for day in (1, 2):
        report = REPORT | {"started": f"2026-01-0{day}T01:00:00.000Z", "evaluationsPerSecond": 400 + 10 * day}
        (pathlib.Path(output) / "report.json").write_text(json.dumps(report))
        gallery(output)


def judge(folder, measures):
    """Writes a trust report into a film's folder, with photographs, and pictures of what matters in the facets."""
    photographs = {"folder": "animals", "digest": "0123", "count": 2000, "strongest": [], "weakest": []}
    (folder / "photographs").mkdir(exist_ok=True)
    (folder / "importance").mkdir(exist_ok=True)
    for kind, count in (("strongest", 6), ("weakest", 3)):
        for number in range(1, count + 1):
            file = f"photographs/{kind}-{number:02}.jpg"
            # Browsers look at what is in it.
            (folder / file).write_bytes(png(64, number))
            outline = [[0.2, 0.3, 0.8, 0.25, 0.7, 0.75, 0.3, 0.7]] if kind == "strongest" else []
            photographs[kind].append(
                {
                    "path": f"birds/{number}.jpg", "activation": 5 - number, "file": file, "width": 64, "height": 64,
                    "outline": outline,
                }
            )  # fmt: skip
    for number, facet in enumerate(sorted((folder / "facets").iterdir())):
        (folder / "importance" / facet.name).write_bytes(png(96, number))
    film = json.loads((folder / "film.json").read_text())
    film["trust"] = {
        "measures": {"alive": 0.98, "survivesBlur": 0.9, **measures},
        "notMeasured": {"filmScore": "there are too few photographs"},
        "evaluations": 1834,
        "photographs": photographs,
        "classes": [
            {"index": 11, "label": "goldfinch", "contribution": 2.31},
            {"index": 7, "label": "cock", "contribution": -0.4},
        ],
    }
    (folder / "film.json").write_text(json.dumps(film))


def night(output, films):
    """1,504 films of the projection layers, each with its own curve, and the pictures and films of those given."""
    pictures = []
    for seed in range(8):
        path = pathlib.Path(output) / f"picture-{seed}.png"
        path.write_bytes(png(224, seed))
        pictures.append(path)
    counts = [16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320]
    for block, count in enumerate(counts):
        layer = "expanded_conv_project_BN" if block == 0 else f"block_{block}_project_BN"
        for unit in range(count):
            chance = random.Random(block * 1000 + unit)
            folder = pathlib.Path(output) / "projection-layers" / layer / str(unit)
            (folder / "facets").mkdir(parents=True)
            for number in range(4):
                os.link(chance.choice(pictures), folder / f"facets/0{number + 1}-fourier-{number + 1}.png")
            os.link(chance.choice(pictures), folder / "poster.png")
            os.link(chance.choice(films), folder / "film.mp4")
            (folder / "film.json").write_text(json.dumps(record(layer, unit, chance)))
    gallery(output)


def record(layer, unit, chance):
    names = [f"fourier-{number + 1}" for number in range(4)]
    height = chance.uniform(2, 8)
    frames = [
        {
            "index": index,
            "path": min(index // 80, 2),
            "position": index % 80 / 80,
            "activation": height * (1 + 0.2 * abs((index % 80) / 40 - 1)) - index / 200,
            "facet": names[index // 80] if index % 80 == 0 else None,
        }
        for index in range(241)
    ]
    robust = 0.98 if chance.random() < 0.9 else chance.uniform(0.5, 0.93)
    band = {
        "pivots": 19, "steps": 120, "evaluations": 1800, "stop": "settled", "minimumRatio": 1,
        "robustMinimum": robust, "contrastMinimum": 0.99, "featureStepRatio": 1.05,
        "flicker": chance.uniform(0.1, 0.25), "blurMinimum": 0.93, "jpegMinimum": 0.97,
    }  # fmt: skip
    facets = [
        {"name": name, "activation": height * (1 - 0.05 * place), "robustActivation": height * 0.95, "evaluations": 257}
        for place, name in enumerate(names)
    ]
    job = {"layer": layer, "unit": unit, "preset": "standard", "video": {"graph": False, "framesPerSecond": 30}}
    shortfalls = [
        {"path": path, "measure": "robustMinimum", "value": robust, "bar": 0.95} for path in (1, 2, 3) if robust < 0.95
    ]
    verdict = {"shortfalls": shortfalls, "remarks": [], "attempts": 1}
    return {"job": job, "frames": frames, "facets": facets, "bands": [band] * 3, "verdict": verdict}


def png(side, seed):
    """A picture of waves that no compression makes small: about as large as a facet's."""
    chance = random.Random(seed)
    rows = b"".join(
        b"\0" + bytes((x * (seed + 1) + y * y // 9 + chance.randrange(160)) & 255 for x in range(side) for _ in "rgb")
        for y in range(side)
    )

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
