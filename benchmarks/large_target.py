#!/usr/bin/env python3
"""The verbs that reason, on a target of many assets.

    large_target.py RINGFORT [--rings 200] [--runs 3] [--work DIR]

Writes a target of as many datasets, models and endpoints, each model trained on its dataset
and served by its endpoint, which logs to the next dataset; prints median seconds of each verb.
"""
import argparse
import pathlib
import statistics
import subprocess
import time


def write_target(folder, rings):
    text = '[target]\nname = "rings"\n'
    for i in range(rings):
        for kind, file in (("dataset", "text.txt"), ("model", "config.json")):
            path = folder / f"{kind}{i}"
            path.mkdir(parents=True, exist_ok=True)
            (path / file).write_text("{}", encoding="utf-8")
            text += f'[[asset]]\nid = "{kind}{i}"\nkind = "{kind}"\npath = "{kind}{i}"\n'
        text += f'[[asset]]\nid = "endpoint{i}"\nkind = "endpoint"\nurl = "http://example.invalid/{i}"\n'
    for i in range(rings):
        for source, relation, target in (
            (f"model{i}", "trained_on", f"dataset{i}"),
            (f"endpoint{i}", "serves", f"model{i}"),
            (f"endpoint{i}", "logs_to", f"dataset{(i + 1) % rings}"),
        ):
            text += f'[[tie]]\nfrom = "{source}"\nrelation = "{relation}"\nto = "{target}"\n'
    (folder / "ringfort.toml").write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("binary")
    parser.add_argument("--rings", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", default="build/bench/rings")
    options = parser.parse_args()
    folder = pathlib.Path(options.work)
    write_target(folder, options.rings)
    print(f"{3 * options.rings} assets")
    for name, arguments in {
        "graph target": ["graph", "target", folder],
        "defend, no intervals": ["defend", folder, "--draws", "0"],
        "assess": ["assess", folder, "--out", folder.with_name("rings-report")],
    }.items():
        seconds = []
        for _ in range(options.runs):
            start = time.perf_counter()
            subprocess.run([options.binary, *arguments], stdout=subprocess.DEVNULL, check=True)
            seconds.append(time.perf_counter() - start)
        print(f"  {name:22} {statistics.median(seconds):6.2f} s")


if __name__ == "__main__":
    main()
