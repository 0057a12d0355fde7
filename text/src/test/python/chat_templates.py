"""What transformers makes of conversations with a model's own chat template.

    chat_templates.py MODEL CONVERSATIONS.json OUT.json

CONVERSATIONS is a list of {"messages": …, "tools": …, "add_generation_prompt": …}; OUT has for each the text and its ids.
"""

import json
import sys
from pathlib import Path

from transformers import AutoTokenizer


def main():
    model, conversations, out = sys.argv[1:]
    tokenizer = AutoTokenizer.from_pretrained(model)
    results = []
    for conversation in json.loads(Path(conversations).read_text()):
        messages = conversation.pop("messages")
        results.append(
            {
                "text": tokenizer.apply_chat_template(messages, tokenize=False, **conversation),
                "ids": list(tokenizer.apply_chat_template(messages, return_dict=False, **conversation)),
            }
        )
    Path(out).write_text(json.dumps(results))


if __name__ == "__main__":
    main()
