#!/usr/bin/env python3
"""A step of greedy_coordinate_gradient beside one of nanoGCG, on one model, one request, one processor.

    compare_gradient_suffix.py BENCHMARK FOLDER [--threads N] [--steps N] [--rounds N]

BENCHMARK is gradient_suffix_benchmark of preset release, FOLDER one that `ringfort train-lm
--refusal` wrote. Both search an ending of 20 tokens, 512 tries a step out of 256 candidates a
place, one change each, with nanoGCG's prefix cache. Where the Python packages nanogcg, torch and
transformers are not installed that row says so. Rounds alternate; told are medians of processor time.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time


def nano_gcg(folder: pathlib.Path, threads: int, steps: int, request: str, target: str):
    """A function that runs so many steps and yields seconds a step, and why there is none."""
    try:
        import nanogcg
        import torch
        import transformers
    except ImportError as missing:
        return None, f"not installed: {missing.name}"
    torch.set_num_threads(threads)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder / "safetensors")
    model = transformers.AutoModelForCausalLM.from_pretrained(folder / "safetensors").eval()
    config = nanogcg.GCGConfig(num_steps=steps, search_width=512, topk=256, n_replace=1, seed=1, verbosity="ERROR",
                               optim_str_init="! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! !", use_prefix_cache=True)

    def run() -> float:
        begin = time.process_time()
        nanogcg.run(model, tokenizer, [{"role": "user", "content": request + "{optim_str}"}], target, config)
        return (time.process_time() - begin) / steps

    return run, ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmark")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    sample = json.loads((arguments.folder / "prompts.jsonl").read_text().splitlines()[0])
    request, target = sample["text"], sample["candidates"][1]
    theirs, reason = nano_gcg(arguments.folder, arguments.threads, arguments.steps, request, target)

    ours_each, theirs_each = [], []
    for _ in range(arguments.rounds):
        done = subprocess.run([arguments.benchmark, arguments.folder / "model.gguf", str(arguments.threads),
                               str(arguments.steps), "1", request, target], capture_output=True, text=True)
        if done.returncode != 0:
            print(done.stderr.strip() or "the benchmark failed", file=sys.stderr)
            return 2
        ours_each += json.loads(done.stdout)["seconds_per_step"]
        if theirs is not None:
            theirs_each.append(theirs())
    ours = statistics.median(ours_each)
    print(f"ours     {ours:.3f} s a step   ({min(ours_each):.3f} to {max(ours_each):.3f})")
    if theirs is None:
        print(f"nanoGCG  not measured: {reason}")
        return 0
    median = statistics.median(theirs_each)
    print(f"nanoGCG  {median:.3f} s a step   ({min(theirs_each):.3f} to {max(theirs_each):.3f})")
    print(f"ratio    {median / ours:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
