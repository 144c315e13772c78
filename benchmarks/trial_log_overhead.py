#!/usr/bin/env python3
"""What the trial log costs beside the model that is asked.

    trial_log_overhead.py BINARY MODEL.gguf [--texts 1000] [--rounds 3]

The same plan twice, in turns: texts of some 120 tokens scored by MODEL, and as many trials
on texts of one letter scored by the made-up model of `scripted:`. The second is all that a
campaign does beside its model: identity of each trial, JSON, SQLite, the summary, and a
scripted score, which nobody pays for a real one; so its processor time over that of the
first is an upper bound on the share of the log. Medians over the rounds, once with one
attack on each text and once with five that read the same score.
"""
import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

WORDS = "the dog saw a little tree and ran home to tell her mom about big red ball that was in park".split()


def processor(binary, folder, source, attacks, members, held_out):
    """Seconds of processor time of one campaign, and its trials."""
    (folder / "members.txt").write_text("\n".join(members) + "\n")
    (folder / "held_out.txt").write_text("\n".join(held_out) + "\n")
    (folder / "plan.toml").write_text(
        f"attacks = {json.dumps(attacks)}\n[texts]\nmembers = \"members.txt\"\nheld_out = \"held_out.txt\"\n"
        f"most = {len(members)}\n[[target]]\nid = \"t\"\nsource = \"{source}\"\n")
    store = folder / "e.db"
    store.unlink(missing_ok=True)
    process = subprocess.Popen([binary, "campaign", "run", str(folder / "plan.toml"), "--store", str(store),
                                "--no-progress", "--threads", "1", "--format", "json", "--output",
                                str(folder / "out.json")])
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"exit status {status}")
    return usage.ru_utime + usage.ru_stime, json.loads((folder / "out.json").read_text())["made"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("model")
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    model = str(pathlib.Path(options.model).resolve())
    draw = random.Random(1)
    half = options.texts // 2
    long = [" ".join(draw.choice(WORDS) for _ in range(80)) for _ in range(2 * half)]
    short = [chr(0x4E00 + i) for i in range(2 * half)]  # one letter each, and no two alike
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for attacks in (["loss"], ["loss", "zlib_ratio", "min_k_probability", "min_k_plus_plus", "lowercase"]):
            asked, beside = [], []
            for _ in range(options.rounds):
                seconds, trials = processor(options.binary, folder, model, attacks, long[:half], long[half:])
                asked.append(seconds)
                beside.append(processor(options.binary, folder, "scripted:", attacks, short[:half], short[half:])[0])
            first, second = statistics.median(asked), statistics.median(beside)
            print(f"{len(attacks)} attack(s), {trials} trials: {first:.2f} s with the model, {second:.2f} s beside it; "
                  f"{1e6 * second / trials:.0f} us a trial, at most {100 * second / first:.1f} % of the campaign")
    return 0


if __name__ == "__main__":
    sys.exit(main())
