"""Multiplications and additions of the matrix products that a training needs, whatever a program adds: of the texts' own tokens,
without padding, below the read row only where another row reads it, forward where nothing is trained.
"""

import csv

from transformers import AutoConfig, AutoTokenizer

BACKWARD = {"all": 2, "lora": 1}  # of a forward pass: gradients of inputs, and of weights where they are trained


def of_epoch(model, parts, trained, epochs):
    """Of an epoch over parts/train.csv with its validation.

    trained: last-block (whose frozen blocks run once in all epochs), all, or lora
    """
    config = AutoConfig.from_pretrained(model)
    tokenizer = AutoTokenizer.from_pretrained(model)
    train, validation = lengths(parts / "train.csv", tokenizer), lengths(parts / "validation.csv", tokenizer)
    if trained == "last-block":
        once = below(config, train) + below(config, validation)
        return once / epochs + 3 * top(config, train) + top(config, validation)
    forward = below(config, train) + top(config, train)
    return (1 + BACKWARD[trained]) * forward + below(config, validation) + top(config, validation)


def lengths(file, tokenizer):
    with file.open(encoding="utf-8", newline="") as lines:
        texts = [row["text"] for row in csv.DictReader(lines)]
    return [len(ids) for ids in tokenizer(texts, truncation=True, max_length=512)["input_ids"]]


def below(config, tokens):
    """All blocks but the last."""
    attention = sum(4 * n * n * config.hidden_size for n in tokens)
    return (config.num_hidden_layers - 1) * (2 * sum(tokens) * block(config) + attention)


def top(config, tokens):
    """The last block for the one row that is read of each text, whose keys and values need not be made."""
    return sum(2 * block(config) + 4 * n * config.hidden_size for n in tokens)


def block(config):
    """Weights of a block."""
    width = config.hidden_size
    heads = config.num_attention_heads
    keys = width * getattr(config, "num_key_value_heads", heads) // heads
    inner = getattr(config, "intermediate_size", None) or getattr(config, "n_inner", None) or 4 * width
    gated = config.model_type in ("llama", "mistral", "qwen2")
    return width * (2 * width + 2 * keys) + (3 if gated else 2) * width * inner
