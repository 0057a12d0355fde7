"""What peft makes of adapters that write text, both ways.

    written.py CASES.json PROMPTS.json NEW_TOKENS OUT.json

CASES.json lists name, base, run (an adapter that Attune trained), method (prompt, p-tuning-mlp, p-tuning-lstm, prefix or lora)
and save, where an adapter of peft's own goes, of random numbers. OUT.json gets for each name, under "ours" (the run) and
"theirs", of every prompt the logits of its last token and the new tokens of greedy search.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

CONFIGS = {
    "prompt": lambda: PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=5),
    "p-tuning-mlp": lambda: PromptEncoderConfig(task_type="CAUSAL_LM", num_virtual_tokens=5, encoder_hidden_size=16),
    "p-tuning-lstm": lambda: PromptEncoderConfig(
        task_type="CAUSAL_LM", num_virtual_tokens=5, encoder_hidden_size=16, encoder_reparameterization_type="LSTM"),
    "prefix": lambda: PrefixTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=5),
    "lora": lambda: LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=16),
}


def written(model, tokenizer, prompts, new_tokens):
    model.eval()
    result = []
    for prompt in prompts:
        inputs = {"input_ids": torch.tensor([tokenizer(prompt)["input_ids"]])}
        inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
        with torch.no_grad():
            logits = model(**inputs).logits[0, -1]
            ids = model.generate(**inputs, do_sample=False, max_new_tokens=new_tokens, eos_token_id=None, pad_token_id=0)
        result.append({"logits": logits.tolist(), "ids": ids[0, inputs["input_ids"].shape[1]:].tolist()})
    return result


def main(cases_file, prompts_file, new_tokens, out):
    prompts = json.loads(Path(prompts_file).read_text(encoding="utf-8"))
    results = {}
    for case in json.loads(Path(cases_file).read_text(encoding="utf-8")):
        tokenizer = AutoTokenizer.from_pretrained(case["base"])

        def base():
            return AutoModelForCausalLM.from_pretrained(case["base"], dtype=torch.float32)

        ours = PeftModel.from_pretrained(base(), case["run"])
        result = {"ours": written(ours, tokenizer, prompts, int(new_tokens))}
        torch.manual_seed(3)
        theirs = get_peft_model(base(), CONFIGS[case["method"]]())
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
