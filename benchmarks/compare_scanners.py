#!/usr/bin/env python3
"""Ringfort beside its peers: same files, same machine, same call.

    compare_scanners.py RINGFORT [--runs 7] [--peer-runs 1] [--work DIR] [--no-peers] [--json FILE]

Makes the inputs once (standard library only), installs the peers from the package
index into a virtual environment of its own, runs every tool on every input and
prints median wall time, peak resident memory, and the ratio to the best peer.
Tools run in turn, so that a noisy machine is noisy for all. modelaudit sends no
telemetry: where it cannot, it would wait for it at its end.

Inputs
  torch-zip     210 MB PyTorch checkpoint: 200 float tensors, stored zip
  opcodes       25 MB pickle of 6.0 M opcodes
  small-pickles 1000 pickles, 8 MB in all
  numpy-pickle  200 MB NumPy array in a pickle
"""
import argparse
import json
import os
import pathlib
import pickle
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import venv
import zipfile

PEERS = ["picklescan", "modelscan", "fickling", "modelaudit"]


# --- inputs -----------------------------------------------------------------

def short(text: str) -> bytes:
    data = text.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def integer(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def torch_pickle(tensors: int, elements: int) -> bytes:
    """A state dict as torch.save writes it: OrderedDict of _rebuild_tensor_v2 over persistent storages."""
    out = [b"\x80\x02ccollections\nOrderedDict\n)R("]
    for i in range(tensors):
        out += [short(f"layers.{i}.weight"), b"ctorch._utils\n_rebuild_tensor_v2\n(",
                b"(", short("storage"), b"ctorch\nFloatStorage\n", short(str(i)), short("cpu"), integer(elements), b"tQ",
                integer(0), b"(", integer(elements), b"t(", integer(1), b"t\x89ccollections\nOrderedDict\n)RtR"]
    return b"".join(out) + b"u."


def make_torch_zip(path: pathlib.Path) -> None:
    elements = 262_500  # 200 * 262,500 * 4 bytes = 210 MB
    block = random.Random(1).randbytes(4 * elements)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("model/data.pkl", torch_pickle(200, elements))
        archive.writestr("model/byteorder", "little")
        for i in range(200):
            archive.writestr(f"model/data/{i}", block[i:] + block[:i])
        archive.writestr("model/version", "3\n")


def make_opcodes(path: pathlib.Path) -> None:
    # (int, float, str) tuples: eight or nine opcodes each, as records of a data set are.
    draw = random.Random(2)
    rows = [(i, draw.random(), format(i, "013x"), i % 7 == 0) for i in range(750_000)]
    path.write_bytes(pickle.dumps(rows, protocol=4))


def make_small_pickles(folder: pathlib.Path) -> None:
    folder.mkdir(exist_ok=True)
    draw = random.Random(3)
    for i in range(1000):
        value = {"id": i, "name": f"record {i}", "scores": [draw.random() for _ in range(880)], "tags": ["a", "b", "c"]}
        (folder / f"{i:04}.pkl").write_bytes(pickle.dumps(value, protocol=2 + i % 4))


def make_numpy_pickle(path: pathlib.Path) -> None:
    count = 25_000_000
    head = (b"\x80\x04cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R(K\x01"
            + integer(count) + b"\x85cnumpy\ndtype\n" + short("f8") + b"\x89\x88\x87R(K\x03" + short("<")
            + b"NNN" + integer(-1) + integer(-1) + b"K\x00tb\x89")
    with path.open("wb") as out:
        out.write(head + b"\x8e" + struct.pack("<Q", 8 * count))
        block = random.Random(4).randbytes(8_000_000)
        for i in range(25):
            out.write(block[i:] + block[:i])
        out.write(b"tb.")


def inputs(work: pathlib.Path) -> dict[str, pathlib.Path]:
    work.mkdir(parents=True, exist_ok=True)
    made = {"torch-zip": (work / "model.pt", make_torch_zip), "opcodes": (work / "opcodes.pkl", make_opcodes),
            "small-pickles": (work / "small", make_small_pickles), "numpy-pickle": (work / "numpy.pkl", make_numpy_pickle)}
    for path, make in made.values():
        if not path.exists():
            make(path)
    return {name: path for name, (path, _) in made.items()}


# --- running ----------------------------------------------------------------

class Run:
    def __init__(self, seconds: float, megabytes: float, code: int):
        self.seconds, self.megabytes, self.code = seconds, megabytes, code


def measure(command: list[str], timeout: float = 600) -> Run | None:
    """One run: wall time and the peak resident size of the process and its children (the largest one)."""
    script = ("import resource,subprocess,sys,time\n"
              "t=time.perf_counter()\n"
              "p=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)\n"
              "s=time.perf_counter()-t\n"
              "print(s,resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/1024,p.returncode)\n")
    try:
        with tempfile.TemporaryDirectory() as scratch:  # fickling leaves a file where it stands
            done = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True,
                                  timeout=timeout, cwd=scratch, env={**os.environ, "NO_ANALYTICS": "1"})
    except subprocess.TimeoutExpired:
        return None
    seconds, megabytes, code = done.stdout.split()
    return Run(float(seconds), float(megabytes), int(code))


def median(runs: list[Run | None]) -> Run | None:
    good = [r for r in runs if r is not None]
    if not good:
        return None
    return Run(statistics.median(r.seconds for r in good), max(r.megabytes for r in good), good[-1].code)


def install_peers(folder: pathlib.Path) -> dict[str, str]:
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    for peer in PEERS:
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", peer], check=False)
    listed = subprocess.run([str(python), "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"],
                            capture_output=True, text=True)
    versions = {p["name"].lower(): p["version"] for p in json.loads(listed.stdout or "[]")}
    return {n: v for n, v in versions.items() if n in PEERS or n.startswith("modelaudit")}


def commands(ringfort: str, peers: pathlib.Path | None, path: pathlib.Path) -> dict[str, list[str]]:
    table = {
        "ringfort full": [ringfort, "scan", "--format", "json", str(path)],
        "ringfort structure": [ringfort, "scan", "--format", "json", "--mode", "structure", str(path)],
    }
    if path.is_file():
        table["sha256sum"] = ["sha256sum", str(path)]
    if peers is not None:
        tool = lambda name: str(peers / "bin" / name)
        table["picklescan"] = [tool("picklescan"), "--path", str(path)]
        table["modelscan"] = [tool("modelscan"), "-p", str(path)]
        if path.is_file() and path.suffix == ".pkl":
            table["fickling"] = [tool("fickling"), "--check-safety", str(path)]
        table["modelaudit"] = [tool("modelaudit"), "scan", "--format", "json", str(path)]
    return {name: command for name, command in table.items() if os.path.exists(command[0]) or "/" not in command[0]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringfort")
    parser.add_argument("--runs", type=int, default=7, help="runs of ringfort and sha256sum")
    parser.add_argument("--peer-runs", type=int, default=1)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/bench"))
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--only", help="one input")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.work = arguments.work.absolute()
    arguments.ringfort = os.path.abspath(arguments.ringfort)
    versions = {}
    peers = None
    if not arguments.no_peers:
        peers = arguments.work / "peers"
        versions = install_peers(peers)
    print(f"{os.cpu_count()} cores; peers: {', '.join(f'{n} {v}' for n, v in sorted(versions.items())) or 'none'}")
    results = []
    for name, path in inputs(arguments.work / "inputs").items():
        if arguments.only and name != arguments.only:
            continue
        table = commands(arguments.ringfort, peers, path)
        ours = [c for c in table if c.startswith("ringfort") or c == "sha256sum"]
        measure(table["ringfort full"])  # warm the page cache
        runs = {c: [] for c in table}
        for _ in range(arguments.runs):
            for c in ours:
                runs[c].append(measure(table[c]))
        for _ in range(arguments.peer_runs):
            for c in table:
                if c not in ours:
                    runs[c].append(measure(table[c]))
        print(f"\n{name}: {path.name}")
        full = median(runs["ringfort full"])
        for c, all_runs in runs.items():
            m = median(all_runs)
            if m is None:
                print(f"  {c:20} no result within 600 s")
                continue
            ratio = "" if c.startswith("ringfort") else f"{m.seconds / full.seconds:8.1f} x ringfort full"
            print(f"  {c:20} {m.seconds:9.3f} s {m.megabytes:8.0f} MB  exit {m.code}  {ratio}")
            results.append({"input": name, "tool": c, "seconds": m.seconds, "megabytes": m.megabytes, "exit": m.code,
                            "runs": len(all_runs)})
    if arguments.json:
        arguments.json.write_text(json.dumps({"peers": versions, "results": results}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
