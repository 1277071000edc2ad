"""The generated plans that run.py and truth.py share: where they lie, and making them when they are missing."""
import json
import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
DATA = BENCH / "data"
BINARY = ROOT / "target" / "release" / "plangate"
COUNT = {"1k": 1_000, "10k": 10_000, "100k": 100_000}


def sizes(text):
    """The sizes in a comma-separated option, smallest first; for argparse."""
    wanted = {word.strip() for word in text.split(",")}
    if wanted - COUNT.keys():
        raise ValueError(text)
    return sorted(wanted, key=COUNT.get)


def plan(size):
    """Path of the plan of this size."""
    path, truth = DATA / f"plan_{size}.json", DATA / f"plan_{size}.truth.json"
    if not (path.exists() and truth.exists()):
        DATA.mkdir(exist_ok=True)
        # Under another name until it is whole: what an interrupted run leaves is not taken for a plan.
        part = DATA / f"plan_{size}.part"
        print(f"generating {path.relative_to(ROOT)}", file=sys.stderr)
        subprocess.run([sys.executable, BENCH / "gen_plan.py", str(COUNT[size]), part, "--truth", truth], check=True)
        os.replace(part, path)
    return path


def truth(size):
    """Planted kind -> addresses."""
    expect = json.loads((DATA / f"plan_{size}.truth.json").read_text())["expect"]
    return {kind: entry["addresses"] for kind, entry in expect.items()}
