#!/usr/bin/env python3
"""Zero-sum matrix games beside peers: same games, same machine, same call.

    compare_games.py RINGFORT [--sizes 100,300,1000] [--runs 3] [--work DIR] [--no-peers] [--json FILE]

Makes square games with payoffs uniform in [-1, 1] (standard library, fixed seed), installs
the peers from the package index into a virtual environment of its own, and runs every
solver on every game in turn. Printed: the median seconds, and the gap between what the two
strategies prove (for the peers computed here in the same way: negative weights clipped,
made to sum to one, max of A y less min of x A).

Ringfort's seconds are those of the whole program, with reading the CSV file. A peer's are
those of its solve call alone, with the model in memory already: that favors the peer.

Peers
  highs-simplex, highs-ipm   highspy, the linear program passed as arrays
  scipy                      scipy.optimize.linprog, method highs
  pygambit                   pygambit.nash.lp_solve without rational numbers; up to 100 actions
"""
import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time
import venv

# pygambit from 17 on comes as a wheel; before, it is compiled for minutes.
PEERS = {"numpy": "numpy", "scipy": "scipy", "highspy": "highspy", "pygambit": "pygambit>=17.0.0b2"}
LIMIT = 600  # seconds a run may take

PEER_PROGRAM = r'''
import json, sys, time
import numpy as np
solver, path = sys.argv[1:3]
payoffs = np.loadtxt(path, delimiter=",")
n, m = payoffs.shape

def gap(x, y):
    x, y = np.maximum(x, 0), np.maximum(y, 0)
    return float((payoffs @ (y / y.sum())).max() - ((x / x.sum()) @ payoffs).min())

# Largest v with x A >= v in each column, x a distribution.
if solver == "scipy":
    from scipy.optimize import linprog
    cost = np.r_[np.zeros(n), -1.0]
    upper = np.hstack([-payoffs.T, np.ones((m, 1))])
    start = time.perf_counter()
    found = linprog(cost, A_ub=upper, b_ub=np.zeros(m), A_eq=np.r_[np.ones(n), 0][None, :], b_eq=[1],
                    bounds=[(0, None)] * n + [(None, None)], method="highs")
    seconds = time.perf_counter() - start
    x, y = found.x[:n], -found.ineqlin.marginals
elif solver.startswith("highs"):
    import highspy
    infinity = highspy.kHighsInf
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n + 1, m + 1
    model.col_cost_ = np.r_[np.zeros(n), -1.0]
    model.col_lower_ = np.r_[np.zeros(n), -infinity]
    model.col_upper_ = np.full(n + 1, infinity)
    model.row_lower_ = np.r_[np.zeros(m), 1.0]
    model.row_upper_ = np.r_[np.full(m, infinity), 1.0]
    dense = np.zeros((m + 1, n + 1))
    dense[:m, :n], dense[:m, n], dense[m, :n] = payoffs.T, -1, 1
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    columns = [np.nonzero(dense[:, j])[0] for j in range(n + 1)]
    model.a_matrix_.start_ = np.r_[0, np.cumsum([len(c) for c in columns])].astype(np.int32)
    model.a_matrix_.index_ = np.concatenate(columns).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([dense[c, j] for j, c in enumerate(columns)])
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("solver", solver.split("-")[1])
    highs.passModel(model)
    start = time.perf_counter()
    highs.run()
    seconds = time.perf_counter() - start
    solution = highs.getSolution()
    x, y = np.array(solution.col_value)[:n], np.array(solution.row_dual)[:m]
    y = y if y.sum() > 0 else -y
else:
    import pygambit
    game = pygambit.StrategicGame.from_arrays(payoffs, -payoffs)
    start = time.perf_counter()
    found = pygambit.nash.lp_solve(game, rational=False)
    seconds = time.perf_counter() - start
    profile = found.equilibrium
    x, y = (np.array([float(profile[p][str(k + 1)]) for k in range(size)]) for p, size in (("1", n), ("2", m)))
print(json.dumps({"seconds": seconds, "gap": gap(x, y)}))
'''


def make_game(path: pathlib.Path, size: int) -> None:
    draw = random.Random(size)
    with path.open("w") as out:
        for _ in range(size):
            out.write(",".join(repr(draw.uniform(-1, 1)) for _ in range(size)) + "\n")


def install(folder: pathlib.Path) -> tuple[pathlib.Path, dict[str, str]]:
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    versions = {}
    for peer, wanted in PEERS.items():
        done = subprocess.run([python, "-m", "pip", "install", "-q", wanted], capture_output=True, text=True)
        shown = subprocess.run([python, "-m", "pip", "show", peer], capture_output=True, text=True).stdout
        version = [line.split()[1] for line in shown.splitlines() if line.startswith("Version:")]
        if version:
            versions[peer] = version[0]
        else:
            print(f"{peer} does not install: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
    return python, versions


def run_ringfort(binary: pathlib.Path, game: pathlib.Path, solver: str) -> dict:
    start = time.perf_counter()
    done = subprocess.run([binary, "game", "solve", "--json", "--solver", solver, game], capture_output=True,
                          timeout=LIMIT)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        return {"error": done.stderr.decode().strip()}
    return {"seconds": seconds, "gap": json.loads(done.stdout)["certificate"]["gap"]}


def run_peer(python: pathlib.Path, solver: str, game: pathlib.Path) -> dict:
    try:
        done = subprocess.run([python, "-c", PEER_PROGRAM, solver, game], capture_output=True, text=True, timeout=LIMIT,
                              env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
    except subprocess.TimeoutExpired:
        return {"error": f"more than {LIMIT} s"}
    if done.returncode != 0:
        return {"error": (done.stderr.strip().splitlines() or ["no message"])[-1]}
    return json.loads(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringfort", type=pathlib.Path)
    parser.add_argument("--sizes", default="100,300,1000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/bench"))
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    python, versions = (None, {}) if arguments.no_peers else install(arguments.work / "venv-games")
    results = []
    for size in map(int, arguments.sizes.split(",")):
        game = arguments.work / f"uniform-{size}.csv"
        make_game(game, size)
        tools = {f"ringfort-{s}": (lambda s=s: run_ringfort(arguments.ringfort, game, s)) for s in ("lp", "regret")}
        for solver, package in (("highs-simplex", "highspy"), ("highs-ipm", "highspy"), ("scipy", "scipy"),
                                ("pygambit", "pygambit")):
            if package in versions and "numpy" in versions and (package != "pygambit" or size <= 100):
                tools[solver] = lambda solver=solver: run_peer(python, solver, game)
        runs = {name: [] for name in tools}
        for _ in range(arguments.runs):
            for name, tool in tools.items():
                if not (runs[name] and "error" in runs[name][-1]):
                    runs[name].append(tool())
        for name, done in runs.items():
            error = next((r["error"] for r in done if "error" in r), None)
            result = {"size": size, "tool": name}
            if error:
                result["error"] = error
            else:
                result["seconds"] = statistics.median(r["seconds"] for r in done)
                result["gap"] = max(r["gap"] for r in done)
            results.append(result)
    print(f"{'actions':>7}  {'tool':<16} {'seconds':>9}  gap")
    for r in results:
        figures = f"{r['seconds']:9.3f}  {r['gap']:.1e}" if "seconds" in r else f"{'-':>9}  {r['error']}"
        print(f"{r['size']:>7}  {r['tool']:<16} {figures}")
    print("peers: " + (", ".join(f"{p} {v}" for p, v in versions.items()) or "none"))
    if arguments.json:
        arguments.json.write_text(json.dumps({"peers": versions, "runs": arguments.runs, "results": results}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
