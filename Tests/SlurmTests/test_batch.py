"""A batch on a real Slurm: submitted, cancelled, preempted, run out of its node, and in the end as if nothing had been."""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from cluster import Cluster, NotPossible, processes_with, wait

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FACETREEL = os.environ.get("FACETREEL", os.path.join(ROOT, ".build", "release", "facetreel"))
NETWORKS = os.path.join(ROOT, "Weights")
# A space and a quote: what the script does with odd names is seen here as well.
MANIFEST = "tiny one's.json"
OUTPUT = "Out put%j"
SHARDS = 4


def manifest():
    """Twelve films of some seconds each, so that there is time to disturb them."""
    return {
        "name": "tiny",
        "layers": ["block_2_add", "block_4_add"],
        "units": "0-5",
        "image": {"size": 64},
        "facets": [{"name": "naive", "steps": 12000}, {"name": "other", "steps": 40}],
        "neb": {"pivots": 2, "levels": [], "interpolations": 1, "steps": 4},
        "video": {"graph": True},
    }


class Batch(unittest.TestCase):
    """Each test has a cluster and a shared folder of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="facetreel-batch-")
        # Also where nothing of unittest is done any more.
        atexit.register(shutil.rmtree, cls.folder, True)
        with open(os.path.join(cls.folder, MANIFEST), "w", encoding="utf-8") as file:
            json.dump(manifest(), file)
        # What everything is compared with: one machine, one run.
        subprocess.run(
            [FACETREEL, "render", MANIFEST, "--output", "alone", "--networks", NETWORKS, "--progress", "off"],
            cwd=cls.folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self, requeue_exit=None):
        self.begin = time.monotonic()
        print(file=sys.stderr)
        cluster = Cluster(requeue_exit)
        try:
            cluster.__enter__()
        except NotPossible as reason:
            self.skipTest(str(reason))
        self.addCleanup(self.stop, cluster)
        self.addCleanup(shutil.rmtree, os.path.join(self.folder, OUTPUT), True)
        self.cluster = cluster
        return cluster

    def stop(self, cluster):
        folder = cluster.folder
        cluster.stop()
        self.assertEqual((cluster.left, processes_with(folder)), (set(), set()), "everything that was started is stopped")

    def facetreel(self, *arguments, status=0):
        run = subprocess.run(
            [FACETREEL, *arguments],
            cwd=self.folder,
            env=self.cluster.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=120,
        )
        self.assertEqual(run.returncode, status, "%s\n%s" % (run.stdout, run.stderr))
        return run.stdout

    def submit(self):
        """(number of the array, number of the job after it)"""
        arguments = ["--shards", str(SHARDS), "--cpus", "1", "--time", "00:10:00", "--after-report"]
        printed = self.facetreel("submit", MANIFEST, "--output", OUTPUT, "--networks", NETWORKS, *arguments)
        array, report = printed.split()
        return array, report

    def status(self):
        return json.loads(self.facetreel("status", OUTPUT, "--json"))

    def say(self, text):
        print("%6.1f s  %s" % (time.monotonic() - self.begin, text), file=sys.stderr, flush=True)

    def log(self, array, task):
        path = os.path.join(self.folder, OUTPUT, ".cache", "slurm", "%s_%d.log" % (array, task))
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()

    def running(self, array, task):
        """Waits until a task is in the middle of a film."""
        name = "%s_%d" % (array, task)
        wait(
            "%s to render" % name,
            lambda: any(film["task"] == name for film in self.status()["running"]),
            120,
            self.cluster.alive,
        )
        return self.cluster.job(name)["JobId"]

    def preempt(self, number):
        """Slurm's preemption as the program sees it: SIGTERM to the batch script, which it is."""
        # Slurm 22.05 has sent the signal, and then says of a task whose siblings wait that it could not; scancel goes on
        # for a minute, and every time the task hears the signal again.
        scancel = subprocess.Popen(
            ["scancel", "--signal=TERM", "--batch", number],
            env=self.cluster.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(1)
        scancel.kill()
        scancel.wait()

    def requeued(self, array, task):
        """Waits until a task is back in the queue, and spares it Slurm's two minutes there."""
        name = "%s_%d" % (array, task)
        wait("%s to be queued again" % name, lambda: self.cluster.job(name).get("JobState") == "PENDING", 60)
        self.assertEqual(self.cluster.job(name)["Restarts"], "1")
        # Slurm waits for a reason: what starts in the very second in which it ended is refused.
        time.sleep(3)
        self.cluster.command("scontrol", "update", "JobId=" + name, "StartTime=now")

    def ended(self, report):
        wait("all to end", lambda: self.cluster.job(report).get("JobState") in ("COMPLETED", "FAILED"), 240, self.cluster.alive)
        return self.cluster.job(report)

    def films(self, output):
        """Every file of the films by its path; film.json without its timing, and of the pages only that they are there."""
        found = {}
        root = os.path.join(self.folder, output, "tiny")
        for folder, _, names in os.walk(root):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    data = file.read()
                if name == "film.json":
                    record = json.loads(data)
                    del record["timing"]
                    data = record
                elif name == "index.html":
                    data = len(data) > 0
                found[os.path.relpath(path, root)] = data
        return found

    def assert_whole(self):
        self.assertEqual(self.status()["counts"], {"films": 12, "done": 12, "running": 0, "failed": 0, "missing": 0})
        alone, films = self.films("alone"), self.films(OUTPUT)
        self.assertEqual(sorted(films), sorted(alone))
        self.assertEqual([name for name in alone if films[name] != alone[name]], [])
        self.assertEqual(sum(name.endswith("film.mp4") for name in films), 12)
        stale = [
            os.path.join(folder, name)
            for folder, folders, names in os.walk(os.path.join(self.folder, OUTPUT))
            for name in folders + names
            if "partial" in name or name.endswith((".lock", ".owner", ".checkpoint"))
        ]
        self.assertEqual(stale, [])
        self.say("%d files of 12 films are, byte for byte, those of a run on one machine" % len(films))

    def report(self):
        with open(os.path.join(self.folder, OUTPUT, "report.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_a_batch_that_is_cancelled_and_preempted_in_part_ends_as_a_run_on_one_machine(self):
        cluster = self.start()
        self.say("the cluster is up: %s" % cluster.command("sinfo", "--noheader", "--format=%n %c %t").strip())
        array, report = self.submit()
        self.say("submitted: array %s as %d shards, report %s" % (array, SHARDS, report))

        number = self.running(array, 0)
        self.preempt(number)
        self.running(array, 1)
        cluster.command("scancel", array + "_1")
        wait("task 1 to be cancelled", lambda: cluster.job(array + "_1").get("JobState") == "CANCELLED", 60)
        self.assertEqual(cluster.job(array + "_1")["Restarts"], "0")
        self.say("task 1 is cancelled, and stays so")

        self.requeued(array, 0)
        self.assertIn("stopping at the next step", self.log(array, 0))
        self.say("task 0 heard SIGTERM, stopped at the next step, and is queued again")
        job = self.ended(report)
        self.assertEqual(cluster.job(array + "_0")["JobState"], "COMPLETED")
        self.assertEqual(cluster.job(array + "_1")["JobState"], "CANCELLED")
        # Not all films are there, and the job that made the report says so.
        self.assertEqual(job["ExitCode"], "1:0")
        found = self.report()
        counts = self.status()["counts"]
        self.say("all have ended: %s" % counts)
        self.assertEqual(counts["done"] + counts["missing"], 12)
        self.assertTrue(1 <= counts["missing"] <= 3, counts)
        self.assertEqual(found["batch"], array)
        self.assertEqual(found["counts"]["rendered"], counts["done"])
        self.assertEqual(found["counts"]["stopped"] + found["counts"]["notStarted"], counts["missing"])
        self.assertIn("stopping at the next step", self.log(array, 1))
        self.assertTrue(os.path.exists(os.path.join(self.folder, OUTPUT, "index.html")))

        # The same again: what is there stays, the rest is made.
        array, report = self.submit()
        job = self.ended(report)
        self.assertEqual((job["JobState"], job["ExitCode"]), ("COMPLETED", "0:0"))
        found = self.report()
        self.assertEqual(found["counts"]["rendered"], counts["missing"])
        self.assertEqual(found["counts"]["upToDate"], counts["done"])
        self.say("submitted again: %d rendered, %d up to date" % (counts["missing"], counts["done"]))
        with open(os.path.join(self.folder, OUTPUT, "junit.xml"), encoding="utf-8") as file:
            self.assertIn('tests="12" failures="0"', file.read())
        self.assert_whole()

    def test_tasks_of_a_node_that_fails_and_of_processes_that_are_killed_go_on(self):
        # And where the administrator has Slurm queue again by itself what ends with 75, nothing is done twice.
        cluster = self.start(requeue_exit=75)
        array, report = self.submit()
        number = self.running(array, 0)
        self.preempt(number)
        # No signal that a program could hear: as if the machine had gone. Slurm does not queue that again, but the next
        # batch does it.
        self.running(array, 1)
        victim = [film for film in self.status()["running"] if film["task"] == array + "_1"][0]
        os.kill(victim["process"], signal.SIGKILL)
        wait("task 1 to fail", lambda: cluster.job(array + "_1").get("JobState") == "FAILED", 60)
        self.say("task 1 was killed: %s" % victim["reel"])
        self.requeued(array, 0)
        self.say("RequeueExit=75: task 0 is queued again, once")
        self.ended(report)
        missing = [film["reel"] for film in self.status()["missing"]]
        self.assertIn(victim["reel"], missing)

        array, report = self.submit()
        wait("a task to render", lambda: self.status()["running"], 60, cluster.alive)
        node = cluster.command("sinfo", "--noheader", "--format=%n").strip()
        cluster.command("scontrol", "update", "NodeName=" + node, "State=DOWN", "Reason=test")
        self.say("the node is down")
        # It may come back by itself (ReturnToService).
        cluster.command("scontrol", "update", "NodeName=" + node, "State=RESUME", check=False)
        wait("the node to be back", lambda: "idle" in cluster.command("sinfo", "--noheader", "--format=%t"), 120)
        time.sleep(3)
        tasks = ["%s_%d" % (array, task) for task in range(SHARDS)]
        back = [task for task in tasks if cluster.job(task).get("Restarts") == "1"]
        self.assertNotEqual(back, [])
        for task in back:
            cluster.command("scontrol", "update", "JobId=" + task, "StartTime=now", check=False)
        self.say("it is back, and so are tasks %s" % ", ".join(back))
        job = self.ended(report)
        self.assertEqual((job["JobState"], job["ExitCode"]), ("COMPLETED", "0:0"), self.log(array, 1))
        self.assert_whole()


if __name__ == "__main__":
    unittest.main(verbosity=2)
