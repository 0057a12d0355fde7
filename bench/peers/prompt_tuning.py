#!/usr/bin/env python3
"""Prompt tuning as peft's notebook for twitter_complaints does it: texts and labels padded on the left to one length, batches
in random order, logits for every position, fp32, AdamW, a linear schedule. With --tuned the base is in bf16 where the
processor is faster in it, and a batch is
padded to its longest.

    prompt_tuning.py MODEL TRAIN.csv --epochs N [--tuned]

prints one line of JSON: the time of each step in milliseconds and the peak resident memory in MiB.
"""

import argparse
import csv
import json
import time

import torch
from peft import PromptTuningConfig, PromptTuningInit, TaskType, get_peft_model
from torch.utils.data import DataLoader
from transformers import AutoModelForCausalLM, AutoTokenizer, default_data_collator, get_linear_schedule_with_warmup

from measure import FAST, peak_mib

INIT = "Classify if the tweet is a complaint or not:"
LENGTH, BATCH, RATE, VIRTUAL, SEED = 64, 8, 3e-2, 8, 42


def encoded(row, tokenizer):
    """Ids, mask and labels, each padded on the left to LENGTH; -100 where nothing is scored."""
    text = tokenizer(f"Tweet text : {row['Tweet text']} Label : ")["input_ids"]
    label = tokenizer(row["Label"], add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
    text = text[: LENGTH - len(label)]
    pad = LENGTH - len(text) - len(label)
    return {
        "input_ids": torch.tensor([tokenizer.pad_token_id] * pad + text + label),
        "attention_mask": torch.tensor([0] * pad + [1] * (len(text) + len(label))),
        "labels": torch.tensor([-100] * (pad + len(text)) + label),
    }


def shortened(rows):
    """A batch without the padding that all its rows have."""
    batch = default_data_collator(rows)
    used = int(batch["attention_mask"].sum(1).max())
    return {name: values[:, -used:] for name, values in batch.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("train")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--tuned", action="store_true")
    options = parser.parse_args()

    torch.manual_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token_id = tokenizer.eos_token_id
    with open(options.train, encoding="utf-8", newline="") as file:
        rows = [encoded(row, tokenizer) for row in csv.DictReader(file)]
    collate = shortened if options.tuned else default_data_collator
    loader = DataLoader(rows, shuffle=True, collate_fn=collate, batch_size=BATCH)

    config = PromptTuningConfig(
        task_type=TaskType.CAUSAL_LM,
        prompt_tuning_init=PromptTuningInit.TEXT,
        num_virtual_tokens=VIRTUAL,
        prompt_tuning_init_text=INIT,
        tokenizer_name_or_path=options.model,
    )
    dtype = FAST if options.tuned else torch.float32
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(options.model, dtype=dtype), config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, fused=options.tuned)
    scheduler = get_linear_schedule_with_warmup(optimizer, 0, len(loader) * options.epochs)

    times, losses = [], []
    for _ in range(options.epochs):
        model.train()
        for batch in loader:
            start = time.perf_counter()
            loss = model(**batch).loss
            losses.append(loss.detach().float().item())
            loss.backward()
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
            times.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"steps_per_epoch": len(loader), "ms": times, "losses": losses, "peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
