#!/usr/bin/env python3
"""Scores texts against labels as peft's users do: for each text and each label one forward pass over both, logits for every
position, the log-likelihoods of the label's tokens summed.

    label_scoring.py TEXTS.txt RUN ROWS    a run folder of Attune's; only the first ROWS texts

prints one line of JSON: rows, labels, seconds, the label that each text gets and the peak resident memory.
"""

import json
import sys
import time
from pathlib import Path

import torch
from peft import AutoPeftModelForCausalLM
from transformers import AutoTokenizer

from measure import peak_mib


def main(texts_file, run, rows):
    texts = Path(texts_file).read_text(encoding="utf-8").split("\n")[: int(rows)]
    settings = json.loads((Path(run) / "attune.json").read_text(encoding="utf-8"))
    answer = settings.get("answer", settings)
    model = AutoPeftModelForCausalLM.from_pretrained(run, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(run)
    end = [tokenizer.eos_token_id] if answer["end_of_text"] else []
    labels = [tokenizer(word, add_special_tokens=False)["input_ids"] + end for word in answer["words"]]
    chosen = []
    start = time.perf_counter()
    with torch.inference_mode():
        for text in texts:
            ids = tokenizer(answer["template"].replace("{text}", text))["input_ids"]
            scores = []
            for label in labels:
                logits = model(input_ids=torch.tensor([ids + label])).logits[0, -len(label) - 1 : -1]
                steps = logits.float().log_softmax(-1)
                scores.append(steps[range(len(label)), label].sum().item())
            chosen.append(max(range(len(labels)), key=scores.__getitem__))
    seconds = time.perf_counter() - start
    print(json.dumps({"rows": len(texts), "labels": len(labels), "seconds": seconds, "chosen": chosen,
                      "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
