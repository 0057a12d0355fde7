"""What every peer measures alike: time of steps, peak resident memory, rows."""

import csv
import time

import torch

with open("/proc/cpuinfo", encoding="ascii") as cpuinfo:
    _flags = cpuinfo.read()
# Of fp32 and bf16 what matrix products are faster in, as Attune chooses by itself.
FAST = torch.bfloat16 if "avx512_bf16" in _flags or "amx_bf16" in _flags else torch.float32
WARM_UP = 2  # steps that are left out: allocators, kernels and caches warm up in them


def rows_of(file):
    """Texts and labels of a CSV with the columns text and label."""
    with open(file, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [row["text"] for row in rows], [row["label"] for row in rows]


def peak_mib():
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) >> 10 for line in status if line.startswith("VmHWM"))


def timed(steps, wanted):
    """Runs callables until so many were timed (0: all); milliseconds of each, those of the warm-up left out."""
    times = []
    for step in steps:
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1000)
        if wanted and len(times) == wanted + WARM_UP:
            break
    return times[WARM_UP:] or times


def batches(texts, size, by_length, generator):
    """Indices in random order; with by_length those of like length together, the batches in random order."""
    order = torch.randperm(len(texts), generator=generator).tolist()
    if not by_length:
        return [order[i : i + size] for i in range(0, len(order), size)]
    order.sort(key=lambda i: len(texts[i]))
    grouped = [order[i : i + size] for i in range(0, len(order), size)]
    return [grouped[i] for i in torch.randperm(len(grouped), generator=generator).tolist()]
