"""Makes the tiny tokenizers of text/src/test/resources/tokenizer and golden.json, what transformers makes of them.

Run with the pinned environment (transformers 5.23.0, tokenizers 0.23.3):
    ~/.cache/attune/models/.venv/bin/python scripts/make_tokenizer_golden.py

  tiny-gpt2   byte-level BPE, no pad token, nothing added around the text
  tiny-bert   WordPiece, [CLS] text [SEP], with truncation to 12 and padding to 16 baked into tokenizer.json
  tiny-llama  byte-level BPE, single digits, <s> text, a pad token, a chat template, special tokens as objects
"""

import json
import shutil
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer

OUT = Path(__file__).resolve().parent.parent / "text/src/test/resources/tokenizer"

CORPUS = """\
Hello, I cannot log in to my account since this morning. It says the password is wrong, but I changed it yesterday.
Where is my parcel? The tracking page has not moved for five days and I need the order before Friday.
I was charged twice for the same invoice. Please refund the second payment to my card.
The app crashes as soon as I open the settings page, on Android as well as on the tablet.
How do I change the delivery address of an order that has not been sent yet?
Thank you, that solved it! The new version works and starts much faster than the old one.
Could you explain what the fee on my last bill is for? I do not remember agreeing to it.
Please cancel my subscription at the end of the month and confirm it by mail.
Congratulations, you have won a free prize! Call now to claim your reward before midnight.
My reset code never arrives. I have tried three times, checked the spam folder, and waited an hour.
The chair arrived with a broken leg; I would like to return it and get another one.
Is it possible to pay with a bank transfer instead of a credit card?
The update removed my saved filters. Is there a way to get them back?
I ordered a blue one and received a green one. What should I do with the wrong one?
We are moving next week, so the contract should be transferred to the new address.
Your support team was friendly and quick, five stars from me.
""".splitlines()

TEXTS = CORPUS[:6] + [
    "",
    " ",
    "\n\n\t  tabs and\r\nnewlines\n",
    "UPPER lower MiXeD 1234567890 3.14 £5,000.00!",
    "unbelievably disestablishmentarianism",
    "naïve café, Zürich, Ελληνικά, Русский, 日本語のテキスト, العربية, हिन्दी",
    "emoji 😀 👩‍👩‍👧‍👦 🇩🇪 ❤️",
    "zero\u0000byte, soft\u00adhyphen, no\u00a0break, \u200bzero width, \ufeffmark, \ufffd replacement",
    "e\u0301 combining, ﬁ ligature, ½, ①",
    "special tokens as text: <|endoftext|> [CLS] [SEP] [PAD] <s> </s> <pad>",
    "url https://example.org/a?b=c&d=%20e#f and mail someone@example.org",
    "a" * 150,
    "word " * 60,
    "!?!?!?......-----_____",
]
LENGTHS = [2, 3, 5, 12, 17, 64]


def gpt2():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=512, special_tokens=["<|endoftext|>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    end = "<|endoftext|>"
    return tokenizer, {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": end, "eos_token": end,
                       "unk_token": end, "model_max_length": 128}, None


def bert():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(
        vocab_size=512, special_tokens=special, show_progress=False))
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    tokenizer.enable_truncation(12)
    tokenizer.enable_padding(length=16, pad_token="[PAD]")
    roles = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
             "mask_token": "[MASK]"}
    return tokenizer, {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 64, **roles}, roles


def llama():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<unk>", "<s>", "</s>", "<pad>"]
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=512, special_tokens=special, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])
    roles = {role: {"content": token, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False}
             for role, token in zip(["unk_token", "bos_token", "eos_token", "pad_token"], special)}
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False,
              "model_max_length": 1000000000000000019884624838656}
    return tokenizer, config, roles


def write(path, value, **options):
    path.write_text(json.dumps(value, ensure_ascii=False, **options) + "\n", encoding="utf-8")


def golden(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    cases = []
    for text in TEXTS:
        ids = tokenizer(text)["input_ids"]
        cases.append({
            "ids": ids,
            "truncated": {n: tokenizer(text, truncation=True, max_length=n)["input_ids"] for n in LENGTHS},
            "plain": tokenizer(text, add_special_tokens=False)["input_ids"],
            "tokens": tokenizer.convert_ids_to_tokens(ids),
            "decoded": tokenizer.decode(ids, clean_up_tokenization_spaces=False),
            "decoded_plain": tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False),
        })
    return {"vocab_size": len(tokenizer), "cases": cases}


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    result = {"texts": TEXTS}
    for name, make in {"tiny-gpt2": gpt2, "tiny-bert": bert, "tiny-llama": llama}.items():
        folder = OUT / name
        folder.mkdir(parents=True)
        tokenizer, config, roles = make()
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        write(folder / "tokenizer_config.json", config, indent=2)
        if roles:
            write(folder / "special_tokens_map.json", roles, indent=2)
        result[name] = golden(folder)
    (OUT / "tiny-llama/chat_template.jinja").write_text(
        "{% for message in messages %}<s>{{ message.role }}\n{{ message.content }}</s>\n{% endfor %}", encoding="utf-8")
    write(OUT / "golden.json", result)


if __name__ == "__main__":
    main()
