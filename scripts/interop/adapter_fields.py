"""Writes the fields of peft's configurations with their defaults, read from the dataclasses.

python scripts/interop/adapter_fields.py OUT
"""

import dataclasses
import json
import sys

from peft import LoraConfig, PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig

# What a trained adapter has, and the defaults leave open.
FILLED = {
    LoraConfig: {"target_modules": ["query"]},
    PromptTuningConfig: {"num_virtual_tokens": 3, "token_dim": 32},
    PrefixTuningConfig: {"num_virtual_tokens": 3, "token_dim": 32},
    PromptEncoderConfig: {"num_virtual_tokens": 3, "token_dim": 32},
}

types = {}
for config, filled in FILLED.items():
    made = config(**filled)
    types[made.peft_type.value] = {
        field.name: getattr(made, field.name) for field in dataclasses.fields(config)
    }
with open(sys.argv[1], "w", encoding="utf-8") as out:
    json.dump(types, out, default=lambda value: sorted(value) if isinstance(value, set) else vars(value))
