#!/usr/bin/env python3
"""Generates 128 tokens greedily with transformers' generate, for one prompt or several at once (padded on the left).

    generate.py tutorial|tuned MODEL BATCH      tutorial: fp32; tuned: bf16 where
                                                the processor is faster in it

prints one line of JSON: tokens a second, peak resident memory.
"""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from measure import FAST, peak_mib

PROMPT = "The history of the printing press begins in"
NEW_TOKENS = 128


def main(variant, model, batch):
    tokenizer = AutoTokenizer.from_pretrained(model, padding_side="left")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    network = AutoModelForCausalLM.from_pretrained(
        model, dtype=FAST if variant == "tuned" else torch.float32
    ).eval()
    inputs = tokenizer([f"{PROMPT} {year}" for year in range(1440, 1440 + int(batch))], return_tensors="pt", padding=True)

    def run(count):
        return network.generate(**inputs, max_new_tokens=count, do_sample=False)

    with torch.inference_mode():
        run(8)
        start = time.perf_counter()
        ids = run(NEW_TOKENS)[:, inputs["input_ids"].shape[1] :]
        seconds = time.perf_counter() - start
    made = (ids != tokenizer.pad_token_id).sum().item()
    print(json.dumps({"tokens_per_second": made / seconds, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
