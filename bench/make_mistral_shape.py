#!/usr/bin/env python3
"""Writes a Hugging Face folder with the shape of Mistral-7B-v0.1 and random bf16 weights, in shards of at most 5 GB: for
measuring memory and time, not for its answers. About 14.5 GB. Needs numpy alone.

    bench/make_mistral_shape.py FOLDER [--tokenizer FOLDER] [--layers 32]

The tokenizer may be any with at most 32,000 ids; by default it is the small one of the tests.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
CONFIG = {
    "architectures": ["MistralForCausalLM"],
    "bos_token_id": 1,
    "eos_token_id": 2,
    "hidden_act": "silu",
    "hidden_size": 4096,
    "initializer_range": 0.02,
    "intermediate_size": 14336,
    "max_position_embeddings": 32768,
    "model_type": "mistral",
    "num_attention_heads": 32,
    "num_hidden_layers": 32,
    "num_key_value_heads": 8,
    "rms_norm_eps": 1e-05,
    "rope_theta": 10000.0,
    "sliding_window": 4096,
    "tie_word_embeddings": False,
    "dtype": "bfloat16",
    "vocab_size": 32000,
}
SHARD_BYTES = 5_000_000_000


def shapes(layers):
    c, inner = CONFIG["hidden_size"], CONFIG["intermediate_size"]
    kv = c // CONFIG["num_attention_heads"] * CONFIG["num_key_value_heads"]
    yield "model.embed_tokens.weight", (CONFIG["vocab_size"], c)
    for i in range(layers):
        at = f"model.layers.{i}."
        yield at + "self_attn.q_proj.weight", (c, c)
        yield at + "self_attn.k_proj.weight", (kv, c)
        yield at + "self_attn.v_proj.weight", (kv, c)
        yield at + "self_attn.o_proj.weight", (c, c)
        yield at + "mlp.gate_proj.weight", (inner, c)
        yield at + "mlp.up_proj.weight", (inner, c)
        yield at + "mlp.down_proj.weight", (c, inner)
        yield at + "input_layernorm.weight", (c,)
        yield at + "post_attention_layernorm.weight", (c,)
    yield "model.norm.weight", (c,)
    yield "lm_head.weight", (CONFIG["vocab_size"], c)


def bf16(values):
    return (values.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)


class Weights:
    """Normal numbers out of one block, each tensor from a place of its own: drawing 7 billion would take minutes."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.block = bf16(self.random.normal(0, CONFIG["initializer_range"], 1 << 25))

    def bytes(self, shape):
        count = int(np.prod(shape))
        if len(shape) == 1:  # a norm's
            return [bf16(np.ones(count)).tobytes()]
        start = int(self.random.integers(len(self.block)))
        pieces = []
        while count > 0:
            piece = self.block[start : start + count]
            pieces.append(piece.tobytes())
            count -= len(piece)
            start = 0
        return pieces


def shards(tensors):
    shard, size = [], 0
    for name, shape in tensors:
        bytes_ = 2 * int(np.prod(shape))
        if shard and size + bytes_ > SHARD_BYTES:
            yield shard
            shard, size = [], 0
        shard.append((name, shape))
        size += bytes_
    yield shard


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--tokenizer", type=Path, default=PROJECT / "text/src/test/resources/tokenizer/tiny-llama"
    )
    parser.add_argument("--layers", type=int, default=CONFIG["num_hidden_layers"])
    options = parser.parse_args()

    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    weights = Weights(seed=7)
    parts = list(shards(shapes(options.layers)))
    weight_map = {}
    for i, part in enumerate(parts):
        name = f"model-{i + 1:05d}-of-{len(parts):05d}.safetensors"
        header, offset = {"__metadata__": {"format": "pt"}}, 0
        for tensor, shape in part:
            end = offset + 2 * int(np.prod(shape))
            header[tensor] = {"dtype": "BF16", "shape": shape, "data_offsets": [offset, end]}
            offset = end
            weight_map[tensor] = name
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(folder / (name + ".tmp"), "wb") as file:
            file.write(len(text).to_bytes(8, "little") + text)
            for _, shape in part:
                for piece in weights.bytes(shape):
                    file.write(piece)
        (folder / (name + ".tmp")).rename(folder / name)
        print(f"{folder / name}: {offset / 1e9:.1f} GB", flush=True)
    total = sum(2 * int(np.prod(shape)) for _, shape in shapes(options.layers))
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")
    for file in options.tokenizer.glob("*.json"):
        if file.name != "config.json":
            shutil.copyfile(file, folder / file.name)
    config = CONFIG | {"num_hidden_layers": options.layers}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
