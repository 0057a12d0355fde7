#!/usr/bin/env python3
"""Classifies the lines of a file with transformers.

tutorial: pipeline("text-classification"), as the library's documentation shows it: one text after another, fp32.
tuned: sorted by length, 64 at once, padded to their longest, weights in bf16 where the processor is faster in it.

    classify.py tutorial|tuned MODEL TEXTS.txt ROWS

prints one line of JSON: rows a second, peak resident memory.
"""

import json
import sys
import time
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from measure import FAST, peak_mib


def main(variant, model, file, rows):
    texts = Path(file).read_text(encoding="utf-8").splitlines()[: int(rows)]
    tokenizer = AutoTokenizer.from_pretrained(model)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    tuned = variant == "tuned"
    network = AutoModelForSequenceClassification.from_pretrained(
        model, dtype=FAST if tuned else torch.float32, pad_token_id=tokenizer.pad_token_id
    ).eval()

    def by_length(some):
        some = sorted(some, key=len)
        with torch.inference_mode():
            for first in range(0, len(some), 64):
                batch = tokenizer(
                    some[first : first + 64], padding=True, truncation=True, max_length=512, return_tensors="pt"
                )
                network(**batch).logits.float().softmax(-1).tolist()

    classifier = by_length if tuned else pipeline("text-classification", model=network, tokenizer=tokenizer)
    classifier(texts[:64])
    start = time.perf_counter()
    classifier(texts)
    seconds = time.perf_counter() - start
    print(json.dumps({"rows_per_second": len(texts) / seconds, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
