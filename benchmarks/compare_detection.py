#!/usr/bin/env python3
"""Detection of Ringfort beside its peers, on our own corpora.

    compare_detection.py RINGFORT [--peers DIR] [--benign N] [--json FILE]

Attacks: all of tests/corpus (we wrote them, so they are in-sample for Ringfort and
out-of-sample for the peers: read the peers' columns as a lower bound of what an
attacker can do, not as a ranking). Benign: N objects drawn with a fixed seed from
tests/corpus/benign.tar.xz. A peer flags a file when its command line, run on that file
alone, exits with its code for findings (picklescan, modelscan, fickling: 1; modelaudit:
an issue of severity warning or worse that names the file). Everything else, errors
too, is counted apart. Peers come from compare_scanners.py's environment.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))
sys.path.insert(0, str(ROOT / "tests" / "corpus"))


def interval(hits: int, n: int) -> str:
    """Wilson score interval, 95 %."""
    if n == 0:
        return "-"
    z, p = 1.96, hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return f"{hits}/{n} = {p:.3f} [{max(0, middle - half):.3f}, {min(1, middle + half):.3f}]"


def ringfort(binary: str, folder: pathlib.Path) -> dict[str, str]:
    report = folder.parent / f"{folder.name}.ringfort.json"
    subprocess.run([binary, "scan", "--format", "json", "-o", str(report), str(folder)], check=False)
    verdicts = {}
    for artifact in json.loads(report.read_text())["artifacts"]:
        name = str(pathlib.Path(artifact["path"]).relative_to(folder))
        verdicts[name] = {"malicious": "flagged", "suspicious": "flagged"}.get(artifact["verdict"], artifact["verdict"])
    return verdicts


def by_exit_code(command: list[str], folder: pathlib.Path) -> dict[str, str]:
    def one(path: pathlib.Path) -> tuple[str, str]:
        try:
            code = subprocess.run([*command, str(path)], capture_output=True, timeout=120).returncode
        except subprocess.TimeoutExpired:
            code = -1
        return str(path.relative_to(folder)), {0: "clean", 1: "flagged"}.get(code, "error or not scanned")

    files = sorted(p for p in folder.rglob("*") if p.is_file())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return dict(pool.map(one, files))


def modelaudit(tool: str, folder: pathlib.Path) -> dict[str, str]:
    report = folder.parent / f"{folder.name}.modelaudit.json"
    subprocess.run([tool, "scan", "--format", "json", "-o", str(report), str(folder)], capture_output=True, timeout=1800)
    verdicts = {str(p.relative_to(folder)): "clean" for p in folder.rglob("*") if p.is_file()}
    for issue in json.loads(report.read_text()).get("issues", []):
        if issue.get("severity") not in ("warning", "critical", "error"):
            continue
        for name in verdicts:
            if str(folder / name) in str(issue.get("location", "")):
                verdicts[name] = "flagged"
    return verdicts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringfort")
    parser.add_argument("--peers", type=pathlib.Path, default=ROOT / "build" / "bench" / "peers")
    parser.add_argument("--benign", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    if not (arguments.peers / "bin" / "python").exists():
        print("error: no peers there; run compare_scanners.py first", file=sys.stderr)
        return 2
    tool = lambda name: str(arguments.peers / "bin" / name)
    with tempfile.TemporaryDirectory() as scratch:
        work = pathlib.Path(scratch)
        subprocess.run([sys.executable, str(ROOT / "tests/corpus/make_attacks.py"), str(work / "attacks")], check=True,
                       stdout=subprocess.DEVNULL)
        manifest = [json.loads(line) for line in (work / "attacks" / "manifest.jsonl").read_text().splitlines()]
        (work / "attacks" / "manifest.jsonl").unlink()
        family = {case["file"]: case["family"] for case in manifest}
        subprocess.run(["tar", "-xJf", str(ROOT / "tests/corpus/benign.tar.xz"), "-C", str(work)], check=True)
        pool = sorted(p for p in work.rglob("*") if p.is_file() and "attacks" not in p.parts and p.name != "benign.json")
        chosen = random.Random(arguments.seed).sample(pool, min(arguments.benign, len(pool)))
        for path in chosen:
            target = work / "benign" / path.relative_to(work)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        tools = {
            "ringfort": lambda folder: ringfort(arguments.ringfort, folder),
            "picklescan": lambda folder: by_exit_code([tool("picklescan"), "--path"], folder),
            "modelscan": lambda folder: by_exit_code([tool("modelscan"), "-p"], folder),
            "fickling": lambda folder: by_exit_code([tool("fickling"), "--check-safety"], folder),
            "modelaudit": lambda folder: modelaudit(tool("modelaudit"), folder),
        }
        results = {}
        for name, scan in tools.items():
            attacks, benign = scan(work / "attacks"), scan(work / "benign")
            per_family = collections.defaultdict(collections.Counter)
            for file, kind in family.items():
                per_family[kind][attacks.get(file, "error or not scanned")] += 1
            flagged = sum(c["flagged"] for c in per_family.values())
            alarms = sum(v == "flagged" for v in benign.values())
            print(f"{name:12} attacks flagged {interval(flagged, len(family))}   benign flagged {interval(alarms, len(benign))}")
            for kind, counts in sorted(per_family.items()):
                print(f"  {kind:10} " + ", ".join(f"{n} {v}" for v, n in sorted(counts.items())))
            results[name] = {"attacks": {k: dict(c) for k, c in per_family.items()},
                             "benign": dict(collections.Counter(benign.values()))}
        if arguments.json:
            arguments.json.write_text(json.dumps({"seed": arguments.seed, "results": results}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
