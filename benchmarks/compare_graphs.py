#!/usr/bin/env python3
"""Attack graphs beside networkx: same graph, same questions, same machine, same call.

    compare_graphs.py RINGFORT [--sizes 10000x50000,1000000x5000000] [--peer-limit 600]
                      [--paths 100] [--runs 3] [--work DIR] [--no-peers]

Makes random graphs in which every node can be reached (standard library, fixed seed),
writes them as attack graphs (one step a line), and asks:

  propagate   load, index, and the probability of every fact by equations
  paths       the same, and the most probable loopless paths to the last node

Ringfort's seconds are those of the whole program. The peer's are those of reading the
file into a DiGraph and of the question alone; it has no propagation, so that question is
put to it as the same equations over its own adjacency, 15 sweeps. A question that takes it
longer than --peer-limit is given up and said. Printed: medians, peak memory, ratios.
"""
import argparse
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time
import venv

PEER_PROGRAM = r'''
import itertools, math, resource, sys, time
import networkx as nx
question, path, goal, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
start = time.perf_counter()
graph = nx.DiGraph()
with open(path, encoding="utf-8") as file:
    for line in file:
        premise, conclusion, probability = line.rstrip("\n").split("\t")
        p = float(probability)
        # A DiGraph holds one edge a pair: of parallel steps the likelier.
        if graph.has_edge(premise, conclusion):
            p = max(p, graph[premise][conclusion]["p"])
        graph.add_edge(premise, conclusion, p=p, cost=-math.log(p))
if question == "propagate":
    value = dict.fromkeys(graph, 0.0)
    value[""] = 1.0
    for _ in range(15):
        for node in graph:
            if node:
                none = 1.0
                for premise, edge in graph.pred[node].items():
                    none *= 1.0 - edge["p"] * value[premise]
                value[node] = 1.0 - none
else:
    found = list(itertools.islice(nx.shortest_simple_paths(graph, "", goal, weight="cost"), count))
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
'''


def make_graph(path, nodes, edges):
    draw = random.Random(20261121)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\tn0\t1\n")
        for i in range(edges):
            conclusion = i + 1 if i < nodes - 1 else draw.randrange(nodes)
            premise = draw.randrange(i + 1) if i < nodes - 1 else draw.randrange(nodes)
            file.write(f"n{premise}\tn{conclusion}\t{0.05 + 0.9 * draw.random():.4f}\n")


def timed(command, limit):
    """Seconds, MiB and standard output of a command; None if it takes too long."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
    seconds = time.perf_counter() - start
    if process.returncode != 0:
        sys.exit(f"{command} ended with {process.returncode}")
    return seconds, output


def ours(binary, question, path, goal, count):
    command = [binary, "graph", "propagate", str(path), "--no-loop-gain", "--format", "json"]
    if question == "paths":
        command += ["--goal", goal, "--paths", str(count)]
    return command


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("binary")
    parser.add_argument("--sizes", default="10000x50000,1000000x5000000")
    parser.add_argument("--peer-limit", type=float, default=600)
    parser.add_argument("--paths", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", default="build/bench/graphs")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    work = pathlib.Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    python = work / "peers" / "bin" / "python3"
    if not options.no_peers and not python.exists():
        venv.create(work / "peers", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "networkx"], check=True)
    print(f"{'graph':>18} {'question':10} {'ringfort s':>10} {'MiB':>6} {'networkx s':>10} {'MiB':>7} {'ratio':>7}")
    for size in options.sizes.split(","):
        nodes, edges = (int(n) for n in size.split("x"))
        path, goal = work / f"{size}.tsv", f"n{nodes - 1}"
        if not path.exists():
            make_graph(path, nodes, edges)
        for question in ("propagate", "paths"):
            seconds = []
            for _ in range(options.runs):
                taken, _ = timed(ours(options.binary, question, path, goal, options.paths), None)
                seconds.append(taken)
            median = statistics.median(seconds)
            probe = subprocess.run(["/usr/bin/time", "-f", "%M", *ours(options.binary, question, path, goal, options.paths)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                   check=True) if os.path.exists("/usr/bin/time") else None
            memory = f"{int(probe.stderr.split()[-1]) / 1024:.0f}" if probe else "-"
            line = f"{size:>18} {question:10} {median:10.3f} {memory:>6}"
            if not options.no_peers:
                peer = timed([str(python), "-c", PEER_PROGRAM, question, str(path), goal, str(options.paths)],
                             options.peer_limit)
                if peer is None:
                    line += f" {'> ' + str(int(options.peer_limit)):>10} {'-':>7} {'> ' + str(int(options.peer_limit / median)):>7}"
                else:
                    taken, used = (float(word) for word in peer[1].split())
                    line += f" {taken:10.1f} {used:7.0f} {taken / median:7.0f}"
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
