#!/usr/bin/env python3
"""Makes LoRA adapters of the golden models with peft, and what peft computes with them.

    ATTUNE_MODELS/.venv/bin/python scripts/make_lora_golden.py [FAMILY ...]

writes tune/src/test/resources/golden/<family>/lora-<class>/{adapter_config.json, adapter_model.safetensors,
expected.safetensors} for each base model that scripts/make_golden.py has made. The numbers depend on the versions of torch,
transformers and peft. Each family's adapter uses other options, so that all are seen; the two classes share them.

expected.safetensors holds, for the base model's own batch:
  logits, loss                              as for the base model
  grad.<tensor of the adapter>              after one backward pass
  after.<tensor of the adapter>             after ten AdamW steps as the base model's
"""

import sys

import peft
import torch
from make_golden import EPSILON, GOLDEN, LABELS, STEPS, batch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoModelForSequenceClassification

assert peft.__version__ == "0.21.2", peft.__version__

RANK = 4
OPTIONS = {
    "gpt2": dict(use_rslora=True),
    "bert": dict(layers_to_transform=[1], layers_pattern=["layer"], modules_to_save=["pooler"]),
    "bloom": dict(target_modules="all-linear", exclude_modules=["dense_h_to_4h"]),
    "llama": dict(
        # Two patterns match one layer: the first counts. In alphabetical order, since peft saves them in that.
        target_modules=["q_proj", "v_proj", "down_proj"], rank_pattern={"down_proj": 3, "layers.0.*": 2},
        alpha_pattern={"v_proj": 5},
    ),
    "mistral": dict(target_modules=r".*\.(k_proj|o_proj|gate_proj)"),
}


def adapter_tensors(model, tensor_of):
    """What peft would save, with something else of each parameter."""
    state = {name: tensor_of(p) for name, p in model.named_parameters() if p.requires_grad}
    return peft.get_peft_model_state_dict(model, state_dict=state)


def make(name, kind, auto_class, task, inputs):
    base = GOLDEN / name / kind
    torch.manual_seed(5)
    model = auto_class.from_pretrained(base)
    model = peft.get_peft_model(model, peft.LoraConfig(task_type=task, r=RANK, lora_alpha=6, **OPTIONS.get(name, {})))
    generator = torch.Generator().manual_seed(6)
    with torch.no_grad():  # B starts at zero: with that, most would go unseen
        for parameter_name, p in model.named_parameters():
            if "lora_B" in parameter_name:
                p.copy_(torch.randn(p.shape, generator=generator) * 0.2)
    model.peft_config["default"].base_model_name_or_path = f"golden/{name}/{kind}"
    folder = GOLDEN / name / f"lora-{kind}"
    model.save_pretrained(folder)
    (folder / "README.md").unlink()

    model.train()
    out = model(**inputs)
    out.loss.backward()
    expected = {"logits": out.logits, "loss": out.loss}
    expected |= {f"grad.{n}": g.clone() for n, g in adapter_tensors(model, lambda p: p.grad).items()}
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-3, weight_decay=0.01, eps=EPSILON)
    for _ in range(STEPS):
        optimizer.zero_grad()
        model(**inputs).loss.backward()
        optimizer.step()
    expected |= {f"after.{n}": p for n, p in adapter_tensors(model, lambda p: p.detach()).items()}
    save_file({k: v.detach().clone().contiguous() for k, v in expected.items()}, folder / "expected.safetensors")
    print(folder.relative_to(GOLDEN), sum(f.stat().st_size for f in folder.iterdir()) // 1024, "KiB")


def main():
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    ids, padded, mask, lengths = batch()
    inputs = dict(input_ids=padded, attention_mask=mask)
    for folder in sorted(GOLDEN.iterdir()):
        if sys.argv[1:] and folder.name not in sys.argv[1:]:
            continue
        if (folder / "classifier").exists():
            make(folder.name, "classifier", AutoModelForSequenceClassification, "SEQ_CLS",
                 inputs | dict(labels=torch.tensor(LABELS)))
        if (folder / "causal").exists():
            make(folder.name, "causal", AutoModelForCausalLM, "CAUSAL_LM",
                 inputs | dict(labels=padded.masked_fill(mask == 0, -100)))
        if (folder / "conditional").exists():
            expected = load_file(folder / "conditional" / "expected.safetensors")
            said, counts = expected["labels"], expected["label_lengths"]
            beyond = torch.arange(said.size(1))[None] >= counts[:, None]
            make(folder.name, "conditional", AutoModelForSeq2SeqLM, "SEQ_2_SEQ_LM",
                 inputs | dict(labels=said.masked_fill(beyond, -100)))


if __name__ == "__main__":
    main()
