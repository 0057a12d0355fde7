"""What transformers makes of classifier folders, both ways.

    classifiers.py TEXTS.json OUT NAME BASE RUN [NAME BASE RUN ...]

For each family: loads the classifier in RUN, then makes one of its own from the pretrained model in BASE with a new head of
three labels and saves it to OUT/NAME. The logits of both on all texts go to OUT/NAME/logits.json. A head that is missing, a
tensor left over or a text cut differently is an error.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

BATCH = 10
LABELS = ["praise", "complaint", "question"]


def logits(model, tokenizer, texts):
    """One row of logits a text. Texts of one batch have unequal lengths and are padded."""
    result = [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            encoded = tokenizer([texts[i] for i in batch], padding=True, truncation=True, return_tensors="pt")
            for i, row in zip(batch, model(**encoded).logits.tolist()):
                result[i] = row
    return result


def tokenizer_of(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if tokenizer.pad_token is None:  # GPT-2 has none; users of transformers do the same
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def ours(run, texts):
    """A folder that Attune wrote, loaded as its users would."""
    model, info = AutoModelForSequenceClassification.from_pretrained(run, dtype=torch.float32, output_loading_info=True)
    wrong = {kind: names for kind, names in info.items() if names}
    if wrong:
        raise SystemExit(f"{run} does not fit {type(model).__name__}: {wrong}")
    config = model.config
    if type(model).__name__ != config.architectures[0]:
        raise SystemExit(f"{run} names {config.architectures}, transformers took {type(model).__name__}")
    labels = [config.id2label[i] for i in range(config.num_labels)]
    return {"labels": labels, "logits": logits(model.eval(), tokenizer_of(run), texts)}


def theirs(base, folder, texts):
    """A folder for Attune to read: a pretrained model with a new head."""
    torch.manual_seed(7)
    model = AutoModelForSequenceClassification.from_pretrained(
        base,
        dtype=torch.float32,
        id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
    ).eval()
    tokenizer = tokenizer_of(base)
    model.config.pad_token_id = tokenizer.pad_token_id
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return {"labels": LABELS, "logits": logits(model, tokenizer, texts)}


def main(texts_file, out, *families):
    texts = json.loads(Path(texts_file).read_text(encoding="utf-8"))
    for name, base, run in zip(families[::3], families[1::3], families[2::3]):
        folder = Path(out) / name
        result = {"ours": ours(run, texts), "theirs": theirs(base, folder, texts)}
        (folder / "logits.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
