"""What peft makes of LoRA classifiers, both ways.

    adapters.py TEXTS.json OUT NAME BASE RUN [NAME BASE RUN ...]

For each base model: loads the adapter in RUN, then makes one of its own for three labels, with updates that are not zero, and
saves it to OUT/NAME. The logits of both on all texts, and those of RUN merged into its base, go to OUT/NAME/logits.json. A
tensor of an adapter that is not loaded as it stands in the file is an error.
"""

import json
import sys
from pathlib import Path

import torch
from classifiers import LABELS, logits, tokenizer_of
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification


def base_model(base, labels, tokenizer):
    model = AutoModelForSequenceClassification.from_pretrained(
        base, num_labels=labels, dtype=torch.float32, ignore_mismatched_sizes=True)
    model.config.pad_token_id = tokenizer.pad_token_id
    return model


def ours(base, run, texts):
    """An adapter that Attune wrote, loaded as its users would."""
    file = load_file(Path(run) / "adapter_model.safetensors")
    labels = next(len(t) for name, t in file.items() if name.endswith(("score.weight", "classifier.weight")))
    tokenizer = tokenizer_of(run)
    model = PeftModel.from_pretrained(base_model(base, labels, tokenizer), run).eval()
    loaded = get_peft_model_state_dict(model)
    if loaded.keys() != file.keys() or any(not torch.equal(loaded[name], file[name]) for name in file):
        raise SystemExit(f"peft has not loaded {run} as it stands: {sorted(loaded.keys() ^ file.keys())}")
    attached = logits(model, tokenizer, texts)
    return {"logits": attached, "merged": logits(model.merge_and_unload(), tokenizer, texts)}


def theirs(base, folder, texts):
    """An adapter for Attune to read."""
    torch.manual_seed(7)
    tokenizer = tokenizer_of(base)
    model = base_model(base, len(LABELS), tokenizer)
    pooler = ["pooler"] if getattr(model.base_model, "pooler", None) is not None else None
    model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", r=4, lora_alpha=16, modules_to_save=pooler)).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=0.1)
    model.save_pretrained(folder)
    return {"logits": logits(model, tokenizer, texts)}


def main(texts_file, out, *models):
    texts = json.loads(Path(texts_file).read_text(encoding="utf-8"))
    for name, base, run in zip(models[::3], models[1::3], models[2::3]):
        folder = Path(out) / name
        result = {"ours": ours(base, run, texts), "theirs": theirs(base, folder, texts)}
        (folder / "logits.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
