#!/usr/bin/env python3
"""Scoring by the llama_cpp engine beside llama.cpp's own loop, and beside transformers.

    compare_engines.py BENCHMARK MODEL.gguf [--threads N] [--rounds N] [--transformers FOLDER]

BENCHMARK is llama_cpp_benchmark of preset release. It runs both loops in turns; see its
source for what each number is. With --transformers, and where the Python packages torch
and transformers are installed, the same amount of text is scored by them from FOLDER, a
model in their own format; otherwise that row says why it is missing.

Fails if scoring with the same attention reaches less than 95 % of the loop that computes
as many logits. Of files that are not quantized Score computes attention in F32.
"""
import argparse
import json
import subprocess
import sys
import time

FLOOR = 0.95


def transformers_rate(folder: str, threads: int, rounds: int) -> tuple[float | None, str]:
    """Tokens a second of log-probabilities, and why there are none."""
    try:
        import torch
        import transformers
    except ImportError as missing:
        return None, f"not installed: {missing.name}"
    torch.set_num_threads(threads)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder).eval()
    text = " the dog saw a little tree and ran home." * 40
    tokens = tokenizer(text, return_tensors="pt")["input_ids"][:, :128].repeat(8, 1)
    rates = []
    # As the benchmark times itself: the processor's time on one thread, else the wall's.
    clock = time.process_time if threads == 1 else time.perf_counter
    with torch.no_grad():
        for _ in range(rounds + 1):  # the first warms up
            begin = clock()
            logits = model(tokens).logits[:, :-1]
            torch.log_softmax(logits.float(), dim=-1).gather(-1, tokens[:, 1:, None])
            rates.append(tokens.numel() / (clock() - begin))
    return sorted(rates[1:])[rounds // 2], ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmark")
    parser.add_argument("model")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--transformers", metavar="FOLDER")
    arguments = parser.parse_args()

    done = subprocess.run([arguments.benchmark, arguments.model, str(arguments.threads), str(arguments.rounds)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr.strip() or "the benchmark failed", file=sys.stderr)
        return 2
    measured = json.loads(done.stdout)
    rates = measured["tokens_per_second"]
    print(f"{measured['model']}, {measured['threads']} thread(s), median of {measured['rounds']}")
    print(f"{'':34} tokens/s   of the loop")
    rows = [("llama.cpp's loop, last logits only", rates["loop_last"]), ("the same, logits of all tokens", rates["loop_all"]),
            ("the same, attention in F32", rates["loop_exact"]), ("Score", rates["score"]),
            ("Score with moments", rates["score_moments"]), ("Score, attention as in the loop", rates["score_fast"])]
    if arguments.transformers:
        rate, reason = transformers_rate(arguments.transformers, arguments.threads, arguments.rounds)
        if rate is None:
            print(f"transformers: {reason}")
        else:
            rows.append(("transformers, log-probabilities", rate))
    for name, rate in rows:
        print(f"{name:34} {rate:8.1f}   {rate / rates['loop_all']:10.1%}")
    ratios = measured["ratios"]
    print("medians of the ratios within a round: " + ", ".join(f"{name} {ratio:.3f}" for name, ratio in ratios.items()))
    reached = ratios["fast_of_all"]
    if reached < FLOOR:
        print(f"too slow: {reached:.1%} of the loop, wanted {FLOOR:.0%}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
