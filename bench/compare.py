"""Runs cases side by side; see compare.sh.

    compare.py MODELS DATA [CASE ...]

Training: seconds an epoch. Attune's are those from the loaded model to the end of the last epoch, frozen trunk and validation
included, divided by the epochs; the peers', of which only some steps are run, the mean step times the steps of an epoch and
the validation rows at their measured speed. Where Attune trains, a last column tells what part of the processor's measured peak
the matrix products reach that the mathematics needs. minilm-to-95 trains all of MiniLM with one learning rate, whole epochs, until 95 % of the
validation rows are right.
"""

import argparse
import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import flops

sys.path.append(str(Path(__file__).parent / "peers"))
import measure  # noqa: E402

DTYPE = "BF16" if measure.FAST == measure.torch.bfloat16 else "F32"
AUTOCAST = str(DTYPE == "BF16").lower()

SPLIT = ["--balance", "1", "--split", "0.7,0.1,0.2", "--seed", "1"]


@dataclass
class Training:
    """A recipe, its data, and how the peers are told the same."""

    model: str
    recipe: str
    data: str
    split: list
    peer: list
    ours: dict = field(default_factory=dict)


TRAININGS = {
    "gpt2-last-block": Training(
        "gpt2-shape",
        "sms-spam-gpt2",
        "sms-spam",
        SPLIT,
        ["--train", "last-block", "--pad", "120", "--batch", "8", "--steps", "8"],
        {"reading": "last", "length-batches": "true", "eval-steps": "0"},
    ),
    "gpt2-all": Training(
        "gpt2-shape",
        "sms-spam-gpt2",
        "sms-spam",
        SPLIT,
        ["--train", "all", "--pad", "120", "--batch", "8", "--steps", "6"],
        {"reading": "last", "length-batches": "true", "eval-steps": "0", "unfreeze": "all", "epochs": "1",
         "autocast": AUTOCAST},
    ),
    "bert-all": Training(
        "bert-base-uncased",
        "sms-spam-bert",
        "sms-spam",
        SPLIT,
        ["--train", "all", "--pad", "128", "--batch", "16", "--steps", "4"],
        {"epochs": "1", "autocast": AUTOCAST},
    ),
    "minilm-banking77": Training(
        "minilm",
        "banking77-minilm",
        "banking77",
        ["--split", "0.9,0.1,0", "--seed", "1"],
        ["--train", "all", "--pad", "128", "--batch", "32", "--steps", "12"],
        {"epochs": "1", "autocast": AUTOCAST},
    ),
    "smollm2-lora": Training(
        "smollm2-135m-instruct",
        "sms-spam-smollm2-lora",
        "sms-spam",
        SPLIT,
        ["--train", "lora", "--pad", "128", "--batch", "16", "--steps", "3"],
        {"epochs": "1"},
    ),
}
TO_ACCURACY = Training(
    "minilm",
    "sms-spam-minilm",
    "sms-spam",
    SPLIT,
    ["--train", "all", "--pad", "128", "--batch", "16", "--until", "0.95"],
    {"unfreeze": "all", "learning-rate": "5e-5", "epochs": "10", "autocast": AUTOCAST},
)
SCORING = ["method", "prompt", "num-virtual-tokens", 8, "split", "1,0,0", "max-steps", 1, "batch-size", 8, "eval-batches", 1]


@dataclass
class Scoring:
    """Texts that are scored against label words; of them the peer takes a sample."""

    texts: str
    count: int
    sample: int
    options: list


SCORINGS = {
    "score-2": Scoring("tweets", 1000, 60, ["template", "Tweet text : {text} Label : ", "max-length", 64]),
    "score-77": Scoring("banking", 100, 3, ["label-column", "category", "template", "Question : {text} Intent : ", "max-length", 128]),
}
OTHERS = ["minilm-to-95", *SCORINGS, "smollm2-prompt", "classify-minilm", "classify-gpt2", "generate-1", "generate-8", "cold-start"]


def function(name, *arguments):
    """A call of one of java.sh's functions, which compare.sh exports."""
    return ["bash", "-c", f'{name} "$@"', name, *map(str, arguments)]


def last_line(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


class Bench:
    def __init__(self, models, data, work):
        self.models, self.data, self.work = Path(models), Path(data), Path(work)

    def ours(self, program, *arguments):
        return last_line(function("attune_java", f"bench/{program}.java", *arguments))

    def peer(self, script, *arguments):
        return last_line(function("peer", f"bench/peers/{script}.py", *arguments))

    @functools.cache
    def peak(self):
        """Multiplications and additions a second of a matrix product, 1,024 rows by 768 by 3,072."""
        return self.ours("Inference", "peak", "-", DTYPE, 1024)["gflops_per_second"] * 1e9

    def parts(self, case):
        folder = self.work / f"{case.data}-parts"
        if not folder.exists():
            subprocess.run(["./attune", "data", "split", case.data, "--data-dir", self.data, *case.split, "--out", folder],
                           check=True, stdout=subprocess.DEVNULL)
        return folder

    def run_training(self, case, variant):
        """What bench/Training.java or peers/head_tuning.py prints."""
        parts = self.parts(case)
        if variant != "attune":
            return self.peer("head_tuning", variant, self.models / case.model, parts / "train.csv",
                             parts / "validation.csv", *case.peer)
        options = {"model": self.models / case.model, "data": parts / "train.csv", "balance": 0, "seed": 1,
                   "validation-data": parts / "validation.csv", "split": "1,0,0"} | case.ours
        with tempfile.TemporaryDirectory(dir=self.work) as run_folder:
            return self.ours("Training", f"configs/{case.recipe}.yaml", f"{run_folder}/run",
                             *(word for option in options.items() for word in option))

    def train(self, name, variant):
        case = TRAININGS[name]
        run = self.run_training(case, variant)
        if variant != "attune":
            return {"seconds": run["epoch_seconds"], "peak_mib": run["peak_mib"]}
        seconds = run["epochs"][-1]["seconds"] / len(run["epochs"])
        trained = case.peer[case.peer.index("--train") + 1]
        needed = flops.of_epoch(self.models / case.model, self.parts(case), trained, len(run["epochs"]))
        return {"seconds": seconds, "peak_mib": run["peak_mib"], "of_peak": needed / seconds / self.peak()}

    def train_to_accuracy(self, variant):
        run = self.run_training(TO_ACCURACY, variant)
        if variant == "attune":
            enough = float(TO_ACCURACY.peer[-1])
            epochs = next((i for i, epoch in enumerate(run["epochs"]) if epoch["accuracy"] >= enough), len(run["epochs"]) - 1)
            run |= run["epochs"][epochs] | {"epochs": epochs + 1}
        return {key: run[key] for key in ("seconds", "epochs", "accuracy", "peak_mib")}

    def prompt_tuning(self, variant):
        model, tweets = self.models / "smollm2-135m-instruct", self.data / "raft/twitter_complaints/train.csv"
        if variant != "attune":
            run = self.peer("prompt_tuning", model, tweets, "--epochs", 1, *(["--tuned"] if variant == "tuned" else []))
            return {"seconds": statistics.mean(run["ms"][1:]) / 1000 * len(run["ms"]), "peak_mib": run["peak_mib"]}
        with tempfile.TemporaryDirectory(dir=self.work) as run_folder:
            run = self.ours("Training", "configs/twitter-complaints-smollm2.yaml", f"{run_folder}/run", "model", model, "data",
                            tweets, "text-column", "Tweet text", "label-column", "Label", "epochs", 3)
        return {"seconds": statistics.mean(run["ms"][1:]) / 1000 * len(run["ms"]) / 3, "peak_mib": run["peak_mib"]}

    def score(self, name, variant):
        case = SCORINGS[name]
        texts, run, bank = (self.work / f"{name}{end}" for end in (".txt", "-run", ".csv"))
        if not texts.exists():
            command = [sys.executable, "bench/peers/texts.py", case.texts, str(case.count), bank]
            texts.write_bytes(subprocess.run(command, env=os.environ | {"ATTUNE_DATA": str(self.data)}, check=True,
                                             stdout=subprocess.PIPE).stdout)
        if variant == "attune":
            data = bank if case.texts == "banking" else "twitter-complaints"
            done = self.ours("LabelScoring", texts, run, "model", self.models / "smollm2-135m-instruct", "data", data,
                             "data-dir", self.data, "dtype", "bfloat16" if DTYPE == "BF16" else "float32", *SCORING, *case.options)
        else:
            done = self.peer("label_scoring", texts, run, case.sample)
        return {"seconds": case.count * done["seconds"] / done["rows"], "peak_mib": done["peak_mib"]}

    def texts(self, count):
        file = self.work / "texts.txt"
        if not file.exists():
            source = (self.data / "sms_spam/SMSSpamCollection").read_text(encoding="utf-8").splitlines()
            file.write_text("\n".join((2 * [line.split("\t", 1)[1] for line in source])[:10000]), encoding="utf-8")
        lines = file.read_text(encoding="utf-8").splitlines()
        some = self.work / f"texts-{count}.txt"
        some.write_text("\n".join(lines[:: len(lines) // count][:count]) + "\n", encoding="utf-8")
        return some

    def tuned_model(self, model):
        """A classifier tuned for a few steps, as both read it."""
        folder = self.work / f"tuned-{model}"
        if not folder.exists():
            subprocess.run(["./attune", "train", "--data", "sms-spam", "--data-dir", self.data, "--model",
                            self.models / model, "--limit", "200", "--epochs", "1", "--out", folder],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return folder

    def classify(self, model, variant):
        folder = self.tuned_model(model)
        count = {"attune": 10000, "tuned": 2000, "tutorial": 400}[variant]
        if variant == "attune":
            run = self.ours("Inference", "classify", folder, DTYPE, self.texts(count))
        else:
            run = self.peer("classify", variant, folder, self.texts(count), count)
        return {"seconds": 10000 / run["rows_per_second"], "peak_mib": run["peak_mib"]}

    def generate(self, batch, variant):
        model = self.models / "smollm2-135m-instruct"
        if variant == "attune":
            run = self.ours("Inference", "generate", model, DTYPE, batch)
        else:
            run = self.peer("generate", variant, model, batch)
        return {"seconds": 128 * batch / run["tokens_per_second"], "peak_mib": run["peak_mib"]}

    def cold_start(self, variant):
        folder = self.tuned_model("minilm")
        text = "You are a winner! Claim your $2000 reward"
        if variant == "attune":
            command = ["./attune", "classify", folder, text]
        else:
            code = f"from transformers import pipeline; print(pipeline('text-classification', model={str(folder)!r})({text!r}))"
            command = function("peer", "-c", code)
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"failed: {command}")
        return {"seconds": time.perf_counter() - start, "peak_mib": usage.ru_maxrss >> 10}

    def run(self, name, variant):
        if name in TRAININGS:
            return self.train(name, variant)
        if name in SCORINGS:
            return self.score(name, variant)
        if name == "minilm-to-95":
            return self.train_to_accuracy(variant)
        if name == "smollm2-prompt":
            return self.prompt_tuning(variant)
        if name == "cold-start":
            return self.cold_start(variant)
        kind, what = name.split("-")
        if kind == "generate":
            return self.generate(int(what), variant)
        return self.classify({"minilm": "minilm", "gpt2": "gpt2-shape"}[what], variant)


def unit(name):
    if name in TRAININGS or name == "smollm2-prompt":
        return "s an epoch"
    if name in SCORINGS:
        return f"s for {SCORINGS[name].count:,} texts"
    if name == "minilm-to-95":
        return "s to 95 %"
    return {"classify": "s for 10,000 texts", "generate": "s for 128 tokens", "cold": "s"}[name.split("-")[0]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models")
    parser.add_argument("data")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join([*TRAININGS, *OTHERS]))
    options = parser.parse_args()
    cases = options.cases or [*TRAININGS, *OTHERS]
    unknown = set(cases) - {*TRAININGS, *OTHERS}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join([*TRAININGS, *OTHERS])}")
    print("| case | unit | Attune | tutorial | tuned | × tutorial (range) | × tuned (range) | MiB Attune | tutorial | tuned |"
          " of peak |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(options.models, options.data, work)
        for case in cases:
            variants = ["attune", "tutorial"] if case in ("cold-start", *SCORINGS) else ["attune", "tutorial", "tuned"]
            rounds = []
            for _ in range(int(os.environ.get("ROUNDS", "2"))):
                rounds.append({variant: bench.run(case, variant) for variant in variants})
                print(case, json.dumps(rounds[-1]), file=sys.stderr, flush=True)
            print(row(case, rounds), flush=True)


def of_peak(rounds):
    parts = [each["attune"]["of_peak"] for each in rounds if "of_peak" in each["attune"]]
    return f"{statistics.median(parts):.0%}" if parts else "–"


def row(case, rounds):
    def seconds(variant):
        if variant not in rounds[0]:
            return "–"
        value = statistics.median(each[variant]["seconds"] for each in rounds)
        return f"{value:.1f}" if value >= 10 else f"{value:.2f}"

    def ratio(variant):
        if variant not in rounds[0]:
            return "–"
        ratios = [each[variant]["seconds"] / each["attune"]["seconds"] for each in rounds]
        return f"{statistics.median(ratios):.1f} ({min(ratios):.1f}–{max(ratios):.1f})"

    def peak(variant):
        return f"{max(each[variant]['peak_mib'] for each in rounds)}" if variant in rounds[0] else "–"

    cells = [case, unit(case), *map(seconds, ("attune", "tutorial", "tuned")), ratio("tutorial"), ratio("tuned"),
             *map(peak, ("attune", "tutorial", "tuned")), of_peak(rounds)]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
