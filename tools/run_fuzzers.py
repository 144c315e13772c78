#!/usr/bin/env python3
"""Runs every libFuzzer target in a folder for a share of the given time.

    run_fuzzers.py BIN_DIR CORPUS_DIR SECONDS [--jobs N]

Each target starts from its seeds in CORPUS_DIR/<name> (new inputs go to a
scratch folder, the tree is not touched). Exits with 1 if any target found a
crash, a hang or a leak, and says where the input that does it lies.
"""
import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile


def run(target: pathlib.Path, seeds: pathlib.Path, seconds: int, scratch: pathlib.Path):
    work = scratch / target.name
    (work / "corpus").mkdir(parents=True)
    command = [str(target), f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=65536",
               "-print_final_stats=1", f"-artifact_prefix={work}/", str(work / "corpus")]
    if seeds.is_dir():
        command.append(str(seeds))
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    executed = re.search(r"stat::number_of_executed_units:\s+(\d+)", done.stderr)
    return target.name, done.returncode, int(executed.group(1)) if executed else 0, done.stderr


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin_dir", type=pathlib.Path)
    parser.add_argument("corpus_dir", type=pathlib.Path)
    parser.add_argument("seconds", type=int, help="for all targets together")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    targets = sorted(arguments.bin_dir.glob("fuzz_*"))
    if not targets:
        print(f"error: no fuzz_* in {arguments.bin_dir}", file=sys.stderr)
        return 1
    share = max(1, arguments.seconds * arguments.jobs // len(targets))
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="ringfort-fuzz-"))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        runs = [pool.submit(run, t, arguments.corpus_dir / t.name.removeprefix("fuzz_"), share, scratch) for t in targets]
        for future in concurrent.futures.as_completed(runs):
            name, code, executed, log = future.result()
            print(f"{name:32} {executed:>10} inputs  {'ok' if code == 0 else 'FAILED'}", flush=True)
            if code != 0:
                failed += 1
                print(log[-4000:])
                print(f"inputs that do it: {scratch / name}")
    print(f"{len(targets) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
