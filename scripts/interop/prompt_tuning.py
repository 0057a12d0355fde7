"""The losses of prompt tuning by peft: the same first prompt, the same batches, AdamW with a linear schedule, fp32.

    prompt_tuning.py STEPS.json LOSSES.json

STEPS.json has the model's folder, the text that the prompt begins with, the learning rate, how many steps are taken from the
first prompt without a look at Attune's (`alone`; before each later one the prompt becomes Attune's), and of each step the prompt
that Attune had before it and the rows: ids, the last `scored` of which are the label. A first prompt other than peft's own is an
error. LOSSES.json has of each step the loss and the largest difference of peft's prompt before it to Attune's.
"""

import json
import sys
from pathlib import Path

import torch
from peft import PromptTuningConfig, PromptTuningInit, TaskType, get_peft_model
from transformers import AutoModelForCausalLM, get_linear_schedule_with_warmup


def padded(rows):
    width = max(len(row["ids"]) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask, labels = torch.zeros_like(ids), torch.full_like(ids, -100)
    for b, row in enumerate(rows):
        n = len(row["ids"])
        ids[b, :n] = torch.tensor(row["ids"])
        mask[b, :n] = 1
        labels[b, n - row["scored"] : n] = ids[b, n - row["scored"] : n]
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def main(steps_file, losses_file):
    steps = json.loads(Path(steps_file).read_text(encoding="utf-8"))
    prompts = [torch.tensor(step["prompt"]) for step in steps["steps"]]
    config = PromptTuningConfig(
        task_type=TaskType.CAUSAL_LM,
        prompt_tuning_init=PromptTuningInit.TEXT,
        prompt_tuning_init_text=steps["init"],
        num_virtual_tokens=len(prompts[0]),
        tokenizer_name_or_path=steps["model"],
    )
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(steps["model"], dtype=torch.float32), config)
    own = model.prompt_encoder["default"].embedding.weight
    if not torch.equal(own.detach(), prompts[0]):
        raise SystemExit(f"The first prompts differ by up to {(own - prompts[0]).abs().max().item()}")
    optimizer = torch.optim.AdamW(model.parameters(), lr=steps["rate"])
    scheduler = get_linear_schedule_with_warmup(optimizer, 0, len(prompts))
    taken = []
    for number, (step, prompt) in enumerate(zip(steps["steps"], prompts)):
        difference = (own.detach() - prompt).abs().max().item()
        if number >= steps["alone"]:
            own.data.copy_(prompt)
        loss = model(**padded(step["rows"])).loss
        taken.append({"loss": loss.item(), "difference": difference})
        loss.backward()
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
    Path(losses_file).write_text(json.dumps(taken), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
