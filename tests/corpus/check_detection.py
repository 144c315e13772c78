#!/usr/bin/env python3
"""Measures detection over the attack corpus and the benign corpus.

    check_detection.py BINARY [--benign ARCHIVE] [--keep DIRECTORY] [--composed N]

Assembles the attacks (make_attacks.py), unpacks the benign objects
(benign.tar.xz), runs `BINARY scan --format json` over both and prints what was
found for each family, each miss and each false alarm. The family `composed` is
drawn, not written (attacks_composed.py; --composed N draws N cases), and so are
its honest twins.

Exit 1 if an attack is neither malicious nor suspicious, a twin is not clean, a benign object is
malicious, or more than 1 % of the benign objects are suspicious or more than 1 % incomplete. Exit 2 if
the scan itself fails. An attack that was expected to be malicious and is only
suspicious is listed, not counted as a miss.

Standard library only.
"""

import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import attacks_composed

HERE = pathlib.Path(__file__).resolve().parent
FLAGGED = ("malicious", "suspicious")


def scan(binary, directory, report):
    """Returns {path relative to `directory`: (verdict, [rule ids])}."""
    done = subprocess.run([binary, "scan", "--format", "json", "--output", str(report), str(directory)], check=False)
    if done.returncode not in (0, 1, 3):
        raise SystemExit(f"{binary} scan ended with {done.returncode}")
    found = {}
    for artifact in json.loads(report.read_text(encoding="utf-8"))["artifacts"]:
        path = pathlib.Path(artifact["path"])
        path = path.relative_to(directory) if path.is_absolute() else path
        why = [finding["rule"] for finding in artifact["findings"] if finding["severity"] != "low"]
        why += ["skipped: " + part["reason"][:80] for part in artifact.get("skipped", [])[:1]]
        found[path.as_posix()] = (artifact["verdict"], sorted(set(why)))
    return found


def show(counts):
    for family in sorted(counts):
        print(f"  {family:28} " + "  ".join(f"{count:5} {verdict}" for verdict, count in sorted(counts[family].items())))


def attacks(binary, work):
    directory = work / "attacks"
    subprocess.run([sys.executable, str(HERE / "make_attacks.py"), str(directory)], check=True, stdout=subprocess.DEVNULL)
    manifest = [json.loads(line) for line in (directory / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    (directory / "manifest.jsonl").rename(work / "manifest.jsonl")
    found = scan(binary, directory, work / "attacks.json")
    counts, missed, mild = collections.defaultdict(collections.Counter), [], []
    for case in manifest:
        verdict, why = found.get(case["file"], ("not reported", []))
        counts[case["family"]][verdict] += 1
        if verdict not in FLAGGED:
            missed.append((case, verdict, why))
        elif case["expect"] == "malicious" and verdict != "malicious":
            mild.append((case, verdict, why))
    print(f"attacks: {len(manifest)}, flagged {len(manifest) - len(missed)}")
    show(counts)
    for case, verdict, why in missed:
        print(f"  MISSED {case['file']}: {verdict} ({case['what']}) {why}")
    for case, verdict, why in mild:
        print(f"  mild   {case['file']}: {verdict}, expected malicious ({case['what']}) {why}")
    return not missed


def twins(binary, work):
    directory = work / "twins"
    directory.mkdir(parents=True)
    for name, content in attacks_composed.twins():
        (directory / name).write_bytes(content)
    found = scan(binary, directory, work / "twins.json")
    alarms = [(path, verdict, why) for path, (verdict, why) in sorted(found.items()) if verdict != "clean"]
    print(f"honest twins of composed attacks: {len(found)}, clean {len(found) - len(alarms)}")
    for path, verdict, why in alarms:
        print(f"  FALSE ALARM {path}: {verdict} {why}")
    return bool(found) and not alarms


def benign(binary, work, archive):
    directory = work / "benign"
    with tarfile.open(archive) as tar:
        tar.extractall(directory)  # our own archive
    (directory / "benign.json").unlink(missing_ok=True)
    found = scan(binary, directory, work / "benign.json")
    counts, alarms = collections.defaultdict(collections.Counter), []
    total = collections.Counter(verdict for verdict, _ in found.values())
    for path, (verdict, why) in sorted(found.items()):
        counts["/".join(path.split("/")[1:2])][verdict] += 1
        if verdict != "clean":
            alarms.append((path, verdict, why))
    print(f"benign: {len(found)}, clean {total['clean']}")
    show(counts)
    for path, verdict, why in alarms:
        print(f"  {'FALSE ALARM' if verdict in FLAGGED else verdict} {path}: {verdict} {why}")
    few = len(found) * 0.01
    return bool(found) and total["malicious"] == 0 and total["suspicious"] <= few and total["incomplete"] <= few


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--benign", default=HERE / "benign.tar.xz", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path, help="leave corpora and reports in this directory")
    parser.add_argument("--composed", type=int, help="how many attacks to compose")
    options = parser.parse_args()
    if options.composed is not None:
        os.environ["RINGFORT_COMPOSED"] = str(options.composed)
    with tempfile.TemporaryDirectory() as scratch:
        work = options.keep or pathlib.Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        attacks_right = attacks(options.binary, work)
        twins_right = twins(options.binary, work)
        benign_right = benign(options.binary, work, options.benign)
    return 0 if attacks_right and twins_right and benign_right else 1


if __name__ == "__main__":
    sys.exit(main())
