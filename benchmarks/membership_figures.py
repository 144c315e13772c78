#!/usr/bin/env python3
"""What membership attacks reach on small models of ours, beside what was published: prints Markdown tables.

    membership_figures.py RINGFORT --secrets examples/secrets --text NOVELS.txt --other PLAYS.txt --work FOLDER
                          [--stranger MODEL.gguf] [--members N]

RINGFORT is the command line (with libtorch). Three models are trained on NOVELS, shuffled and dealt by other seeds, and
one on PLAYS as the reference; what lies in FOLDER already is not made again. Then one campaign each:

    memorized   examples/secrets, trained six times over its members: attacks have something to see
    once        the same shape and texts, trained one epoch: members and others come from one distribution
    shifted     MODEL.gguf, which was trained on neither, "members" from NOVELS and "others" from PLAYS

TPR at 5 % is read off the curve as it is logged; AUROC and its DeLong interval are those of `campaign run`.
"""
import argparse
import json
import pathlib
import subprocess
import sys

ATTACKS = ["loss", "zlib_ratio", "lowercase", "reference", "neighborhood", "min_k_probability", "min_k_plus_plus", "recall",
           "shadow_ensemble", "blind_baseline"]

# AUROC and TPR at 5 % of WikiMIA, length 32, Pythia-2.8B, as github.com/zjysteven/mink-plus-plus has them, and
# MIMIR on texts of one distribution (Pile, deduplicated Pythia models of 160M to 12B), github.com/iamgroot42/mimir.
PUBLISHED = {"loss": ("0.614, 14.7 %", "0.502-0.513"), "reference": ("0.613, 6.2 %", "0.499-0.515"),
             "lowercase": ("0.609, 11.1 %", "-"), "zlib_ratio": ("0.621, 15.8 %", "0.505-0.515"),
             "neighborhood": ("0.642, 15.0 %", "-"), "min_k_probability": ("0.617, 16.5 %", "0.506-0.521"),
             "min_k_plus_plus": ("0.640, 10.6 %", "-")}


class Figures:
    def __init__(self, arguments):
        self.binary = str(pathlib.Path(arguments.binary).resolve())
        self.arguments = arguments
        self.work = pathlib.Path(arguments.work).resolve()
        self.work.mkdir(parents=True, exist_ok=True)

    def run(self, *words):
        done = subprocess.run([self.binary, *map(str, words)], capture_output=True, text=True)
        if done.returncode not in (0, 3):  # 3: some trials are errors
            sys.exit(f"ringfort {' '.join(map(str, words))}: {done.stderr.strip()}")
        return done.stdout

    def train(self, name, text, seed, epochs):
        folder = self.work / name
        if not (folder / "model.gguf").exists():
            self.run("train-lm", folder, "--text", pathlib.Path(text).resolve(), "--members", 600, "--held-out", 600,
                     "--copies", "2,4,8,16", "--texts-a-count", 12, "--planted", "0,1,4,16", "--most-bytes", 180,
                     "--epochs", epochs, "--learning-rate", "3e-3", "--seed", seed, "--no-progress")
        return folder

    def campaign(self, name, attacks, texts, target, shadows=(), reference=None, neighbors=10):
        lines = [f"attacks = {json.dumps(attacks)}", f"neighbors = {neighbors}", "[texts]"]
        lines += [f'{key} = "{value}"' for key, value in texts.items() if not isinstance(value, int)]
        lines += [f"{key} = {value}" for key, value in texts.items() if isinstance(value, int)]
        lines += ["[[target]]", f'id = "{name}"', f'source = "{target}"']
        if reference:
            lines.append(f'reference = "{reference}"')
        for shadow in shadows:
            lines += ["[[shadow]]", f'source = "{shadow}/model.gguf"', f'members = "{shadow}/members.jsonl"',
                      f'held_out = "{shadow}/held_out.jsonl"']
        plan = self.work / f"{name}.toml"
        plan.write_text("\n".join(lines) + "\n")
        result = json.loads(self.run("campaign", "run", plan, "--store", self.work / f"{name}.db", "--format", "json"))
        for skipped in result["skipped"]:
            print(f"skipped: {skipped}", file=sys.stderr)
        return {line["attack"]: line for line in result["membership"]}


def at_five_percent(line):
    """The greatest TPR at which no more than 5 % of the others are taken for members; None if the curve is not there."""
    reached = [hit for false, hit in line.get("curve") or [] if false <= 0.05]
    return max(reached) if reached else None


def told(line):
    if line is None:
        return "-"
    low, high = line["interval"]
    five = at_five_percent(line)
    return f"{line['auroc']:.3f} [{low:.3f}, {high:.3f}]" + (f", {five:.1%}" if five is not None else "")


def split(text, folder, parts):
    """Paragraphs of a text as files of one text a line, so many each."""
    paragraphs = [" ".join(p.split()) for p in pathlib.Path(text).read_text(encoding="utf-8", errors="replace").split("\n\n")]
    paragraphs = [p[:180].rsplit(" ", 1)[0] for p in paragraphs if len(p) > 100]
    for name, begin, end in parts:
        (folder / name).write_text("\n".join(paragraphs[begin:end]) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--secrets", required=True)
    parser.add_argument("--text", required=True)
    parser.add_argument("--other", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--stranger")
    parser.add_argument("--members", type=int, default=600)
    arguments = parser.parse_args()
    figures = Figures(arguments)
    secrets = pathlib.Path(arguments.secrets).resolve()

    once = figures.train("once", arguments.text, 7, 1)
    shadows = [figures.train(f"shadow{seed}", arguments.text, seed, 6) for seed in (21, 22)]
    once_shadows = [figures.train(f"once_shadow{seed}", arguments.text, seed, 1) for seed in (31, 32)]
    reference = figures.train("other", arguments.other, 9, 2) / "model.gguf"
    split(arguments.other, figures.work, [("plays.txt", 0, 600), ("prefix.txt", 600, 601), ("background.txt", 601, 2600)])
    split(arguments.text, figures.work, [("novels.txt", 0, 600)])

    def texts(folder):
        return {"members": folder / "members.jsonl", "held_out": folder / "held_out.jsonl", "prefix": figures.work / "prefix.txt",
                "background": figures.work / "background.txt", "most": arguments.members}

    rows = {"memorized": figures.campaign("memorized", ATTACKS, texts(secrets), secrets / "model.gguf", shadows, reference),
            "once": figures.campaign("once", ATTACKS, texts(once), once / "model.gguf", once_shadows, reference)}
    if arguments.stranger:
        shifted = {"members": figures.work / "novels.txt", "held_out": figures.work / "plays.txt",
                   "prefix": figures.work / "prefix.txt", "most": arguments.members}
        without = [attack for attack in ATTACKS if attack not in ("reference", "neighborhood", "shadow_ensemble")]
        rows["shifted"] = figures.campaign("shifted", without, shifted, pathlib.Path(arguments.stranger).resolve())
    columns = list(rows)
    print("| attack | published: WikiMIA | published: one distribution | " + " | ".join(columns) + " |")
    print("|---|---|---|" + "---|" * len(columns))
    for attack in ATTACKS:
        published = PUBLISHED.get(attack, ("-", "-"))
        print(f"| `{attack}` | {published[0]} | {published[1]} | " +
              " | ".join(told(rows[column].get(attack)) for column in columns) + " |")
    print("\nReadings: " + "; ".join(
        f"{column}: " + ", ".join(sorted({line["reading"] for line in rows[column].values()})) for column in columns))
    return 0


if __name__ == "__main__":
    sys.exit(main())
