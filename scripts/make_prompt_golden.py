#!/usr/bin/env python3
"""Makes the golden files of prompt tuning, p-tuning and prefix tuning: what peft computes with the tiny causal models that
scripts/make_golden.py has made.

    ATTUNE_MODELS/.venv/bin/python scripts/make_prompt_golden.py [FAMILY ...]

writes tune/src/test/resources/golden/<family>/{prompt,p-tuning,prefix}/ with the adapter as peft saves it
(adapter_config.json, adapter_model.safetensors) and expected.safetensors:
  ids (B, T), lengths (B), scored (B)      texts with their labels behind them; the last `scored` tokens of each are the label
  <variant>.parameter.<name>               what is trained, before any step
  <variant>.past (2 L, P, H D)             prefix only: keys and values of each block, one after the other
  <variant>.<side>.loss ()                 mean cross-entropy of the label tokens, padded on the right or on the left
  <variant>.<side>.logits (N, V)           of the rows that predict a label token, member after member
  <variant>.<side>.grad.<name>             of the parameters
  <variant>.generated (B, 6)               greedy continuation of each member alone
For the encoder-decoders it writes <method>-conditional/ with the texts and labels of their base model: <variant>.parameter.<name>,
<variant>.loss, <variant>.logits (sum of the labels' lengths, V) and <variant>.grad.<name>.
Variants: soft; mlp and lstm; plain and projected. The adapter is that of the first one.
"""

import json
import pathlib
import shutil
import sys

import peft
import torch
import transformers
from peft import PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig, TaskType, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

assert torch.__version__.split("+")[0] == "2.10.0", torch.__version__
assert transformers.__version__ == "5.23.0", transformers.__version__
assert peft.__version__ == "0.21.2", peft.__version__

GOLDEN = pathlib.Path(__file__).parent.parent / "tune/src/test/resources/golden"
CONDITIONAL = ["t5", "t5-gated"]
FAMILIES = ["bloom", "gpt2", "llama", "mistral", "qwen2"]
VIRTUAL = 3
SCORED = [2, 3, 1, 2]
NEW = 6

SHARED = dict(task_type=TaskType.CAUSAL_LM, num_virtual_tokens=VIRTUAL)
METHODS = {
    "prompt": {"soft": PromptTuningConfig(**SHARED)},
    "p-tuning": {
        "mlp": PromptEncoderConfig(encoder_hidden_size=12, **SHARED),
        "lstm": PromptEncoderConfig(
            encoder_hidden_size=6, encoder_reparameterization_type="LSTM", encoder_num_layers=2, **SHARED
        ),
    },
    "prefix": {
        "plain": PrefixTuningConfig(**SHARED),
        "projected": PrefixTuningConfig(prefix_projection=True, encoder_hidden_size=12, **SHARED),
    },
}


def padded(ids, lengths, side):
    """The batch as a peer pads it: ids, mask and labels (B, T), -100 where nothing is scored."""
    width = ids.size(1)
    batch = [torch.full_like(ids, 2), torch.zeros_like(ids), torch.full_like(ids, -100)]
    for b, (n, scored) in enumerate(zip(lengths.tolist(), SCORED)):
        start = width - n if side == "left" else 0
        batch[0][b, start : start + n] = ids[b, :n]
        batch[1][b, start : start + n] = 1
        batch[2][b, start + n - scored : start + n] = ids[b, n - scored : n]
    return batch


def variant(name, folder, config, expected, ids, lengths):
    torch.manual_seed(5)
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(folder), config).train()
    encoder = model.prompt_encoder["default"]
    with torch.no_grad():
        # Drawn with deviation 1, an embedding's 1 would drown what the model itself does.
        encoder.embedding.weight.mul_(0.4)
    expected |= {f"{name}.parameter.{n}": p.detach().clone() for n, p in encoder.named_parameters()}
    if isinstance(config, PrefixTuningConfig):
        cache = model.get_prompt(1)
        rows = [t[0].transpose(0, 1).flatten(1) for layer in cache.layers for t in (layer.keys, layer.values)]
        expected[f"{name}.past"] = torch.stack(rows)
    for side in ("right", "left"):
        model.zero_grad()
        padded_ids, mask, labels = padded(ids, lengths, side)
        out = model(input_ids=padded_ids, attention_mask=mask, labels=labels)
        out.loss.backward()
        rows = []
        virtual = out.logits.size(1) - ids.size(1)  # prefix tuning gives no logits for its virtual tokens
        for b in range(ids.size(0)):
            at = (labels[b] != -100).nonzero().flatten()
            rows.append(out.logits[b, virtual + at - 1])
        expected |= {f"{name}.{side}.loss": out.loss, f"{name}.{side}.logits": torch.cat(rows)}
        expected |= {f"{name}.{side}.grad.{n}": p.grad.clone() for n, p in encoder.named_parameters()}
    model.eval()
    generated = []
    for b, n in enumerate(lengths.tolist()):
        out = model.generate(
            input_ids=ids[b : b + 1, :n], attention_mask=torch.ones(1, n, dtype=torch.long), max_new_tokens=NEW,
            do_sample=False, eos_token_id=None, pad_token_id=2,
        )
        generated.append(out[0, n:])
    expected[f"{name}.generated"] = torch.stack(generated)
    return model


def method(family, name, variants):
    causal = GOLDEN / family / "causal"
    source = load_file(causal / "expected.safetensors")
    ids, lengths = source["ids"], source["lengths"]
    expected = {"ids": ids, "lengths": lengths, "scored": torch.tensor(SCORED)}
    folder = GOLDEN / family / name
    shutil.rmtree(folder, ignore_errors=True)
    for i, (key, config) in enumerate(variants.items()):
        # A config is filled in from the model it is first used with.
        fresh = type(config)(**config.to_dict() | {"peft_type": config.peft_type})
        model = variant(key, causal, fresh, expected, ids, lengths)
        if i == 0:
            model.save_pretrained(folder)
    finish(folder, family, expected)


def conditional(family, name, variants):
    base = GOLDEN / family / "conditional"
    source = load_file(base / "expected.safetensors")
    ids, lengths, said, counts = (source[n] for n in ("ids", "lengths", "labels", "label_lengths"))
    mask = (torch.arange(ids.size(1))[None] < lengths[:, None]).long()
    labels = said.masked_fill(torch.arange(said.size(1))[None] >= counts[:, None], -100)
    expected = {}
    folder = GOLDEN / family / f"{name}-conditional"
    shutil.rmtree(folder, ignore_errors=True)
    for i, (key, config) in enumerate(variants.items()):
        torch.manual_seed(5)
        model = AutoModelForSeq2SeqLM.from_pretrained(base)
        fields = config.to_dict() | {"peft_type": config.peft_type, "task_type": TaskType.SEQ_2_SEQ_LM}
        if isinstance(config, PrefixTuningConfig):  # of the decoder, whose heads are not as wide as C together
            fields |= {"token_dim": model.config.num_heads * model.config.d_kv, "num_layers": model.config.num_decoder_layers}
        model = get_peft_model(model, type(config)(**fields)).train()
        encoder = model.prompt_encoder["default"]
        with torch.no_grad():
            encoder.embedding.weight.mul_(0.4)
        expected |= {f"{key}.parameter.{n}": p.detach().clone() for n, p in encoder.named_parameters()}
        out = model(input_ids=ids, attention_mask=mask, labels=labels)
        out.loss.backward()
        expected |= {f"{key}.loss": out.loss, f"{key}.logits": out.logits[labels != -100]}
        expected |= {f"{key}.grad.{n}": p.grad.clone() for n, p in encoder.named_parameters()}
        if i == 0:
            model.save_pretrained(folder)
    finish(folder, family, expected)


def finish(folder, family, expected):
    (folder / "README.md").unlink()
    file = folder / "adapter_config.json"
    saved = json.loads(file.read_text())
    saved["base_model_name_or_path"] = f"tiny/{family}"
    file.write_text(json.dumps(saved, indent=2, sort_keys=True) + "\n")
    save_file({k: v.detach().clone().contiguous() for k, v in expected.items()}, folder / "expected.safetensors")


def main(*families):
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    for family in families or FAMILIES + CONDITIONAL:
        for name, variants in METHODS.items():
            if family in CONDITIONAL:
                conditional(family, name, variants)
                continue
            method(family, name, variants)
            folder = GOLDEN / family / name
            print(folder.relative_to(GOLDEN), sum(f.stat().st_size for f in folder.iterdir()) // 1024, "KiB")


if __name__ == "__main__":
    main(*sys.argv[1:])
