"""The arrows of the house: which module may import which, and that rooms inside a module point one way."""

import re
import unittest
from collections import defaultdict
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "Sources"

# From the command down; a module may use what lies below its own row, and what its row says besides.
ROWS = [
    {"facetreel"},
    {"Cluster", "Inspection", "Measurement", "Examples", "Gallery"},
    {"Pipeline"},
    {"FeatureVisualization", "Film", "JobManifest", "Records", "Trust"},
    {"ConvNet", "ElasticBand"},
    {"Networks"},
    {"Disk", "JSON", "Threads"},
]
# System libraries and shims: anybody's.
SYSTEM = {"CPlatform", "CFFmpeg", "CPNG", "CCairo", "CLibPNG"}
# Below their rows, but none of their business.
FORBIDDEN = {
    "Gallery": {"Pipeline", "JobManifest", "ConvNet", "ElasticBand", "FeatureVisualization", "Film"},
    "Film": {"ConvNet", "ElasticBand", "Networks"},
    "JobManifest": {"ConvNet", "ElasticBand"},
    "Records": {"ConvNet", "ElasticBand"},
    "Trust": {"ConvNet", "ElasticBand", "Networks", "Disk", "JSON", "Threads"},
    "ElasticBand": {"Networks", "Disk", "JSON", "Threads"},
}
# Modules whose rooms point one way, and that have no file at their root.
ROOMED = ["Pipeline", "FeatureVisualization"]

MODULES = sorted(path.name for path in SOURCES.iterdir() if any(path.rglob("*.swift")))


def row(module):
    return next((number for number, modules in enumerate(ROWS) if module in modules), None)


def code(path):
    """A file's text without its comments, and without what its strings say but for what they compute."""
    text = re.sub(r"//[^\n]*", "", path.read_text())
    text = re.sub(r'"""(.*?)"""', lambda string: " ".join(re.findall(r"\\\((.*?)\)", string[1])), text, flags=re.S)
    return re.sub(r'"((?:\\.|[^"\\])*)"', lambda string: " ".join(re.findall(r"\\\((.*?)\)", string[1])), text)


def defined(text):
    """Types that a file defines at its top level: members are indented."""
    return set(re.findall(r"^(?:[@\w()]+ )*(?:struct|class|enum|protocol|actor|typealias) (\w+)", text, re.M))


class HouseTests(unittest.TestCase):
    def test_modules_import_only_what_lies_below_them(self):
        for module in MODULES:
            if module in SYSTEM:
                continue
            self.assertIsNotNone(row(module), f"{module} is in no row of this test")
            for path in (SOURCES / module).rglob("*.swift"):
                for imported in re.findall(r"^(?:@testable )?import (?:\w+ )?(\w+)", path.read_text(), re.M):
                    if imported not in MODULES or imported in SYSTEM:
                        continue
                    name = f"{path.relative_to(SOURCES)} imports {imported}"
                    self.assertGreater(row(imported), row(module), name)
                    self.assertNotIn(imported, FORBIDDEN.get(module, set()), name)

    def test_rooms_have_all_files_and_point_one_way(self):
        for module in ROOMED:
            root = SOURCES / module
            self.assertEqual([path.name for path in root.glob("*.swift")], [], f"{module} has files without a room")
            texts = {path: code(path) for path in root.rglob("*.swift")}
            owners = defaultdict(set)
            for path, text in texts.items():
                for name in defined(text):
                    owners[name].add(path.parent.relative_to(root).parts[0])
            arrows = defaultdict(lambda: defaultdict(set))
            for path, text in texts.items():
                room = path.parent.relative_to(root).parts[0]
                for name in set(re.findall(r"\b[A-Z]\w+", text)):
                    # A name that two rooms define is one of several, and says nothing.
                    if len(owners[name]) == 1 and room not in owners[name]:
                        arrows[room][next(iter(owners[name]))].add(f"{path.name}: {name}")
            self.assertGreater(len(arrows), 1, module)
            self.assertEqual(self.circle(arrows), None, module)

    def circle(self, arrows):
        """Rooms that reach each other, with the names that make them; None where there are none."""

        def reach(start):
            reached, waiting = set(), list(arrows[start])
            while waiting:
                room = waiting.pop()
                if room not in reached:
                    reached.add(room)
                    waiting += list(arrows[room])
            return reached

        inside = sorted(room for room in list(arrows) if room in reach(room))
        if not inside:
            return None
        return {
            f"{room} -> {other}": sorted(arrows[room][other])[:4]
            for room in inside
            for other in inside
            if arrows[room][other]
        }


if __name__ == "__main__":
    unittest.main()
