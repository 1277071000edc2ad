#!/usr/bin/env python3
"""Measures plangate against the floor (bench/floor) on generated plans, and exits 1 when a bound does not hold.

    python3 bench/run.py [--sizes 1k,10k,100k] [--pairs N] [--command check]

CPU is user + system of the whole process, from wait4. plangate and the floor run in turn and the *ratio of each pair* is judged: seconds move
up to twofold from call to call on a shared machine, ratios do not. For the growth exponent, each run at 100k stands between runs at 10k that
together do the same work.

Peak memory is VmHWM of the process, polled every 2 ms (it only grows, so the last reading is short by what the last 2 ms added at most).
ru_maxrss stands beside it: it misses nothing, but starts from the size of the Python that started the process, so it cannot read below about
11.5 MiB. MB is 10^6 bytes.
"""
import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from statistics import median

import plans

FLOOR = plans.BENCH / "floor"
FLOOR_BINARY = FLOOR / "target" / "release" / "floor"
SMALL, MIDDLE, LARGE = "1k", "10k", "100k"
GROWTH_RUNS = plans.COUNT[LARGE] // plans.COUNT[MIDDLE]


@dataclass
class Run:
    """What a process used."""
    cpu: float
    maxrss: int
    hwm: int


def hwm_of(pid):
    """Peak resident bytes so far; 0 once the process has given its memory back."""
    try:
        with open(f"/proc/{pid}/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def run(command, stdin=None, poll=False):
    """Runs a command to its end. Polling costs CPU beside it, so figures for CPU are taken without."""
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen([str(part) for part in command], stdin=stdin or subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        if stdin:
            stdin.close()
        hwm = 0
        pid, status, usage = os.wait4(child.pid, os.WNOHANG if poll else 0)
        while not pid:
            hwm = max(hwm, hwm_of(child.pid))
            time.sleep(0.002)
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            errors.seek(0)
            sys.exit("`%s` ended with %d\n%s" % (" ".join(map(str, command)), child.returncode, errors.read().decode(errors="replace")))
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, hwm)


def run_piped(command, path):
    """`cat PATH | COMMAND`"""
    cat = subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE)
    try:
        return run(command, stdin=cat.stdout, poll=True)
    finally:
        cat.wait()


def pairs_of(binary, floor, count):
    """Alternating runs of both, after one that warms the page cache."""
    run(floor)
    return [(run(binary).cpu, run(floor).cpu) for _ in range(count)]


def growth_exponent(small, large, size_ratio, count):
    """Exponent e of CPU ~ size^e: 1 is linear."""
    found = []
    for _ in range(count):
        half = GROWTH_RUNS // 2
        around = [run(small).cpu for _ in range(half)]
        whole = run(large).cpu
        around += [run(small).cpu for _ in range(GROWTH_RUNS - half)]
        found.append(math.log(whole / (sum(around) / len(around))) / math.log(size_ratio))
    return median(found)


def print_table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths))))
    print()


def build():
    # The directories are named, since a CARGO_TARGET_DIR around would move them.
    for folder in (plans.ROOT, FLOOR):
        subprocess.run(["cargo", "build", "--quiet", "--release", "--locked", "--target-dir", folder / "target"], cwd=folder, check=True)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=plans.sizes, default="1k,10k,100k", help="of 1k, 10k, 100k (default all)")
    parser.add_argument("--pairs", type=int, help="pairs per size (default 7; 3 at 100k)")
    parser.add_argument("--command", default="check", help="plangate's subcommand (default check)")
    parser.add_argument("--binary", help="a plangate to measure instead of building this one; the floor is built if missing")
    parser.add_argument("--max-ratio", type=float, default=2.0, help="CPU against the floor at 10k and 100k (default 2.0)")
    parser.add_argument("--max-small-ms", type=float, default=30.0, help="CPU at 1k (default 30)")
    parser.add_argument("--max-exponent", type=float, default=1.05, help="growth 10k to 100k (default 1.05)")
    parser.add_argument("--max-memory-mb", type=float, default=24.0, help="VmHWM at 100k, from file and pipe (default 24)")
    return parser.parse_args()


def main():
    option = options()
    paths = {size: plans.plan(size) for size in option.sizes}
    if not option.binary or not FLOOR_BINARY.exists():
        build()
    # `--exit-zero`: plans with findings are what is measured; only `check` has a gate to switch off.
    base = [option.binary or plans.BINARY, option.command, "--format", "json"] + (["--exit-zero"] if option.command == "check" else [])
    bounds = []  # (what, measured, limit, unit)

    times = [("size", "bytes", "plangate CPU ms", "floor CPU ms", "ratio", "from", "to", "pairs")]
    memory = [("size", "input", "VmHWM MB", "ru_maxrss MB")]
    for size, path in paths.items():
        pairs = pairs_of(base + [path], [FLOOR_BINARY, path], option.pairs or (3 if size == LARGE else 7))
        ours, floor = median(pair[0] for pair in pairs) * 1e3, median(pair[1] for pair in pairs) * 1e3
        ratios = [one / max(other, 1e-6) for one, other in pairs]
        times.append((size, f"{path.stat().st_size:,}", f"{ours:.1f}", f"{floor:.1f}", f"{median(ratios):.2f}", f"{min(ratios):.2f}", f"{max(ratios):.2f}", str(len(pairs))))
        if size == SMALL:
            bounds.append((f"CPU at {size}", ours, option.max_small_ms, "ms"))
        else:
            bounds.append((f"CPU against the floor at {size}", median(ratios), option.max_ratio, ""))
        for source, used in (("file", run(base + [path], poll=True)), ("pipe", run_piped(base + ["-"], path))):
            memory.append((size, source, f"{used.hwm / 1e6:.1f}" if used.hwm else "not seen", f"{used.maxrss / 1e6:.1f}"))
            if size == LARGE:
                # Never seen alive is not small.
                bounds.append((f"VmHWM at {size} from {source}", used.hwm / 1e6 or math.inf, option.max_memory_mb, "MB"))
    if MIDDLE in paths and LARGE in paths:
        size_ratio = paths[LARGE].stat().st_size / paths[MIDDLE].stat().st_size
        exponent = growth_exponent(base + [paths[MIDDLE]], base + [paths[LARGE]], size_ratio, option.pairs or 3)
        bounds.append((f"growth exponent {MIDDLE} to {LARGE}", exponent, option.max_exponent, ""))

    print_table(times)
    print_table(memory)
    verdicts = [("bound", "measured", "limit", "")]
    verdicts += [(what, f"{measured:.2f} {unit}".rstrip(), f"<= {limit:g} {unit}".rstrip(), "holds" if measured <= limit else "DOES NOT HOLD") for what, measured, limit, unit in bounds]
    print_table(verdicts)
    return 0 if all(measured <= limit for _, measured, limit, _ in bounds) else 1


if __name__ == "__main__":
    sys.exit(main())
