"""A Slurm cluster of one node, on the loopback interface, in a folder of its own: started here, and stopped here.

Nothing of the system's own Slurm or munge is used or changed: key, sockets, ports, state and logs are all its own.
"""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

# Debian's slurmctld and slurmd lie where a user's PATH does not lead.
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

CONFIGURATION = """\
ClusterName=facetreel
SlurmctldHost={host}(127.0.0.1)
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPort={controller}
SlurmdPort={daemon}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/affinity
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
{requeue}
ReturnToService=2
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SchedulerParameters=batch_sched_delay=0,sched_interval=5,bf_interval=5
KillWait=10
NodeName={host} NodeAddr=127.0.0.1 CPUs={processors} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class NotPossible(Exception):
    """This machine cannot have a cluster, and why."""


class Cluster:
    """Use as a context manager; `environment` makes Slurm's commands, and whatever submits jobs, use it."""

    def __init__(self, requeue_exit=None):
        self.requeue_exit = requeue_exit
        self.processes = []
        self.folder = None

    def __enter__(self):
        if os.getuid() != 0:
            raise NotPossible("slurmctld and slurmd on one node have to be started by root")
        for program in ["munged", "slurmctld", "slurmd", "sbatch"]:
            if shutil.which(program, path=PATH) is None:
                raise NotPossible("%s is not installed: `make test-slurm` installs it" % program)
        self.folder = tempfile.mkdtemp(prefix="facetreel-slurm-")
        # Ctrl-C and `kill` as well: a cluster that outlives its tests is nobody's.
        atexit.register(self.stop)
        signal.signal(signal.SIGTERM, interrupt)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    # Starting

    def _start(self):
        # munged wants no folder above its socket that others may write to but /tmp, which is sticky.
        os.chmod(self.folder, 0o755)
        for name in ["state", "spool"]:
            os.mkdir(os.path.join(self.folder, name))
        self._start_munge()
        host = socket.gethostname().split(".")[0]
        ports = free_ports(2)
        with open(os.path.join(self.folder, "slurm.conf"), "w", encoding="utf-8") as file:
            file.write(
                CONFIGURATION.format(
                    host=host,
                    folder=self.folder,
                    controller=ports[0],
                    daemon=ports[1],
                    processors=len(os.sched_getaffinity(0)),
                    requeue="RequeueExit=%d" % self.requeue_exit if self.requeue_exit else "",
                )
            )
        self.environment = dict(os.environ, PATH=PATH, SLURM_CONF=os.path.join(self.folder, "slurm.conf"))
        for name in list(self.environment):
            # The machine that tests run on may itself be part of a cluster.
            if name.startswith("SLURM_") and name != "SLURM_CONF":
                del self.environment[name]
        self._spawn(["slurmctld", "-D", "-i"], "slurmctld.out")
        self._spawn(["slurmd", "-D", "-N", host], "slurmd.out")
        wait("the node to be idle", lambda: "idle" in self.command("sinfo", "--noheader", "--format=%t"), 60, self.alive)

    def _start_munge(self):
        folder = os.path.join(self.folder, "munge")
        os.mkdir(folder, 0o755)
        key = os.path.join(folder, "key")
        with open(key, "wb") as file:
            file.write(os.urandom(128))
        os.chmod(key, 0o400)
        user = pwd.getpwnam("munge")
        for path in [folder, key]:
            os.chown(path, user.pw_uid, user.pw_gid)
        arguments = ["--foreground", "--num-threads=2"] + [
            "--%s-file=%s" % (name, os.path.join(folder, name)) for name in ["key", "pid", "log", "seed"]
        ]
        self.environment = dict(os.environ, PATH=PATH)
        self._spawn(
            ["setpriv", "--reuid=munge", "--regid=munge", "--clear-groups", "munged"]
            + arguments
            + ["--socket=" + os.path.join(folder, "socket")],
            "munged.out",
        )
        wait("munge's socket", lambda: os.path.exists(os.path.join(folder, "socket")), 20, self.alive)

    def _spawn(self, arguments, log):
        with open(os.path.join(self.folder, log), "wb") as file:
            self.processes.append(
                subprocess.Popen(
                    arguments,
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    env=self.environment,
                    start_new_session=True,
                )
            )

    # Use

    def command(self, *arguments, check=True):
        """What a command of Slurm's prints."""
        run = subprocess.run(
            arguments,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            timeout=60,
        )
        if check and run.returncode != 0:
            raise AssertionError("%s: %s\n%s" % (" ".join(arguments), run.stdout, self.logs()))
        return run.stdout

    def job(self, number):
        """What `scontrol show job` says of a task, `12_3`, or a job; empty of one that is forgotten."""
        text = self.command("scontrol", "--oneliner", "show", "job", number, check=False)
        return dict(part.split("=", 1) for part in text.split() if "=" in part)

    def alive(self):
        for process in self.processes:
            if process.poll() is not None:
                raise AssertionError("%s has ended with %s\n%s" % (process.args, process.returncode, self.logs()))

    def logs(self):
        """The ends of the daemons' logs."""
        text = ""
        for name in sorted(os.listdir(self.folder)):
            if name.endswith((".log", ".out")):
                with open(os.path.join(self.folder, name), errors="replace", encoding="utf-8") as file:
                    text += "--- %s\n%s" % (name, "".join(file.readlines()[-25:]))
        return text

    # Stopping

    def stop(self):
        """Ends all jobs, the daemons, and whatever they have started; then the folder goes."""
        if self.folder is None:
            return
        started = descendants([process.pid for process in self.processes])
        if len(self.processes) == 3:
            numbers = subprocess.run(
                ["squeue", "--noheader", "--format=%A"],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                universal_newlines=True,
            ).stdout.split()
            if numbers:
                self.command("scancel", *numbers, check=False)
                deadline = time.monotonic() + 20
                while time.monotonic() < deadline and self.command("squeue", "--noheader", check=False).strip():
                    time.sleep(0.2)
            started |= descendants([process.pid for process in self.processes])
        # The last first: each needs those before it.
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pid in started | processes_with(self.folder):
            if pid_uses(pid, self.folder):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and processes_with(self.folder):
            time.sleep(0.1)
        self.left = processes_with(self.folder)
        self.processes = []
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = None


def interrupt(*_):
    """What unittest takes for the end of everything; of another exception it goes on with the next test."""
    raise KeyboardInterrupt


def wait(what, condition, seconds, alive=lambda: None):
    """Waits until a condition holds, and returns what it says."""
    deadline = time.monotonic() + seconds
    while True:
        alive()
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError("%s: not within %d s" % (what, seconds))
        time.sleep(0.1)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def descendants(pids):
    """All processes that come from these."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, encoding="utf-8", errors="replace") as file:
                    parent = int(file.read().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            children.setdefault(parent, []).append(int(name))
    found, open_ones = set(), list(pids)
    while open_ones:
        for child in children.get(open_ones.pop(), []):
            if child not in found:
                found.add(child)
                open_ones.append(child)
    return found


def pid_uses(pid, folder):
    """Whether a process was started with this cluster's configuration: its environment or arguments name the folder."""
    for name in ["environ", "cmdline"]:
        try:
            with open("/proc/%d/%s" % (pid, name), "rb") as file:
                if folder.encode() in file.read():
                    return True
        except OSError:
            pass
    return False


def processes_with(folder):
    own = os.getpid()
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return {pid for pid in pids if pid != own and pid_uses(pid, folder)}
