"""What the documents name is there: files, links, keys, operators, and the messages that they quote."""

import json
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "Documentation").glob("*.md"))]
# What readers write, and what `make weights` does.
GENERATED = {"Jobs/eyes.json", "Jobs/mine.json", "Weights/mobilenet_v2.json"}


def quotations(text):
    """The quoted lines, those of one quotation joined."""
    return [re.sub(r"\n> ?", " ", match)[2:].strip() for match in re.findall(r"^> .*(?:\n>.*)*", text, re.M)]


def words(message):
    """The parts of a message that its source spells out: without what is filled in."""
    filled = (
        r"^make deps:|\.\.\.$|\"[^\"]*\"|\d[\d.]*|^--only zzz|block_12_add|an elastic band|^expected|, found"
        r"|; did you mean|^Weights/mobilenet_v2\.onnx|: |\. (?=`make)|classifier|`facetreel layers[^`]*`"
    )
    return [part.strip(" .,") for part in re.split(filled, message) if len(part.strip(" .,")) > 8]


def all_sources():
    """What the program and its scripts can say, as one text."""
    sources = "\n".join(
        path.read_text() for path in [*ROOT.glob("Sources/**/*.swift"), ROOT / ".ci/deps", *ROOT.glob("Weights/*.py")]
    ).replace('\\"', '"')
    # Strings of several lines, and pieces that are joined, are one message.
    return re.sub(r'"\s*\+\s*"', "", sources)


def section(text, heading):
    """What stands under a heading, up to the next one of its level or above."""
    level = heading.split(" ")[0]
    return re.split(r"^#{1,%d} " % len(level), text.split(f"\n{heading}\n")[1], flags=re.M)[0]


def rows(text):
    """Cells of a table's rows, without its head."""
    return [line.strip("|").split(" | ") for line in re.findall(r"^\|.*\|$", text, re.M)][2:]


class DocumentationTests(unittest.TestCase):
    def test_quoted_messages_are_messages_of_the_program(self):
        sources = all_sources()
        messages = quotations((ROOT / "Documentation/troubleshooting.md").read_text())
        self.assertGreater(len(messages), 10)
        for message in messages:
            parts = words(message)
            self.assertTrue(parts, message)
            for part in parts:
                # No assertIn: it would print all sources.
                self.assertTrue(part in sources, f"{message!r} is quoted, but no source says {part!r}")

    def test_messages_about_networks_are_messages_of_the_program(self):
        sources = all_sources()
        table = rows(section((ROOT / "Documentation/networks.md").read_text(), "## What errors mean"))
        messages = [message for cells in table for message in re.findall(r'"([^"]+)"', cells[0])]
        self.assertGreater(len(messages), 10)
        for message in messages:
            self.assertTrue(message in sources, f"{message!r} is quoted, but no source says it")

    def test_operators_that_can_be_run_are_lowered(self):
        lowering = "\n".join(path.read_text() for path in ROOT.glob("Sources/Networks/Lowering/*.swift"))
        table = rows(section((ROOT / "Documentation/networks.md").read_text(), "## What can be run"))
        operators = [name for cells in table for name in re.findall(r"`([A-Z]\w+)`", cells[1])]
        self.assertGreater(len(operators), 60)
        for name in operators:
            self.assertTrue(f'"{name}"' in lowering, f"{name} is no operator that is lowered")

    def test_the_keys_of_cards_are_those_that_are_read(self):
        source = (ROOT / "Sources/Networks/Card/NetworkCard+Reading.swift").read_text()
        keys = set(re.findall(r'"(\w+)"', re.search(r"static let keys = \[(.*?)\]", source, re.S)[1]))
        text = (ROOT / "Documentation/networks.md").read_text()
        tables = {
            "networks.md": section(text, "## 2. Look at it, and write the card"),
            "Weights/README.md": section((ROOT / "Weights/README.md").read_text(), "## The card"),
        }
        for document, table in tables.items():
            named = {key for cells in rows(table) for key in re.findall(r"`(\w+)`", cells[0])}
            self.assertEqual(named, keys, document)
        example = re.search(r"```json\n(\{\n.*?\n\})\n```", tables["networks.md"], re.S)[1]
        self.assertEqual(set(json.loads(example)), keys)

    def test_links_and_named_sources_lead_somewhere(self):
        for document in DOCUMENTS:
            text = re.sub(r"```.*?```", "", document.read_text(), flags=re.S)
            for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
                self.assertTrue((document.parent / target).exists(), f"{document.name} links to {target}")
            for name in re.findall(r"`((?:Sources|Tests|Benchmarks|Jobs|Documentation|Weights)/[\w./+-]+)`", text):
                found = any((ROOT / (name + suffix)).exists() for suffix in ("", ".swift"))
                generated = name.endswith((".safetensors", ".onnx")) or name in GENERATED
                self.assertTrue(found or generated, f"{document.name} names {name}")


if __name__ == "__main__":
    unittest.main()
