"""The program under test: `facetreel probe` and `facetreel inspect`, run as a user runs them."""
import os
import subprocess
import tempfile
import time

import numpy as np

import tensors

# Seconds that one call may take. The largest network of the zoo needs a few.
PATIENCE = 300


class Answer:
    """What one call said: exit status (negative: the signal that ended it), text of both streams, peak memory in MB,
    seconds, and what it wrote."""

    def __init__(self, status, output, message, peak, seconds, written):
        self.status, self.output, self.message = status, output, message
        self.peak, self.seconds, self.written = peak, seconds, written

    @property
    def reason(self):
        """One line that says why there are no numbers."""
        if self.status is None:
            return f"no answer in {PATIENCE} s"
        lines = [line.strip() for line in self.message.splitlines() if line.strip()]
        text = lines[0] if lines else "no message"
        return f"signal {-self.status}: {text}" if self.status < 0 else f"exit {self.status}: {text}"


class Program:
    """- image_range: what the program takes the values of an image tensor to be. Its gradient is with respect to an
    image in -1..1 in either case.
    - is_exact: all sums plain; else as films are made, with Winograd's filtering."""

    def __init__(self, path, image_range="-1..1", is_exact=True):
        self.path, self.image_range, self.is_exact = os.path.abspath(path), image_range, is_exact

    def run(self, arguments, reads=None, patience=PATIENCE):
        """One call; `reads` names a safetensors file whose tensors become the answer's `written`."""
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as message:
            began = time.monotonic()
            process = subprocess.Popen(
                [self.path] + arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=message)
            status, usage = wait(process, began + patience)
            seconds = time.monotonic() - began
            texts = []
            for stream in (output, message):
                stream.seek(0)
                texts.append(stream.read())
        written = {}
        if status == 0 and reads and os.path.exists(reads):
            written, _ = tensors.read(reads)
        return Answer(status, texts[0], texts[1], usage.ru_maxrss / 1024 if usage else 0, seconds, written)

    def inspect(self, network):
        return self.run(["inspect", network, "--json"])

    def probe(self, network, mean, std, image, layer, unit=None, patience=PATIENCE):
        """`mean_activation` [units] and, with a unit, `gradient` [height, width, 3], with respect to the image in
        **0..1**, in the answer's `written`.

        image: [height, width, 3] in 0..1, multiples of 2^-16, so that the move to -1..1 rounds nothing.
        mean, std: as text, "R,G,B", with respect to the image in 0..1; None: the network has a card that says them.
        """
        with tempfile.TemporaryDirectory() as folder:
            given, result = os.path.join(folder, "image.safetensors"), os.path.join(folder, "result.safetensors")
            moved = image if self.image_range == "0..1" else image.astype(np.float64) * 2 - 1
            tensors.write(given, {"input": moved})
            arguments = ["probe", "--network", network, "--input", given, "--tensor", "input", "--layer", layer]
            arguments += ["--exact"] if self.is_exact else []
            arguments += ["--output", result] + (["--mean", mean, "--std", std] if mean else [])
            if unit is not None:
                arguments += ["--unit", str(unit)]
            answer = self.run(arguments, reads=result, patience=patience)
        if "gradient" in answer.written:
            # The same step in 0..1 is twice as long in -1..1.
            answer.written["gradient"] = answer.written["gradient"].astype(np.float64) * 2
        return answer


def wait(process, deadline):
    """The status and the resources of a process, which is ended when time is over (then: None, None)."""
    pause = 0.002
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
            return None, None
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
