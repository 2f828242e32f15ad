"""What the documents name is there: files, links, and the messages that they quote."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "Documentation").glob("*.md"))]


def quotations(text):
    """The quoted lines, those of one quotation joined."""
    return [re.sub(r"\n> ?", " ", match)[2:].strip() for match in re.findall(r"^> .*(?:\n>.*)*", text, re.M)]


def words(message):
    """The parts of a message that its source spells out: without what is filled in."""
    filled = (
        r"^make deps:|\.\.\.$|\"[^\"]*\"|\d[\d.]*|^--only zzz|block_12_add|an elastic band|^expected|, found"
        r"|; did you mean|^Weights/mobilenet_v2\.safetensors|: |\. (?=`make)|\. The file|F16|F32"
    )
    return [part.strip(" .,") for part in re.split(filled, message) if len(part.strip(" .,")) > 8]


class DocumentationTests(unittest.TestCase):
    def test_quoted_messages_are_messages_of_the_program(self):
        sources = "\n".join(
            path.read_text() for path in [*ROOT.glob("Sources/**/*.swift"), ROOT / ".ci/deps", *ROOT.glob("Weights/*.py")]
        ).replace('\\"', '"')
        # Strings of several lines, and pieces that are joined, are one message.
        sources = re.sub(r'"\s*\+\s*"', "", sources)
        messages = quotations((ROOT / "Documentation/troubleshooting.md").read_text())
        self.assertGreater(len(messages), 10)
        for message in messages:
            parts = words(message)
            self.assertTrue(parts, message)
            for part in parts:
                # No assertIn: it would print all sources.
                self.assertTrue(part in sources, f"{message!r} is quoted, but no source says {part!r}")

    def test_links_and_named_sources_lead_somewhere(self):
        for document in DOCUMENTS:
            text = re.sub(r"```.*?```", "", document.read_text(), flags=re.S)
            for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
                self.assertTrue((document.parent / target).exists(), f"{document.name} links to {target}")
            for name in re.findall(r"`((?:Sources|Tests|Benchmarks|Jobs|Documentation|Weights)/[\w./+-]+)`", text):
                found = any((ROOT / (name + suffix)).exists() for suffix in ("", ".swift"))
                generated = name.endswith((".safetensors", ".onnx")) or name in ("Jobs/eyes.json", "Weights/mobilenet_v2.json")
                self.assertTrue(found or generated, f"{document.name} names {name}")


if __name__ == "__main__":
    unittest.main()
