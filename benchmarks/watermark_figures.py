#!/usr/bin/env python3
"""How surely marks in text are found, washed off and forged, as docs/evidence/watermark_figures.md shows it.

    watermark_figures.py RINGFORT [--data ../shared/data] [--texts 100] [--output docs/evidence/watermark_figures.md]

Everything is done by `ringfort watermark` with a small real model and real unmarked text.
"""
import argparse
import json
import math
import pathlib
import random
import subprocess
import tempfile

SCHEMES = ["left_hash", "self_hash", "unigram", "gumbel", "tournament"]
KEY = "918273"
LENGTH = 200
WASHED = ["left_hash", "self_hash", "unigram"]
SLOW = 10  # texts that are washed by asking a model again and again
WHO = ["girl", "boy", "dog", "cat", "bird", "bear", "fish", "king", "mouse", "frog"]
HOW = ["little", "big", "happy", "sad", "funny", "old", "brave", "kind", "tired", "red"]

HEAD = """# How surely marks in text are found, washed off and forged

Made by `benchmarks/watermark_figures.py`. The model is `stories260K.gguf` (512 tokens, children's stories), asked to go on from
{prompts} openings at temperature 1; texts of at least {length} tokens are cut to {length}. Green lists with gamma 0.25 and delta 2.0.
Intervals are Wilson's, 95 %. *Found*: probability below 0.01 (`< 0.001` where the column says so). The detector cuts the text anew, as one
who has no more than the text must. A small model of simple stories is surer of itself than a large one of free text: read the figures as
what was met on it, not as what other models give.
"""


TAIL = """
## How to read this

- z of unmarked text is as N(0, 1) has it for all five schemes; alarms come no more often than claimed. Counts are discrete, so that exact
  probabilities of green lists stay below their level.
- Cutting the text anew costs next to nothing here: the tokenizer mostly gives back what was said.
- The unigram list is not found: each different token counts once, and a text of {length} tokens has 80 different ones of 512, nearly all
  of the common ones whether green or not. It needs a larger vocabulary.
- Gumbel and tournament leave the perplexity about where it was; the green lists at delta 2.0 raise it by 15 to 22 %.
- No model that paraphrases or translates was at hand: those removals are not in the table.
"""


def wilson(hits, n):
    if n == 0:
        return "-"
    z, p = 1.959964, hits / n
    middle, half = (p + z * z / 2 / n) / (1 + z * z / n), z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return f"{p:.3f} [{max(0, middle - half):.3f}, {min(1, middle + half):.3f}]"


class Figures:
    def __init__(self, arguments, folder):
        self.ringfort, self.folder, self.data = arguments.binary, folder, arguments.data
        self.model = str(arguments.data / "models/stories260K.gguf")
        self.wanted = arguments.texts
        self.seed = 0

    def run(self, *words):
        done = subprocess.run([self.ringfort, "watermark", *map(str, words)], capture_output=True, text=True, check=False)
        if done.returncode not in (0, 3):
            raise SystemExit(f"{' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    def write(self, name, records):
        path = self.folder / name
        path.write_text("".join(json.dumps(one) + "\n" for one in records))
        return path

    def say(self, name, count, *words):
        """`count` texts of LENGTH tokens, as the model said them."""
        kept, openings = [], [f"Once upon a time there was a {how} {who}" for how in HOW for who in WHO]
        while len(kept) < count:
            batch = [{"text": openings[i % len(openings)]} for i in range(count + count // 4)]
            prompts = self.write("prompts.jsonl", batch)
            self.seed += 100000
            out = self.run("generate", self.model, "--prompts", prompts, "--max-tokens", LENGTH + 20, "--format", "jsonl",
                           "--seed", self.seed, *words)
            for line in out.splitlines():
                one = json.loads(line)
                if len(one["tokens"]) >= LENGTH and len(kept) < count:
                    kept.append({"id": str(len(kept)), "text": one["text"], "tokens": one["tokens"][:LENGTH]})
        return self.write(name, kept)

    def detect(self, path, scheme, *words, tokens=False, key=KEY):
        given = ["--tokens", path] if tokens else [self.model, "--texts", path]
        return json.loads(self.run("detect", *given, "--scheme", scheme, "--key", key, "--format", "json", *words))["texts"]

    def found(self, path, scheme, *words, level=0.01, window=False, tokens=False):
        texts = [one for one in self.detect(path, scheme, *words, tokens=tokens) if "error" not in one]
        value = (lambda one: one["window"]["probability"]) if window else (lambda one: one["probability"])
        return wilson(sum(1 for one in texts if (value(one) or 0) < level), len(texts))

    def null(self):
        rows = ["## Unmarked text", "",
                "2,000 stretches of 420 characters (some 200 tokens) from four novels (`text/bronte.txt`), ten asked of each of 200 keys. *Distance*: the largest"
                " between the distribution of z and N(0, 1) (Kolmogorov-Smirnov; counts spread over their lattice step; 0.0304 is"
                " passed by chance once in 20, 0.0436 once in 1,000).", "",
                "| scheme | mean z | standard deviation | distance | p < 0.05 | p < 0.01 |", "|---|---|---|---|---|---|"]
        text = (self.data / "text/bronte.txt").read_text(errors="ignore")
        paragraphs = [" ".join(one.split()) for one in text.split("\n\n")]
        stretches, whole = [], " ".join(one for one in paragraphs if len(one) > 200)
        dice = random.Random(5)
        for _ in range(2000):
            at = dice.randrange(len(whole) - 1000)
            stretches.append(whole[at:at + 420])
        for scheme in SCHEMES:
            z, p = [], []
            for key in range(200):  # ten texts each
                some = self.write("some.jsonl", [{"id": str(i), "text": stretches[i]} for i in range(key * 10, key * 10 + 10)])
                for seen in self.detect(some, scheme, key=str(1000 + key)):
                    share, trials = (0.5, 30 * seen["scored"]) if scheme == "tournament" else (0.25, seen["scored"])
                    step = 0 if scheme == "gumbel" else 1 / math.sqrt(trials * share * (1 - share))
                    z.append(seen["z"] + (dice.random() - 0.5) * step)
                    p.append(seen["probability"])
            z.sort()
            n = len(z)
            normal = [0.5 * math.erfc(-one / math.sqrt(2)) for one in z]
            distance = max(max(abs(c - i / n), abs(c - (i + 1) / n)) for i, c in enumerate(normal))
            mean = sum(z) / n
            deviation = math.sqrt(sum((one - mean) ** 2 for one in z) / (n - 1))
            rows.append(f"| {scheme} | {mean:+.3f} | {deviation:.3f} | {distance:.4f} | {wilson(sum(one < .05 for one in p), n)} |"
                        f" {wilson(sum(one < .01 for one in p), n)} |")
        return rows

    def detection(self):
        rows = ["", f"## Marked text of {LENGTH} tokens", "",
                "*As said*: by the tokens that the model drew; *as text*: cut anew. Perplexity is the model's own, a token.", "",
                "| scheme | mean z | found as said | found as text | < 0.001 as text | found with another key | perplexity |",
                "|---|---|---|---|---|---|---|"]
        self.marked, self.plain = {}, self.say("plain.jsonl", self.wanted, "--plain")
        rows_plain = self.perplexity(self.plain)
        for scheme in SCHEMES:
            path = self.marked[scheme] = self.say(f"{scheme}.jsonl", self.wanted, "--scheme", scheme, "--key", KEY)
            z = [one["z"] for one in self.detect(path, scheme)]
            other = self.detect(path, scheme, key="5")
            rows.append(f"| {scheme} | {sum(z) / len(z):.2f} | {self.found(path, scheme, tokens=True)} | {self.found(path, scheme)} |"
                        f" {self.found(path, scheme, level=0.001)} |"
                        f" {wilson(sum((one['probability'] or 0) < 0.01 for one in other), len(other))} | {self.perplexity(path):.2f} |")
        rows.append(f"| none | | | | | | {rows_plain:.2f} |")
        return rows

    def perplexity(self, path):
        out = self.run("remove", "--by", "look_alike_characters", "--share", 0, "--texts", path, "--model", self.model,
                       "--format", "json")
        logs = [math.log(one["perplexity_before"]) for one in json.loads(out)["texts"] if "perplexity_before" in one]
        return math.exp(sum(logs) / len(logs))

    def wash(self, scheme, most, *words):
        some = self.folder / "some.jsonl"
        some.write_text("".join(line + "\n" for line in self.marked[scheme].read_text().splitlines()[:most]))
        # Perplexities are dear, and much alike between schemes.
        asks = words[1] in ("span_rewriting", "fitting_substitution") and "none" not in words
        model = ["--model", self.model] if scheme == "left_hash" or asks else []
        out = self.run("remove", "--texts", some, *model, "--format", "json", *words)
        texts = json.loads(out)["texts"]
        path = self.write("washed.jsonl", [{"id": one["id"], "text": one["text"]} for one in texts])
        edits = sum(one["edits"] for one in texts) / len(texts)
        ratio = [math.log(one["perplexity_after"] / one["perplexity_before"]) for one in texts if "perplexity_after" in one]
        return path, edits, f"{math.exp(sum(ratio) / len(ratio)):.2f}" if ratio else "-"

    def removal(self):
        rows = ["", "## Removal", "",
                "*Perplexity* is multiplied by the last figure (geometric mean, the same small model). *Adaptive detector*: text in plain"
                " letters first, and windows of 50 tokens and more, with its probability times the number of windows. `others` are"
                " unmarked stories of the same model, for copy-paste too. `learned`: the remover saw as many marked and as"
                " unmarked stories as there are, and avoids what seems green. Of attacks that ask a model for each edit"
                f" {SLOW} texts, of others {self.wanted}.", "",
                "| removal | scheme | words changed | perplexity x | found | found by the adaptive detector |", "|---|---|---|---|---|---|"]
        others = ["--others", self.plain]
        ways = [("none", ["--by", "look_alike_characters", "--share", 0]),
                ("random words, 10 %", ["--by", "word_substitution", "--share", 0.1, *others]),
                ("random words, 30 %", ["--by", "word_substitution", "--share", 0.3, *others]),
                ("random words, 50 %", ["--by", "word_substitution", "--share", 0.5, *others]),
                ("fitting words, 30 %", ["--by", "fitting_substitution", "--share", 0.3, "--guide", "none", *others]),
                ("likeliest words, 30 %", ["--by", "fitting_substitution", "--share", 0.3, *others]),
                ("span rewriting, 30 steps", ["--by", "span_rewriting", "--steps", 30]),
                ("span rewriting, learned", ["--by", "span_rewriting", "--steps", 30, "--learn-from", None, *others]),
                ("copy-paste, 50 % in 3", ["--by", "copy_paste_dilution", "--share", 0.5, *others]),
                ("copy-paste, 25 % in 1", ["--by", "copy_paste_dilution", "--share", 0.25, "--passages", 1, *others]),
                ("look-alikes, 10 %", ["--by", "look_alike_characters", "--share", 0.1])]
        for name, words in ways:
            for scheme in WASHED:
                slow = name.startswith(("span", "likeliest"))
                if slow and scheme != "left_hash":
                    continue
                given = [self.marked[scheme] if one is None else one for one in words]
                if name.endswith("learned"):
                    given += ["--width", 0 if scheme == "unigram" else 1]
                path, edits, ratio = self.wash(scheme, SLOW if slow else self.wanted, *given)
                adaptive = self.found(path, scheme, "--windows", 50, "--plain-letters", window=True)
                rows.append(f"| {name} | {scheme} | {edits:.3f} | {ratio} | {self.found(path, scheme)} | {adaptive} |")
        return rows

    def forgery(self):
        rows = ["", "## Forgery", "",
                f"The forger's model is the same without the mark; {self.wanted} unmarked stories; strength 4; 30 texts"
                f" of up to {LENGTH} tokens. *Deceived*: the owner's detector finds his mark in them.", "",
                "| scheme | marked texts seen | deceived | < 0.001 |", "|---|---|---|---|"]
        openings = self.write("openings.jsonl", [{"text": f"Once upon a time there was a {how} {who}"} for how in HOW[:3] for who in WHO])
        for scheme, width in [("left_hash", 1), ("unigram", 0)]:
            for seen in [10, 50, self.wanted]:
                lines = self.marked[scheme].read_text().splitlines()[:seen]
                marked = self.folder / "seen.jsonl"
                marked.write_text("\n".join(lines) + "\n")
                out = self.run("forge", self.model, "--prompts", openings, "--marked", marked, "--plain", self.plain, "--width", width,
                               "--max-tokens", LENGTH, "--format", "jsonl", "--seed", 7)
                forged = self.write("forged.jsonl", [json.loads(line) for line in out.splitlines()])
                rows.append(f"| {scheme} | {seen} | {self.found(forged, scheme)} | {self.found(forged, scheme, level=0.001)} |")
        return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("binary")
    parser.add_argument("--data", default="../shared/data", type=pathlib.Path)
    parser.add_argument("--texts", default=100, type=int)
    parser.add_argument("--output", default="docs/evidence/watermark_figures.md", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = Figures(arguments, pathlib.Path(folder))
        rows = HEAD.format(prompts=len(WHO) * len(HOW), length=LENGTH).splitlines() + [""]
        for part in (figures.null, figures.detection, figures.removal, figures.forgery):
            rows += part()
            arguments.output.write_text("\n".join(rows) + "\n")  # what there is, should it be stopped
    arguments.output.write_text("\n".join(rows) + "\n" + TAIL.format(length=LENGTH))
    print(f"wrote {arguments.output}")


if __name__ == "__main__":
    main()
