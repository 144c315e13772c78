#!/usr/bin/env python3
"""Many trials in one campaign: does its memory stay flat, and what does the log cost?

    campaign_soak.py BINARY [--trials 100000] [--growth 1.10]

Seven attacks that read scores, on made-up texts and the made-up model of `scripted:`. The
resident memory of the process is read from /proc while it runs, beside how many trials the
log holds. Reading the plan, listing its trials and telling the summary take memory by the
number of trials; making them must not: the memory when nine tenths are logged may be no
more than `growth` times that when one tenth is. Fails if it is.

The time a trial takes here is nearly all of the log (identity, JSON, SQLite) and of a
scripted score: an upper bound on what a trial costs beside its model.
"""
import argparse
import json
import pathlib
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time

ATTACKS = ["loss", "zlib_ratio", "lowercase", "min_k_probability", "min_k_plus_plus", "recall", "reference"]


def logged(store: pathlib.Path) -> int:
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=5) as connection:
            return connection.execute("SELECT count(*) FROM trials").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def resident(process: subprocess.Popen) -> float:
    """In MiB; 0 once it is gone."""
    try:
        for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--trials", type=int, default=100_000)
    parser.add_argument("--growth", type=float, default=1.10)
    options = parser.parse_args()
    each = -(-options.trials // (2 * len(ATTACKS)))
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for file in ("members", "held_out"):
            lines = ("".join(draw.choice("abcdefghij klmnop") for _ in range(39)) + "z" for _ in range(each))
            (folder / f"{file}.txt").write_text("\n".join(lines) + "\n")
        (folder / "prefix.txt").write_text("nobody trained on this\n")
        (folder / "plan.toml").write_text(
            f"attacks = {json.dumps(ATTACKS)}\n[texts]\nmembers = \"members.txt\"\nheld_out = \"held_out.txt\"\n"
            f"prefix = \"prefix.txt\"\nmost = {each}\n"
            "[[target]]\nid = \"t\"\nsource = \"scripted:\"\nreference = \"scripted:prefix.txt\"\n")
        store = folder / "e.db"
        command = [options.binary, "campaign", "run", str(folder / "plan.toml"), "--store", str(store), "--no-progress",
                   "--format", "json", "--output", str(folder / "out.json")]
        begin = time.perf_counter()
        process = subprocess.Popen(command)
        samples = []
        while process.poll() is None:
            samples.append((logged(store), resident(process), time.perf_counter() - begin))
            time.sleep(0.2)
        wall = time.perf_counter() - begin
        if process.returncode != 0:
            print(f"exit code {process.returncode}")
            return 1
        told = json.loads((folder / "out.json").read_text())
        total = told["made"]
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        making = [(count, memory, at) for count, memory, at in samples if 0 < count < total and memory > 0]
        low = [memory for count, memory, _ in making if count <= total * 0.15]
        high = [memory for count, memory, _ in making if count >= total * 0.85]
        if not low or not high:
            print("too few looks at the process: raise --trials")
            return 1
        growth = max(high) / max(low)
        processor = usage.ru_utime + usage.ru_stime
        print(f"{total} trials in {wall:.1f} s, {processor:.1f} s of processor time")
        print(f"  resident: {max(low):.1f} MiB at a tenth, {max(high):.1f} MiB at nine tenths of the trials "
              f"(x {growth:.3f}); at most {usage.ru_maxrss / 1024:.1f} MiB, with the summary")
        print(f"  {1e6 * processor / total:.0f} us of processor time a trial, scripted scores included")
        print(f"  log: {store.stat().st_size / total:.0f} bytes a trial")
        if growth > options.growth:
            print(f"memory grows: more than x {options.growth}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
