#!/usr/bin/env python3
"""How long a night takes on a cluster, beside the ideal: a simulation of shards, stragglers and failures.

    python3 Benchmarks/cluster.py [--runs 200] [--seed 7] [--scale 1] [--forecast FILE]

Prints a table for 1 to 1,000 nodes. FILE is what `facetreel render Jobs/nightly --dry-run --progress json` prints; without
it, the forecast of the machine that the engine was written on. Standard library only; the same seed gives the same table.

The model, one task of four processors on a node at a time:

- Shards are made as `facetreel render --shard` first makes them: longest first, each to the shard with the least to do.
- A task takes its start (Slurm, program, weights), then its shard's work over four processors; the last film of a shard has
  all four for itself, of which it is assumed to use 80 %.
- Nodes differ in speed by a few per cent, and some are stragglers, two to four times slower all night.
- Nodes fail at random; so are tasks preempted. A task that failed or was preempted goes back into the queue, where Slurm
  keeps it for two minutes; it has lost what it did since the last checkpoint. Of a failed node also the claim on a film has
  to run out. A failed node is away for half an hour.
- A task that reaches its time limit is queued again in the same way.
"""

import argparse
import heapq
import json
import random
import statistics

# Core-seconds of a film by layer: the forecast for the nightly manifest, standard preset, one core with AVX-512.
LAYERS = [
    ("expanded_conv_project_BN", 16, 10.0),
    ("block_1_project_BN", 24, 12.3),
    ("block_2_project_BN", 24, 14.0),
    ("block_3_project_BN", 32, 15.0),
    ("block_4_project_BN", 32, 15.7),
    ("block_5_project_BN", 32, 16.3),
    ("block_6_project_BN", 64, 16.8),
    ("block_7_project_BN", 64, 17.3),
    ("block_8_project_BN", 64, 17.9),
    ("block_9_project_BN", 64, 18.6),
    ("block_10_project_BN", 96, 19.5),
    ("block_11_project_BN", 96, 21.0),
    ("block_12_project_BN", 96, 22.5),
    ("block_13_project_BN", 160, 32.5),
    ("block_14_project_BN", 160, 33.8),
    ("block_15_project_BN", 160, 35.2),
    ("block_16_project_BN", 320, 37.2),
]

PROCESSORS = 4
# Seconds.
START = 4.0
REQUEUE = 120.0
CHECKPOINT = 15.0
PATIENCE = 300.0
REPAIR = 1800.0
LIMIT = 7200.0
# A film alone on four processors, as a share of four times one.
ALONE = 0.8
# Assumptions, on the dark side. Of nodes: how much their speed varies, the share of stragglers, and hours from failure to failure. Of tasks: hours from
# preemption to preemption.
VARIATION = 0.05
STRAGGLERS = 0.03
NODE_FAILURES = 200.0
PREEMPTIONS = 20.0


def shards(costs, count):
    """What each shard has to do, and the costliest film of each."""
    heap = [(0.0, index) for index in range(count)]
    loads, largest = [0.0] * count, [0.0] * count
    for cost in sorted(costs, reverse=True):
        load, index = heap[0]
        heapq.heapreplace(heap, (load + cost, index))
        loads[index] = load + cost
        largest[index] = max(largest[index], cost)
    return list(zip(loads, largest))


def seconds(load, largest):
    """Wall time of a shard on a node of speed 1: its films side by side, and the last one on all processors."""
    together = (load - largest) / PROCESSORS
    return together + largest / (PROCESSORS * ALONE)


def makespan(work, nodes, chance):
    """Seconds until all shards are done, and the speed of all nodes together."""
    speeds = []
    for _ in range(nodes):
        speed = max(0.5, chance.gauss(1, VARIATION))
        if chance.random() < STRAGGLERS:
            speed /= chance.uniform(2, 4)
        speeds.append(speed)
    # Whoever is free takes the first task that may start.
    free = [(0.0, node) for node in range(nodes)]
    heapq.heapify(free)
    waiting = [(0.0, index, left) for index, left in enumerate(work)]
    heapq.heapify(waiting)
    end = 0.0
    while waiting:
        begin, index, left = heapq.heappop(waiting)
        now, node = heapq.heappop(free)
        # No other could start before it: it is the first of all.
        now = max(now, begin)
        need = START + left / speeds[node]
        failure = chance.expovariate(1 / (NODE_FAILURES * 3600))
        preemption = chance.expovariate(1 / (PREEMPTIONS * 3600))
        stop = min(failure, preemption, LIMIT)
        if need <= stop:
            end = max(end, now + need)
            heapq.heappush(free, (now + need, node))
            continue
        if stop == failure:
            # What was done since the checkpoint is lost, and the film that it had claimed waits.
            done = max(0.0, stop - START - CHECKPOINT) * speeds[node]
            again, back = max(REQUEUE, PATIENCE), REPAIR
        else:
            # It hears of it in time, and keeps all.
            done = max(0.0, stop - START) * speeds[node]
            again, back = REQUEUE, 0.0
        heapq.heappush(waiting, (now + stop + again, index, max(left - done, 0.0)))
        heapq.heappush(free, (now + stop + back, node))
    return end, sum(speeds)


def text(value):
    if value >= 5400:
        return "%.1f h" % (value / 3600)
    if value >= 90:
        return "%.1f min" % (value / 60)
    return "%.0f s" % value


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=200, help="nights to simulate for each line")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1, help="times the cost of every film")
    parser.add_argument("--forecast", help="output of render --dry-run --progress json")
    arguments = parser.parse_args()
    layers = LAYERS
    if arguments.forecast:
        with open(arguments.forecast, encoding="utf-8") as file:
            last = json.loads(file.read().strip().split("\n")[-1])
        layers = [(each["layer"], each["films"], each["coreSecondsEach"]) for each in last["layers"]]
    costs = [arguments.scale * each for _, films, each in layers for _ in range(films)]
    print("%d films, %.1f core-hours" % (len(costs), sum(costs) / 3600))
    print("| nodes | shards | ideal | median | ratio | 95 % of nights | ratio |")
    print("|---|---|---|---|---|---|---|")
    for nodes in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000]:
        # 64, and at least as many as nodes: MaxArraySize is 1001 unless somebody has changed it.
        for count in sorted({max(64, nodes), min(1001, max(64, 4 * nodes))}):
            work = [seconds(*shard) for shard in shards(costs, count)]
            ideal = sum(costs) / PROCESSORS / nodes
            chance = random.Random("%d %d %d" % (arguments.seed, nodes, count))
            spans = sorted(makespan(work, nodes, chance)[0] for _ in range(arguments.runs))
            median = statistics.median(spans)
            late = spans[min(len(spans) - 1, int(0.95 * len(spans)))]
            print(
                "| %s | %d | %s | %s | %.2f | %s | %.2f |"
                % (f"{nodes:,}", count, text(ideal), text(median), median / ideal, text(late), late / ideal)
            )


if __name__ == "__main__":
    main()
