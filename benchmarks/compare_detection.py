#!/usr/bin/env python3
"""Detection of Ringfort beside its peers, on our own corpora.

    compare_detection.py RINGFORT [--peers DIR] [--benign N] [--timeout S] [--json FILE]

Attacks: all of tests/corpus (we wrote them, so they are in-sample for Ringfort and
out-of-sample for the peers: read the peers' columns as a lower bound of what an
attacker can do, not as a ranking). Benign: N objects drawn with a fixed seed from
tests/corpus/benign.tar.xz. picklescan, modelscan and fickling are run on each file alone
and flag it by exit code 1; modelaudit is run on the folder and flags a file by an issue
of severity warning or worse that names it. Everything else, errors and timeouts too, is
counted apart. Peers come from compare_scanners.py's environment.
Prints two tables in Markdown.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def interval(hits: int, n: int) -> str:
    """Wilson score interval, 95 %."""
    if n == 0:
        return "-"
    z, p = 1.96, hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return f"{hits}/{n} = {p:.3f} [{max(0, middle - half):.3f}, {min(1, middle + half):.3f}]"


class Bar:
    """How far a tool has come, on a terminal; silent elsewhere."""

    def __init__(self, label: str, total: int):
        self.label, self.total, self.done, self.begin = label, total, 0, time.monotonic()

    def step(self) -> None:
        self.done += 1
        if not sys.stderr.isatty():
            return
        left = (time.monotonic() - self.begin) / self.done * (self.total - self.done)
        end = "\n" if self.done == self.total else ""
        print(f"\r{self.label:24} {self.done}/{self.total}, {left:4.0f} s left ", end=end, file=sys.stderr, flush=True)


def files_below(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def ringfort(binary: str, folder: pathlib.Path) -> dict[str, str]:
    report = folder.parent / f"{folder.name}.ringfort.json"
    subprocess.run([binary, "scan", "--format", "json", "-o", str(report), str(folder)], check=False)
    verdicts = {}
    for artifact in json.loads(report.read_text())["artifacts"]:
        name = str(pathlib.Path(artifact["path"]).relative_to(folder))
        verdicts[name] = {"malicious": "flagged", "suspicious": "flagged"}.get(artifact["verdict"], artifact["verdict"])
    return verdicts


def one_by_one(peers: pathlib.Path, program: str, option: str, folder: pathlib.Path, timeout: int) -> dict[str, str]:
    files = files_below(folder)
    bar = Bar(f"{program} {folder.name}", len(files))
    verdicts = {}
    # In the scratch folder: fickling leaves a file where it stands.
    with subprocess.Popen([str(peers / "bin" / "python"), str(ROOT / "benchmarks" / "scan_each.py"), program, str(timeout),
                           option], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          cwd=folder.parent) as process:
        feeder = threading.Thread(target=lambda: (process.stdin.writelines(f"{p}\n" for p in files), process.stdin.close()))
        feeder.start()
        for line in process.stdout:
            verdict, path = line.rstrip("\n").split("\t", 1)
            verdicts[str(pathlib.Path(path).relative_to(folder))] = verdict
            bar.step()
        feeder.join()
    return verdicts


def modelaudit(tool: str, folder: pathlib.Path, timeout: float) -> dict[str, str]:
    """One call for the whole folder: it takes seconds to start."""
    verdicts = {str(p.relative_to(folder)): "clean" for p in files_below(folder)}
    report = folder.parent / f"{folder.name}.modelaudit.json"
    try:
        subprocess.run([tool, "scan", "--format", "json", "-o", str(report), str(folder)], capture_output=True,
                       timeout=timeout * len(verdicts), env={**os.environ, "NO_ANALYTICS": "1"})
    except subprocess.TimeoutExpired:
        return dict.fromkeys(verdicts, "late")
    for issue in json.loads(report.read_text()).get("issues", []):
        if issue.get("severity") not in ("warning", "critical", "error"):
            continue
        # A place is a path, perhaps with a member or an offset behind it.
        place = str(issue.get("location", "")).removeprefix(f"{folder}/")
        named = [name for name in verdicts if place.startswith(name)]
        if named:
            verdicts[max(named, key=len)] = "flagged"
    return verdicts


def lay_out(work: pathlib.Path, benign: int, seed: int) -> dict[str, str]:
    """Writes work/attacks and work/benign; gives the family of each attack file."""
    subprocess.run([sys.executable, str(ROOT / "tests/corpus/make_attacks.py"), str(work / "attacks")], check=True,
                   stdout=subprocess.DEVNULL)
    manifest = work / "attacks" / "manifest.jsonl"
    family = {case["file"]: case["family"] for case in map(json.loads, manifest.read_text().splitlines())}
    manifest.unlink()
    unpacked = work / "unpacked"
    unpacked.mkdir()
    subprocess.run(["tar", "-xJf", str(ROOT / "tests/corpus/benign.tar.xz"), "-C", str(unpacked)], check=True)
    pool = [p for p in files_below(unpacked) if p.name != "benign.json"]
    for path in random.Random(seed).sample(pool, min(benign, len(pool))):
        target = work / "benign" / path.relative_to(unpacked)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    return family


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringfort")
    parser.add_argument("--peers", type=pathlib.Path, default=ROOT / "build" / "bench" / "peers")
    parser.add_argument("--benign", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--timeout", type=int, default=60, help="seconds that a peer has for one file")
    arguments = parser.parse_args()
    if not (arguments.peers / "bin" / "python").exists():
        print("error: no peers there; run compare_scanners.py first", file=sys.stderr)
        return 2
    single = lambda program, option: lambda folder: one_by_one(arguments.peers.absolute(), program, option, folder,
                                                               arguments.timeout)
    tools = {
        "ringfort": lambda folder: ringfort(arguments.ringfort, folder),
        "picklescan": single("picklescan", "--path"),
        "modelscan": single("modelscan", "-p"),
        "fickling": single("fickling", "--check-safety"),
        "modelaudit": lambda folder: modelaudit(str(arguments.peers.absolute() / "bin" / "modelaudit"), folder, arguments.timeout),
    }
    attacks, benign = {}, {}  # tool -> family -> verdict -> count; tool -> verdict -> count
    with tempfile.TemporaryDirectory() as scratch:
        work = pathlib.Path(scratch)
        family = lay_out(work, arguments.benign, arguments.seed)
        for name, scan in tools.items():
            found = scan(work / "attacks")
            attacks[name] = collections.defaultdict(collections.Counter)
            for file, kind in family.items():
                attacks[name][kind][found.get(file, "error")] += 1
            benign[name] = collections.Counter(scan(work / "benign").values())
            flagged = sum(counts["flagged"] for counts in attacks[name].values())
            print(f"{name}: {flagged} attacks and {benign[name]['flagged']} benign files flagged", file=sys.stderr)
    sizes = collections.Counter(family.values())

    print(f"| flagged of | {' | '.join(tools)} |\n|---|{'---|' * len(tools)}")
    for kind, size in sorted(sizes.items()):
        print(f"| {size} {kind} | {' | '.join(str(attacks[t][kind]['flagged']) for t in tools)} |")
    print(f"\n| tool | attacks flagged | benign flagged | neither clean nor flagged (attacks, benign) |\n|---|---|---|---|")
    for name in tools:
        all_attacks = sum(attacks[name].values(), collections.Counter())
        apart = [c.total() - c["flagged"] - c["clean"] for c in (all_attacks, benign[name])]
        print(f"| {name} | {interval(all_attacks['flagged'], all_attacks.total())} "
              f"| {interval(benign[name]['flagged'], benign[name].total())} | {apart[0]}, {apart[1]} |")
    if arguments.json:
        arguments.json.write_text(json.dumps({"seed": arguments.seed, "attacks": attacks, "benign": benign}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
