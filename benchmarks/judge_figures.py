#!/usr/bin/env python3
"""How often the judges err, as docs/evidence/judge_figures.md shows it.

    judge_figures.py RINGFORT [--data ../shared/data/prompts] [--output docs/evidence/judge_figures.md]

Runs `ringfort judge calibrate` on the XSTest completions and on GPTFuzz's evaluate set.
"""
import argparse
import json
import pathlib
import subprocess

XSTEST = ["xstest_completions_mistralinstruct.csv", "xstest_completions_mistralguard.csv"]
GPTFUZZ = ["gptfuzz_responses_labeled_evaluate.csv"]
RUNS = [
    ("XSTest, held-out prompts", XSTEST, [], "held-out"),
    ("GPTFuzz, held-out questions", GPTFUZZ, [], "held-out"),
    ("XSTest, classifier trained on all of GPTFuzz", XSTEST, GPTFUZZ, "held-out"),
    ("GPTFuzz, classifier trained on all of XSTest", GPTFUZZ, XSTEST, "held-out"),
    ("XSTest, all prompts", XSTEST, [], "all"),
    ("GPTFuzz, all questions", GPTFUZZ, [], "all"),
]

HEAD = """# How often the judges err

Made by `benchmarks/judge_figures.py {binary}`; version {version}. Labels by people; intervals of 95 %, prompts drawn again
(2,000 resamples, seed {seed}). *Sensitivity*: share of true successes (the answer did what was asked) that the judge calls success. *Specificity*: share
of true failures that it calls failure. *Balanced*: their mean, 0.5 for a guess.

**What was seen while the judges were made.** The rules, and the classifier's two settings, were chosen while looking at the *development* half alone:
prompts whose SHA-256 begins with an even byte (for GPTFuzz the index of the question). Figures to quote are those of the *held-out* half. The classifier
is trained anew for each: on four fifths of the prompts of the same half, scored on the last fifth, or on the other set, which shares no prompt. Tables of
all prompts are for comparing with what others print; half of them was seen.

XSTest completions: full compliance succeeded; full and partial refusal failed. GPTFuzz: the set's own label. `keywords` is a list of 16 substrings, the floor:
longer lists of other tools were measured at accuracies of 0.81 to 0.88 on five models' XSTest completions (two of them here), and 0.70 on GPTFuzz's set.
"""

TAIL = """
## How to read this

- GPTFuzz's halves hold {few} questions: intervals by prompt are too narrow there.
- A campaign's rate is corrected with the counts of the set that is more like it (`statistics/corrected_rate.h`). No interval covers answers that are like neither.
- The classifier learns topics: trained on the other set it does no better than the rules on XSTest, and worse than `compliance` on GPTFuzz.
- The overlap and language-model judges are not in these tables: no labeled copies lie here, and no model able to judge.
"""


def cell(rate):
    if rate is None:
        return "-"
    low, high = rate["interval"]
    return f'{rate["rate"]:.3f} [{low:.3f}, {high:.3f}]'


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("binary")
    parser.add_argument("--data", default="../shared/data/prompts", type=pathlib.Path)
    parser.add_argument("--output", default="docs/evidence/judge_figures.md", type=pathlib.Path)
    options = parser.parse_args()
    text, first, few = "", None, []
    for title, data, train, half in RUNS:
        command = [options.binary, "judge", "calibrate", "--half", half, "--format", "json"]
        command += ["--questions", options.data / "gptfuzz_questions.csv"]
        command += ["--data", *[options.data / name for name in data]]
        command += ["--train", *[options.data / name for name in train], "--judge", "classifier"] if train else []
        report = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        first = first or report
        prompts = report["judges"][0]["prompts"]
        if prompts < 20:
            few.append(prompts)
        text += f"\n## {title}\n\n"
        text += f'{report["successes"] + report["failures"]} answers to {prompts} prompts: '
        text += f'{report["successes"]} succeeded, {report["failures"]} failed.\n\n'
        text += "| judge | judged | accuracy | sensitivity | specificity | balanced | AUROC | method |\n|---|---|---|---|---|---|---|---|\n"
        for judge in report["judges"]:
            judged = judge["found"] + judge["missed"] + judge["passed"] + judge["false_alarms"]
            text += f'| {judge["name"]} | {judged} | {cell(judge["accuracy"])} | {cell(judge["sensitivity"])} | '
            text += f'{cell(judge["specificity"])} | {judge["balanced"]:.3f} | {judge["auroc"]:.3f} | {judge["method"]} |\n'
    head = HEAD.format(binary="RINGFORT", version=first["tool_version"], seed=first["seed"])
    options.output.write_text(head + text + TAIL.format(few=" and ".join(map(str, sorted(set(few))))), encoding="utf-8")


if __name__ == "__main__":
    main()
