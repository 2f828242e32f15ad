"""Films for a table: jobs as one manifest, rendered by the program."""

import json
import subprocess


def render(arguments, name, jobs, check=True):
    """Renders some jobs into `arguments.output`; `check`: whether a film that fails ends the table."""
    if not jobs:
        return
    arguments.output.mkdir(parents=True, exist_ok=True)
    manifest = arguments.output / f"{name}.json"
    manifest.write_text(json.dumps({"jobs": jobs}, indent=2))
    workers = getattr(arguments, "workers", None)
    subprocess.run([arguments.facetreel, "render", manifest, "--output", arguments.output, "--networks",
                    arguments.networks, "--progress", "plain", *(["--jobs", str(workers)] if workers else [])],
                   check=check)
