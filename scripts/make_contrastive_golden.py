#!/usr/bin/env python3
"""Makes the golden run of contrastive tuning (SetFit, Tunstall et al. 2022, "Efficient Few-Shot Learning Without Prompts"): what
the reference method computes with the tiny BERT of make_golden.py.

    ATTUNE_MODELS/.venv/bin/python scripts/make_contrastive_golden.py

writes tune/src/test/resources/golden/bert/contrastive/expected.safetensors. SetFit itself is not needed: its loop is written out
below as setfit 1.1 and sentence-transformers 5.1 define it, every pair encoded for itself. The file holds:
  ids (N, T), lengths (N), labels (N)                  the texts; ids behind a length are random, never the pad id
  pairs (P, 2), targets (P)                            an epoch's pairs as SetFit's "oversampling" draws them; 1 for one label
  loss (), cosines (8), grad.<parameter>               of the first eight pairs
  batches (10, 8), losses (10), after.<parameter>      ten AdamW steps on eight pairs each
  embeddings (N, C)                                    of the tuned encoder
  coef, intercept, probabilities                       scikit-learn's logistic regression on them: three labels
  binary.coef, binary.intercept, binary.probabilities  and label 2 against the others
  noisy.x, noisy.y, noisy.coef, noisy.intercept        and on points that no plane divides
"""

import pathlib

import numpy as np
import sklearn
import torch
import torch.nn.functional as F
import transformers
from safetensors.torch import save_file
from sklearn.linear_model import LogisticRegression
from transformers import AutoModel

assert torch.__version__.split("+")[0] == "2.10.0", torch.__version__
assert transformers.__version__ == "5.23.0", transformers.__version__
assert sklearn.__version__ == "1.9.1", sklearn.__version__

BERT = pathlib.Path(__file__).parent.parent / "tune/src/test/resources/golden/bert"
VOCAB = 63
PAD = 63
LENGTHS = [7, 11, 4, 9, 5, 12, 8, 3, 10, 6]
LABELS = [0, 1, 2, 0, 1, 2, 0, 0, 1, 2]
BATCH = 8
STEPS = 10
EPSILON = 1e-4  # of AdamW; make_golden.py says why


def texts():
    generator = torch.Generator().manual_seed(11)
    return torch.randint(2, VOCAB, (len(LENGTHS), max(LENGTHS)), generator=generator), torch.tensor(LENGTHS)


def oversampled_pairs(labels):
    """All pairs of texts, each with itself too, shuffled; as many of the same label as of two labels, one after the other. The
    kind there is less of starts again."""
    pairs = np.stack(np.triu_indices(len(labels)), axis=-1)
    pairs = pairs[np.random.RandomState(seed=42).permutation(len(pairs))]
    same = [p for p in pairs if labels[p[0]] == labels[p[1]]]
    other = [p for p in pairs if labels[p[0]] != labels[p[1]]]
    count = max(len(same), len(other))
    rows = [kind[i % len(kind)] for i in range(count) for kind in (same, other)]
    return torch.tensor(np.array(rows)), torch.tensor([1.0, 0.0] * count)


def embed(model, ids, lengths):
    """Mean over the tokens of the last hidden state."""
    width = int(lengths.max())
    mask = (torch.arange(width)[None] < lengths[:, None]).long()
    padded = ids[:, :width].masked_fill(mask == 0, PAD)
    hidden = model(input_ids=padded, attention_mask=mask).last_hidden_state
    return (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)


def main():
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    model = AutoModel.from_pretrained(BERT / "classifier", add_pooling_layer=False, attn_implementation="sdpa").train()
    ids, lengths = texts()
    pairs, targets = oversampled_pairs(LABELS)
    expected = {"ids": ids, "lengths": lengths, "labels": torch.tensor(LABELS), "pairs": pairs, "targets": targets}

    def similarity(batch):
        left, right = pairs[batch].unbind(1)
        return F.cosine_similarity(embed(model, ids[left], lengths[left]), embed(model, ids[right], lengths[right]))

    def loss(batch):
        return F.mse_loss(similarity(batch), targets[batch])

    first = torch.arange(BATCH)
    value = loss(first)
    value.backward()
    expected |= {"loss": value, "cosines": similarity(first)}
    expected |= {f"grad.bert.{n}": p.grad for n, p in model.named_parameters()}

    batches = torch.randperm(len(pairs), generator=torch.Generator().manual_seed(5)).repeat(2)[: STEPS * BATCH]
    batches = batches.view(STEPS, BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, eps=EPSILON)
    losses = []
    for batch in batches:
        optimizer.zero_grad()
        value = loss(batch)
        value.backward()
        optimizer.step()
        losses.append(value.detach())
    expected |= {"batches": batches, "losses": torch.stack(losses)}
    expected |= {f"after.bert.{n}": p for n, p in model.named_parameters()}

    model.eval()
    with torch.no_grad():
        embeddings = embed(model, ids, lengths)
    expected["embeddings"] = embeddings
    x, y = embeddings.double().numpy(), np.array(LABELS)
    expected |= regression(x, y)
    expected |= {f"binary.{k}": v for k, v in regression(x, (y == 2).astype(int)).items()}
    random = np.random.default_rng(3)
    x, y = random.normal(size=(90, 12)) * 2, random.choice(4, 90)
    noisy = regression(x, y)
    expected |= {"noisy.x": torch.tensor(x), "noisy.y": torch.tensor(y)}
    expected |= {"noisy.coef": noisy["coef"], "noisy.intercept": noisy["intercept"]}

    folder = BERT / "contrastive"
    folder.mkdir(exist_ok=True)
    save_file({k: v.detach().clone().contiguous() for k, v in expected.items()}, folder / "expected.safetensors")


def regression(x, y):
    """SetFit's head, solved until it moves no more: scikit-learn would stop at a gradient of 1e-4 by default."""
    head = LogisticRegression(tol=1e-12, max_iter=100_000).fit(x, y)
    return {"coef": torch.tensor(head.coef_), "intercept": torch.tensor(head.intercept_),
            "probabilities": torch.tensor(head.predict_proba(x))}


if __name__ == "__main__":
    main()
