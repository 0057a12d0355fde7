"""The vectors that transformers' hidden states give, pooled as sentence-transformers does.

    embeddings.py TEXTS.json MODEL OUT.json POOLING MAX_LENGTH

POOLING is mean, cls or last. The vectors, brought to length 1, go to OUT.json.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModel, AutoTokenizer


def main(texts_file, folder, out, pooling, max_length):
    texts = json.loads(Path(texts_file).read_text(encoding="utf-8"))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "right"
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    vectors = []
    with torch.inference_mode():
        for start in range(0, len(texts), 32):
            batch = texts[start : start + 32]
            encoded = tokenizer(batch, padding=True, truncation=True, max_length=int(max_length), return_tensors="pt")
            hidden = model(**encoded).last_hidden_state
            mask = encoded["attention_mask"][:, :, None]
            if pooling == "mean":
                rows = (hidden * mask).sum(1) / mask.sum(1)
            elif pooling == "cls":
                rows = hidden[:, 0]
            else:
                rows = hidden[torch.arange(len(batch)), mask[:, :, 0].sum(1) - 1]
            vectors += torch.nn.functional.normalize(rows, dim=1).tolist()
    Path(out).write_text(json.dumps(vectors), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
