#!/usr/bin/env python3
"""Tunes a classifier with transformers (and peft) in one of two ways.

tutorial: as books, courses and notebooks write it: every text padded to one length, fp32, AdamW, the whole forward pass in
every step, gradients only for what is trained.
tuned: batches of like length, padded to their longest; frozen weights in bf16 and autocast to it, where the processor is
faster in it; fused AdamW; validation in larger batches.

    head_tuning.py tutorial|tuned MODEL TRAIN.csv VALIDATION.csv --train last-block|all|lora --pad N --batch N --steps N|--until ACCURACY

prints one line of JSON: seconds of an epoch (the mean of the timed steps for each of its steps, and validation), or seconds and epochs
until the validation accuracy is reached; peak resident memory.
"""

import argparse
import contextlib
import json
import statistics
import time

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from measure import FAST, batches, peak_mib, rows_of, timed


def trained_parts(model, train):
    """Leaves gradients to the last block, what follows it, and the head."""
    if train == "lora":
        from peft import LoraConfig, TaskType, get_peft_model

        return get_peft_model(model, LoraConfig(task_type=TaskType.SEQ_CLS, r=8, lora_alpha=16))
    if train == "last-block":
        model.requires_grad_(False)
        base = model.base_model
        last = base.h[-1] if hasattr(base, "h") else (base.layers if hasattr(base, "layers") else base.encoder.layer)[-1]
        after = [getattr(base, name, None) for name in ("ln_f", "norm", "pooler")]
        head = getattr(model, "score", None) or model.classifier
        for part in [last, head, *after]:
            if part is not None:
                part.requires_grad_(True)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variant", choices=["tutorial", "tuned"])
    parser.add_argument("model")
    parser.add_argument("train_file")
    parser.add_argument("validation_file")
    parser.add_argument("--train", choices=["last-block", "all", "lora"], default="all")
    parser.add_argument("--pad", type=int, default=128)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=0, help="only so many steps are timed, after two (0: an epoch)")
    parser.add_argument("--until", type=float, help="trains whole epochs until this validation accuracy, ten at the most")
    options = parser.parse_args()
    tuned = options.variant == "tuned"
    torch.manual_seed(1)
    generator = torch.Generator().manual_seed(1)

    tokenizer = AutoTokenizer.from_pretrained(options.model)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    texts, labels = rows_of(options.train_file)
    names = sorted(set(labels))
    model = AutoModelForSequenceClassification.from_pretrained(
        options.model, num_labels=len(names), pad_token_id=tokenizer.pad_token_id, dtype=torch.float32
    )
    model = trained_parts(model, options.train)
    if tuned and options.train != "all":
        for parameter in model.parameters():
            if not parameter.requires_grad:
                parameter.data = parameter.data.to(FAST)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=5e-5, weight_decay=0.01, fused=tuned)
    precision = (lambda: torch.autocast("cpu", FAST)) if tuned and FAST == torch.bfloat16 else contextlib.nullcontext

    def encoded(some):
        padding = "longest" if tuned else "max_length"
        return tokenizer(some, padding=padding, truncation=True, max_length=options.pad, return_tensors="pt")

    def step(batch):
        with precision():
            out = model(
                **encoded([texts[i] for i in batch]), labels=torch.tensor([names.index(labels[i]) for i in batch])
            )
        out.loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return out.loss.item()

    validation, answers = rows_of(options.validation_file)
    pairs = list(zip(validation, answers))
    if tuned:
        pairs.sort(key=lambda pair: len(pair[0]))
    size = 64 if tuned else options.batch

    def evaluate():
        """Seconds and accuracy."""
        model.eval()
        correct = 0
        start = time.perf_counter()
        with torch.inference_mode(), precision():
            for first in range(0, len(pairs), size):
                some = pairs[first : first + size]
                best = model(**encoded([text for text, _ in some])).logits.argmax(-1).tolist()
                correct += sum(names[i] == label for i, (_, label) in zip(best, some))
        model.train()
        return time.perf_counter() - start, correct / len(pairs)

    model.train()
    if options.until:
        start = time.perf_counter()
        for epoch in range(1, 11):
            for batch in batches(texts, options.batch, tuned, generator):
                step(batch)
            _, accuracy = evaluate()
            if accuracy >= options.until:
                break
        result = {"seconds": time.perf_counter() - start, "epochs": epoch, "accuracy": accuracy}
    else:
        order = batches(texts, options.batch, tuned, generator)
        times = timed((lambda batch=batch: step(batch) for batch in order), options.steps)
        seconds, _ = evaluate()
        result = {"epoch_seconds": statistics.mean(times) / 1000 * len(order) + seconds}
    print(json.dumps(result | {"peak_mib": peak_mib()}))


if __name__ == "__main__":
    main()
