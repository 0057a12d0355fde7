"""What transformers adds to prompts by greedy search, in fp32: the other side of TransformersGenerationTest.

    generation.py MODEL PROMPTS.json NEW_TOKENS OUT.json

PROMPTS.json is a list of texts; OUT.json gets, for each, the prompt's ids, the new ids and the new text.
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def main(folder, prompts, new_tokens, out):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    results = []
    for prompt in json.load(open(prompts, encoding="utf-8")):
        # One at a time: padding on the left would be another computation.
        inputs = tokenizer(prompt, return_tensors="pt")
        before = inputs["input_ids"].shape[1]
        ids = model.generate(**inputs, do_sample=False, max_new_tokens=int(new_tokens))[0].tolist()
        results.append({
            "prompt": ids[:before],
            "ids": ids[before:],
            "text": tokenizer.decode(ids[before:], skip_special_tokens=True),
        })
    json.dump(results, open(out, "w", encoding="utf-8"))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(*sys.argv[1:])
