"""What peft makes of adapters that write text, both ways.

    written.py CASES.json PROMPTS.json NEW_TOKENS OUT.json

CASES.json lists name, base, run (an adapter that Attune trained), method (prompt, p-tuning-mlp, p-tuning-lstm, prefix or lora),
save, where an adapter of peft's own goes, of random numbers, and the run's texts and labels as ids. OUT.json gets for each name,
under "ours" (the run) and "theirs", of every prompt the logits of the first new token and the new tokens of greedy search, and
under "scores" the log-likelihood of each label after each text.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig, get_peft_model
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedTokenizerFast

CONFIGS = {
    "prompt": lambda task: PromptTuningConfig(task_type=task, num_virtual_tokens=5),
    "p-tuning-mlp": lambda task: PromptEncoderConfig(task_type=task, num_virtual_tokens=5, encoder_hidden_size=16),
    "p-tuning-lstm": lambda task: PromptEncoderConfig(
        task_type=task, num_virtual_tokens=5, encoder_hidden_size=16, encoder_reparameterization_type="LSTM"),
    "prefix": lambda task: PrefixTuningConfig(task_type=task, num_virtual_tokens=5),
    "lora": lambda task: LoraConfig(task_type=task, r=4, lora_alpha=16),
}


def config(method, model):
    made = CONFIGS[method]("SEQ_2_SEQ_LM" if model.config.is_encoder_decoder else "CAUSAL_LM")
    if method == "prefix" and model.config.is_encoder_decoder:
        # peft takes a head to be a share of the hidden size, which T5's need not be.
        made.num_attention_heads, made.token_dim = model.config.num_heads, model.config.num_heads * model.config.d_kv
    return made


def logits(model, text, said):
    """The scores of what follows a text and each token said after it."""
    if model.config.is_encoder_decoder:
        ids = torch.tensor([text])
        opening = torch.tensor([[model.config.decoder_start_token_id, *said]])
        return model(input_ids=ids, attention_mask=torch.ones_like(ids), decoder_input_ids=opening).logits[0]
    ids = torch.tensor([text + said])
    return model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits[0, -1 - len(said):]


def written(model, tokenizer, prompts, new_tokens):
    model.eval()
    result = []
    for prompt in prompts:
        ids = torch.tensor([tokenizer(prompt)["input_ids"]])
        with torch.no_grad():
            first = logits(model, ids[0].tolist(), [])[0]
            out = model.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=new_tokens,
                eos_token_id=None, pad_token_id=0)
        before = 1 if model.config.is_encoder_decoder else ids.shape[1]
        result.append({"logits": first.tolist(), "ids": out[0, before:].tolist()})
    return result


def scores(model, texts, labels):
    model.eval()
    with torch.no_grad():
        return [
            [logits(model, text, label[:-1]).log_softmax(1).gather(1, torch.tensor([label]).T).sum().item() for label in labels]
            for text in texts
        ]


def main(cases_file, prompts_file, new_tokens, out):
    prompts = json.loads(Path(prompts_file).read_text(encoding="utf-8"))
    results = {}
    for case in json.loads(Path(cases_file).read_text(encoding="utf-8")):
        tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(Path(case["base"]) / "tokenizer.json"))
        encodes = AutoConfig.from_pretrained(case["base"]).is_encoder_decoder

        def base():
            kind = AutoModelForSeq2SeqLM if encodes else AutoModelForCausalLM
            return kind.from_pretrained(case["base"], dtype=torch.float32)

        ours = PeftModel.from_pretrained(base(), case["run"])
        result = {
            "ours": written(ours, tokenizer, prompts, int(new_tokens)),
            "scores": scores(ours, case["texts"], case["labels"]),
        }
        torch.manual_seed(3)
        plain = base()
        theirs = get_peft_model(plain, config(case["method"], plain))
        with torch.no_grad():
            for name, parameter in theirs.named_parameters():
                if "lora_B" in name or "embedding.weight" in name and parameter.requires_grad:
                    parameter.normal_(std=0.5)
        theirs.save_pretrained(case["save"])
        result["theirs"] = written(theirs, tokenizer, prompts, int(new_tokens))
        results[case["name"]] = result
    Path(out).write_text(json.dumps(results), encoding="utf-8")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(*sys.argv[1:])
