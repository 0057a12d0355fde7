"""What transformers makes of a folder that contrastive tuning left: an encoder and a linear head on the mean of its tokens.

    contrastive.py TEXTS.json RUN OUT.json

The probabilities of all texts go to OUT.json. A tensor that is missing or left over is an error.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def main(texts_file, run, out):
    texts = json.loads(Path(texts_file).read_text(encoding="utf-8"))
    model, info = AutoModelForSequenceClassification.from_pretrained(run, dtype=torch.float32, output_loading_info=True)
    wrong = {kind: names for kind, names in info.items() if names}
    if wrong:
        raise SystemExit(f"{run} does not fit {type(model).__name__}: {wrong}")
    model.eval()
    encoded = AutoTokenizer.from_pretrained(run)(texts, padding=True, return_tensors="pt")
    with torch.inference_mode():
        hidden = model.base_model(**encoded).last_hidden_state
        mask = encoded["attention_mask"][:, :, None]
        embeddings = (hidden * mask).sum(1) / mask.sum(1)
        probabilities = model.classifier(embeddings).softmax(1)
    Path(out).write_text(json.dumps(probabilities.tolist()), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
