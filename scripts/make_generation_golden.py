#!/usr/bin/env python3
"""Makes what the tests of generation compare with: how transformers goes on with the tiny causal models of make_golden.py,
what it answers with the encoder-decoders, and what its logits processors make of scores.

    ATTUNE_MODELS/.venv/bin/python scripts/make_generation_golden.py

writes tune/src/test/resources/golden/generation.json:
  families.<name>.greedy, .penalty     for each prompt of token ids, the new ids of greedy search, without and with a
                                       repetition penalty of 1.7; token 1 ends a text
  processors[]                         options, a prompt's ids, the raw scores and the processed ones (null: may not be chosen)
"""

import json
import pathlib

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

assert torch.__version__.split("+")[0] == "2.10.0", torch.__version__
assert transformers.__version__ == "5.23.0", transformers.__version__

GOLDEN = pathlib.Path(__file__).parent.parent / "tune/src/test/resources/golden"
VOCAB = 64
LENGTHS = [7, 1, 12, 4, 9]
NEW_TOKENS = 20
OPTIONS = [
    dict(temperature=0.7),
    dict(top_k=5),
    dict(top_p=0.6),
    dict(top_p=0.01),
    dict(repetition_penalty=1.7),
    dict(repetition_penalty=0.6, temperature=1.9),
    dict(temperature=0.4, top_k=20, top_p=0.9, repetition_penalty=1.2),
    dict(temperature=3.0, top_k=100, top_p=0.3),
]


def prompts():
    generator = torch.Generator().manual_seed(11)
    return [torch.randint(2, VOCAB, (n,), generator=generator).tolist() for n in LENGTHS]


def greedy(model, prompt, **options):
    ids = torch.tensor([prompt])
    # Its cache has as many blocks as the encoder, and ours have more of them in the decoder: without it.
    encodes = model.config.is_encoder_decoder
    out = model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=NEW_TOKENS,
        use_cache=not encodes, **options)
    start = 1 if encodes else len(prompt)
    return out[0, start:].tolist()


def processed(model, prompt, options):
    """The scores of the first new token, as generate() has them before and after its own list of processors."""
    ids = torch.tensor([prompt])
    out = model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=True, max_new_tokens=1,
        **dict(top_k=0) | options, return_dict_in_generate=True, output_scores=True, output_logits=True)
    scores = [None if s == float("-inf") else s for s in out.scores[0][0].tolist()]
    return {"options": options, "prompt": prompt, "logits": out.logits[0][0].tolist(), "scores": scores}


def main():
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    families = {}
    for folder in sorted(GOLDEN.glob("*/causal")) + sorted(GOLDEN.glob("*/conditional")):
        kind = AutoModelForCausalLM if folder.name == "causal" else AutoModelForSeq2SeqLM
        model = kind.from_pretrained(folder, dtype=torch.float32).eval()
        families[folder.parent.name] = {
            "greedy": [greedy(model, p) for p in prompts()],
            "penalty": [greedy(model, p, repetition_penalty=1.7) for p in prompts()],
        }
    model = AutoModelForCausalLM.from_pretrained(GOLDEN / "gpt2/causal", dtype=torch.float32).eval()
    golden = {
        "prompts": prompts(),
        "families": families,
        "processors": [processed(model, p, o) for p, o in zip(prompts() + prompts(), OPTIONS)],
    }
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()]
    (GOLDEN / "generation.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    for name, texts in families.items():
        print(name, [len(t) for t in texts["greedy"]], [len(t) for t in texts["penalty"]])


if __name__ == "__main__":
    main()
