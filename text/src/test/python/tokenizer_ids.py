"""What transformers makes of texts: tokenizer_ids.py FOLDER TEXTS.json OUT.json MAX_LENGTH"""

import json
import sys

from transformers import AutoTokenizer

folder, texts_file, out_file, max_length = sys.argv[1:]
with open(texts_file, encoding="utf-8") as file:
    texts = json.load(file)
tokenizer = AutoTokenizer.from_pretrained(folder)
full = tokenizer(texts)["input_ids"]
result = {
    "vocab_size": len(tokenizer),
    "ids": full,
    "truncated": tokenizer(texts, truncation=True, max_length=int(max_length))["input_ids"],
    "plain": tokenizer(texts, add_special_tokens=False)["input_ids"],
    "decoded": [tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False) for ids in full],
    "special": {role: [token, tokenizer.convert_tokens_to_ids(token)]
                for role, token in tokenizer.special_tokens_map.items() if isinstance(token, str)},
}
with open(out_file, "w", encoding="utf-8") as file:
    json.dump(result, file)
