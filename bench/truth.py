#!/usr/bin/env python3
"""Compares what `plangate check` finds in the generated plans with what was planted there, and exits 1 on a difference.

    python3 bench/truth.py [--sizes 1k,10k,100k] [--binary target/release/plangate]

M-01 (ingress never set) and M-67 (ingress written as `all`) are judged on every address: what was not planted must be silent.
At 1k and 10k the findings must stay the same when `jq` has sorted the keys (`change` then precedes `type`) or indented the plan.
"""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import plans

JUDGED = {"M-01", "M-67"}
FAIL, UNDECIDED = "fail", "undecided"
# Planted kind -> (what must be said, what may be said) of the judged mistakes. A kind that is missing here may not fail or be undecided on them.
EXPECTED = {
    "ingress_all": ({("M-67", FAIL)}, set()),
    "ingress_noop_all": ({("M-67", FAIL)}, set()),
    "ingress_omitted": ({("M-01", FAIL)}, set()),
    "ingress_null": ({("M-01", FAIL)}, set()),
    "ingress_unknown_ref": ({("M-01", UNDECIDED)}, {("M-67", UNDECIDED)}),
}
# No finding of any mistake. A deleted grant may be said to be mended (verdict `pass`, change `fixed`); a data source is not even that.
SILENT = {"ingress_data": False, "iam_deleted": True}
FORMS = {"jq -S .": ["jq", "-S", "."], "jq .": ["jq", "."]}


def findings(binary, path):
    """The findings `check` reports. It runs beside the plan: the label, which fingerprints hold too, is then the same for every form of it."""
    command = [str(binary), "check", "--format", "json", "--exit-zero", path.name]
    done = subprocess.run(command, cwd=path.parent, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        sys.exit("`%s` ended with %d\n%s" % (" ".join(command), done.returncode, done.stderr.decode(errors="replace")))
    return json.loads(done.stdout)["findings"]


def is_fixed(finding):
    return finding["verdict"] == "pass" and finding["change"] == "fixed"


def said(found):
    """Address -> {(mistake, verdict)} of the judged mistakes; what was mended is not said."""
    result = {}
    for finding in found:
        if not is_fixed(finding):
            for mistake in JUDGED.intersection(finding["labels"].get("mistake", "").split()):
                result.setdefault(finding["address"], set()).add((mistake, finding["verdict"]))
    return result


def words(pairs):
    return ", ".join(" ".join(pair) for pair in sorted(pairs)) or "nothing"


def differences(found, truth):
    """One line for each thing that is wrong."""
    wrong, rest = [], said(found)
    for kind, addresses in truth.items():
        must, may = EXPECTED.get(kind, (set(), set()))
        for address in addresses:
            here = rest.pop(address, set())
            if not must <= here <= must | may:
                wrong.append(f"{kind}: {address}: expected {words(must)}, found {words(here)}")
            if kind in SILENT:
                wrong += [f"{kind}: {address}: expected no finding, found {finding['policy']} {finding['verdict']}"
                          for finding in found if finding["address"] == address and not (SILENT[kind] and is_fixed(finding))]
    wrong += [f"not planted: {address}: found {words(here)}" for address, here in rest.items()]
    return wrong


def unlabelled(found):
    return [{key: value for key, value in finding.items() if key != "plan"} for finding in found]


def form_differences(binary, path, found):
    """What `jq` changes in the findings, though it changes nothing in the plan."""
    wrong = []
    for name, command in FORMS.items():
        with tempfile.TemporaryDirectory(dir=plans.DATA) as folder:
            form = Path(folder) / path.name
            with path.open() as source, form.open("w") as target:
                subprocess.run(command, stdin=source, stdout=target, check=True)
            other = unlabelled(findings(binary, form))
        same = unlabelled(found)
        if other != same:
            first = next((pair for pair in zip(same, other) if pair[0] != pair[1]), None)
            wrong.append(f"{name}: {len(other)} findings, {len(same)} in the plan as written" + (f"; the first that differs: {json.dumps(first[0])} is now {json.dumps(first[1])}" if first else ""))
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=plans.sizes, default="1k,10k,100k", help="of 1k, 10k, 100k (default all)")
    parser.add_argument("--binary", type=Path, default=plans.BINARY)
    option = parser.parse_args()
    binary = option.binary.resolve()
    if not binary.exists():
        sys.exit(f"{binary} is missing: cargo build --release")
    failed = False
    for size in option.sizes:
        path = plans.plan(size)
        found = findings(binary, path)
        wrong = differences(found, plans.truth(size))
        checked = "as written"
        if size != "100k":
            if shutil.which("jq"):
                wrong += form_differences(binary, path, found)
                checked += ", " + ", ".join(FORMS)
            else:
                print(f"{size}: jq is not there: its forms of the plan are skipped (apt-get install -y jq)")
        failed |= bool(wrong)
        print(f"{size}: {len(found)} findings, {checked}: " + (f"{len(wrong)} wrong" if wrong else "all as planted"))
        for line in wrong:
            print(f"  {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
