#!/usr/bin/env python3
"""Makes the golden models that the tests of the families compare with: tiny random models, saved as Hugging Face
folders, and what transformers computes with them.

    ATTUNE_MODELS/.venv/bin/python scripts/make_golden.py [FAMILY ...]

writes tune/src/test/resources/golden/<family>/<class>/{config.json, model.safetensors, expected.safetensors}. The folder
names are fixed; the numbers depend on the versions of torch and transformers, which are checked below.

expected.safetensors of a classifier holds, for a batch of unequal lengths:
  ids (B, T), lengths (B), labels (B)       what goes in; ids behind a length are random, never the pad id
  hidden.<i> (B, T, C)                      the embeddings (i = 0) and what each block gives
  logits (B, labels), loss ()
  grad.<parameter>                          after one backward pass of the mean cross-entropy
  after.<parameter>                         after ten AdamW steps (lr 1e-3, weight decay 0.01, epsilon 1e-4) on the same batch
of an encoder-decoder model:
  ids, lengths, labels (B, L), label_lengths (B)
  memory (B, T, C)                          what the encoder gives
  hidden.<i>, logits (B, L, V), loss (), grad.<parameter> and after.<parameter> of predicting each real label token
of a causal model:
  ids, lengths, hidden.<i>, logits (B, T, V), loss (), grad.<parameter> and after.<parameter> of predicting each next real
  token
"""

import copy
import pathlib
import shutil
import sys

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, T5ForConditionalGeneration

assert torch.__version__.split("+")[0] == "2.10.0", torch.__version__
assert transformers.__version__ == "5.23.0", transformers.__version__

GOLDEN = pathlib.Path(__file__).parent.parent / "tune/src/test/resources/golden"
VOCAB = 64
PAD = 63
LENGTHS = [7, 11, 4, 9]
LABELS = [2, 0, 1, 2]
STEPS = 10
# Far above AdamW's default: where an exact gradient is zero (the key biases of GPT-2 and BERT shift all scores of a query
# alike), the default scales the rounding noise of the computed one up to whole steps.
EPSILON = 1e-4

SHARED = dict(vocab_size=VOCAB, pad_token_id=PAD, bos_token_id=0, eos_token_id=1, num_labels=3, initializer_range=0.15)
LLAMA = dict(
    hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    max_position_embeddings=64, attention_dropout=0.0, **SHARED,
)
CONFIGS = {
    "gpt2": transformers.GPT2Config(
        n_embd=32, n_layer=2, n_head=4, n_positions=32, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, **SHARED
    ),
    "bert": transformers.BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, max_position_embeddings=32,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, **SHARED
    ),
    "llama": transformers.LlamaConfig(
        rope_parameters={
            "rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 32,
        },
        tie_word_embeddings=True, attention_bias=True, mlp_bias=True, **LLAMA,
    ),
    # Each head's queries, keys and values side by side; biases instead of positions.
    "bloom": transformers.BloomConfig(hidden_size=32, n_layer=2, n_head=4, **SHARED),
    # A window smaller than the batch is wide, untied embeddings, heads wider than C / H.
    "mistral": transformers.MistralConfig(sliding_window=5, head_dim=16, tie_word_embeddings=False, **LLAMA),
    # The second block alone has a window.
    "qwen2": transformers.Qwen2Config(
        use_sliding_window=True, sliding_window=5, max_window_layers=1, tie_word_embeddings=True, **LLAMA
    ),
}
T5 = dict(
    vocab_size=VOCAB, d_model=16, d_kv=12, d_ff=20, num_layers=2, num_decoder_layers=3, num_heads=2, dropout_rate=0.0,
    relative_attention_num_buckets=8, relative_attention_max_distance=9, pad_token_id=0, decoder_start_token_id=0,
)
CONDITIONAL = {
    "t5": transformers.T5Config(feed_forward_proj="relu", **T5),
    # Version 1.1 and Flan: a gated feed-forward part, an output projection of its own.
    "t5-gated": transformers.T5Config(feed_forward_proj="gated-gelu", tie_word_embeddings=False, **T5),
}
LABEL_LENGTHS = [3, 1, 4, 2]

# What the language model of a family has different from the classifier, so that both ways are seen.
CAUSAL = {"bloom": {"apply_residual_connection_post_layernorm": True}}


def batch():
    generator = torch.Generator().manual_seed(7)
    ids = torch.randint(2, PAD, (len(LENGTHS), max(LENGTHS)), generator=generator)
    lengths = torch.tensor(LENGTHS)
    mask = (torch.arange(ids.size(1))[None] < lengths[:, None]).long()
    # transformers finds the last token by looking for the pad id.
    return ids, ids.masked_fill(mask == 0, PAD), mask, lengths


def randomise(model):
    """Norms and biases start at one and zero: with those, a mix-up would go unseen."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1:
                parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.2)


def save(model, expected, folder):
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    save_file({k: v.detach().clone().contiguous() for k, v in expected.items()}, folder / "expected.safetensors")


def blocks_of(model):
    base = model.base_model
    if hasattr(model, "decoder"):
        return model.decoder.block
    return base.h if hasattr(base, "h") else base.encoder.layer if hasattr(base, "encoder") else base.layers


def run(model, **inputs):
    """The model's output and what each block gave."""
    states = []
    hooks = [blocks_of(model)[0].register_forward_pre_hook(lambda m, args: states.append(args[0]))]
    for block in blocks_of(model):
        hooks.append(block.register_forward_hook(
            lambda m, args, out: states.append(out[0] if isinstance(out, tuple) else out)))
    out = model(**inputs)
    for hook in hooks:
        hook.remove()
    return out, {f"hidden.{i}": h for i, h in enumerate(states)}


def grads(model):
    return {f"grad.{n}": p.grad for n, p in model.named_parameters() if p.grad is not None}


def trained(model, **inputs):
    """What the model gives, its gradients, and its parameters after ten steps; the model itself stays as it is."""
    before = {n: p.detach().clone() for n, p in model.state_dict().items()}
    out, states = run(model, **inputs)
    out.loss.backward()
    expected = states | {"logits": out.logits, "loss": out.loss} | {n: g.clone() for n, g in grads(model).items()}
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, eps=EPSILON)
    for _ in range(STEPS):
        optimizer.zero_grad()
        model(**inputs).loss.backward()
        optimizer.step()
    expected |= {f"after.{n}": p.detach().clone() for n, p in model.named_parameters()}
    model.load_state_dict(before)
    return expected


def classifier(name, config):
    torch.manual_seed(3)
    model = AutoModelForSequenceClassification.from_config(config).train()
    randomise(model)
    ids, padded, mask, lengths = batch()
    labels = torch.tensor(LABELS)
    expected = {"ids": ids, "lengths": lengths, "labels": labels}
    expected |= trained(model, input_ids=padded, attention_mask=mask, labels=labels)
    save(model, expected, GOLDEN / name / "classifier")


def causal(name, config):
    torch.manual_seed(4)
    model = AutoModelForCausalLM.from_config(config).train()
    randomise(model)
    ids, padded, mask, lengths = batch()
    expected = {"ids": ids, "lengths": lengths}
    expected |= trained(
        model, input_ids=padded, attention_mask=mask, labels=padded.masked_fill(mask == 0, -100))
    save(model, expected, GOLDEN / name / "causal")


def conditional(name, config):
    torch.manual_seed(5)
    model = T5ForConditionalGeneration(config).train()
    if not config.scale_decoder_outputs:
        model.lm_head.weight = torch.nn.Parameter(torch.randn(VOCAB, config.d_model) * 0.2)
        model.all_tied_weights_keys.pop("lm_head.weight")
    randomise(model)
    ids, padded, mask, lengths = batch()
    words = torch.randint(2, PAD, (len(LABEL_LENGTHS), max(LABEL_LENGTHS)), generator=torch.Generator().manual_seed(8))
    counts = torch.tensor(LABEL_LENGTHS)
    labels = words.masked_fill(torch.arange(words.size(1))[None] >= counts[:, None], -100)
    inputs = dict(input_ids=padded, attention_mask=mask, labels=labels)
    expected = {"ids": ids, "lengths": lengths, "labels": words, "label_lengths": counts}
    expected |= {"memory": model(**inputs).encoder_last_hidden_state} | trained(model, **inputs)
    save(model, expected, GOLDEN / name / "conditional")


def main():
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    for name in sys.argv[1:] or CONFIGS | CONDITIONAL:
        if name in CONDITIONAL:
            conditional(name, CONDITIONAL[name])
            continue
        classifier(name, CONFIGS[name])
        if name != "bert":
            changed = copy.deepcopy(CONFIGS[name])
            for field, value in CAUSAL.get(name, {}).items():
                setattr(changed, field, value)
            causal(name, changed)
    for folder in sorted(GOLDEN.glob("*/*")):
        print(folder.relative_to(GOLDEN), sum(f.stat().st_size for f in folder.iterdir()) // 1024, "KiB")


if __name__ == "__main__":
    main()
