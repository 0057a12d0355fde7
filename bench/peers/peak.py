#!/usr/bin/env python3
"""Multiplies ROWS by 768 by 3,072 in fp32, as `bench/Inference.java peak - F32 ROWS` does, and prints 10⁹ operations a second.

    peak.py ROWS
"""

import json
import sys
import time

import torch


def main(rows):
    x, weight = torch.ones(rows, 768), torch.ones(3072, 768)
    best = 0
    with torch.inference_mode():
        for _ in range(100):
            start = time.perf_counter()
            torch.nn.functional.linear(x, weight)
            best = max(best, 2e-9 * rows * 768 * 3072 / (time.perf_counter() - start))
    print(json.dumps({"gflops_per_second": round(best)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
