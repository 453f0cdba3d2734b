"""Prints Google Benchmark results with ratios to the peers, beside goals.json; writes docs/benchmarks.md.

report.py [--write docs/benchmarks.md] [--note text]… results.json …

A benchmark called SCALE/GROUP/dangbo is compared with every other SCALE/GROUP/PEER of the same run.
"""

import argparse
import json
import pathlib
import platform
import subprocess
import sys

PER_UNIT = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}
SCALES = {
    "s1": "6 000 members",
    "s2": "60 000 members",
    "s3": "5.6 million members, 381 830 units, 11 million memberships",
}
COUNTERS = set(
    "peak_GiB members hot_B_per_member cold_B_per_member page_KiB median_us commit_median_us p99_us commits_per_s"
    " bytes_per_commit MiB rows_B_per_member totals_B_per_member hot_B_with_timelines seconds_to_declare ns_per_member ns_per_row units".split()
)


class Run:
    def __init__(self, run):
        name = run["name"].removesuffix("/real_time").removesuffix("/manual_time")
        self.name = "/".join(part for part in name.split("/") if not part.startswith("iterations:"))
        self.counters = {key: value for key, value in run.items() if key in COUNTERS}
        # Timed one by one: the median. Else processor time, which neighbours on the machine do not change, unless the
        # program asked for real time: threads, files, other processes.
        if "median_us" in self.counters:
            self.ns = self.counters["median_us"] * 1e3
        else:
            is_real = run["name"].endswith("_time") or "cpu_time" not in run
            self.ns = run["real_time" if is_real else "cpu_time"] * PER_UNIT[run["time_unit"]]
        self.error = run.get("error_occurred", False)


def shown(ns):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}"
    return f"{ns:.3g} ns"


def number(value):
    return f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.3g}"


def verdict(is_floor, is_goal):
    """is_…: whether it is reached, None when none is set."""
    if is_goal:
        return "goal reached"
    if is_floor is False:
        return "**floor missed**"
    if is_floor:
        return "floor kept" + ("" if is_goal is None else ", goal missed")
    return "**goal missed**"


def judge(goal, runs, prefix):
    """The cells of a row: floor, goal, measured, verdict; None where nothing was measured."""
    ours = runs.get(prefix + goal["ours"])
    peer = runs.get(prefix + goal["peer"]) if "peer" in goal else None
    if ours is None or ("peer" in goal and peer is None):
        return None
    key = goal.get("counter")
    if "peer" in goal:
        mine, theirs = (ours.counters[key], peer.counters[key]) if key else (ours.ns, peer.ns)
        ratio = theirs / mine
        detail = "" if key else f" ({shown(ours.ns)}; {shown(peer.ns)})"
        if "most" in goal:
            kept = ratio <= goal["most"]
            return f"≤ {goal['most']}", "", f"{ratio:.3g}{detail}", "kept" if kept else "**floor missed**"
        floor, aim = goal.get("floor"), goal.get("goal")
        cells = [f"{number(limit)} ×" if limit is not None else "" for limit in (floor, aim)]
        reached = [None if limit is None else ratio >= limit for limit in (floor, aim)]
        return *cells, f"{number(ratio)} ×{detail}", verdict(*reached)
    if key:
        value, unit = ours.counters[key], " " + goal["unit"]
        floor, aim = goal.get("floor_at_most"), goal.get("goal_at_most")
        cells = [f"{limit}{unit}" if limit is not None else "" for limit in (floor, aim)]
        measured = f"{value:.3g}{unit}"
    else:
        value, floor, aim = ours.ns, goal.get("floor_ns"), goal.get("goal_ns")
        cells = [shown(limit) if limit is not None else "" for limit in (floor, aim)]
        measured = shown(value)
    reached = [None if limit is None else value <= limit for limit in (floor, aim)]
    return *cells, measured, verdict(*reached)


def goal_tables(goals, runs, scales):
    out = []
    for of in dict.fromkeys(goal["of"] for goal in goals):
        for scale in scales:
            rows = []
            for goal in goals:
                if goal["of"] != of or (goal.get("plain") and scale != scales[-1]):
                    continue
                cells = judge(goal, runs, "" if goal.get("plain") else scale + "/") or ("", "", "not measured", "")
                rows.append("| " + " | ".join((goal["row"], *cells)) + " |")
            out += [f"### {of}, {scale.upper()}", "", "| | floor | goal | measured | |", "|---|---|---|---|---|", *rows, ""]
    return out


def lines_of(runs):
    """Every run, ours with its ratios."""
    for name, run in runs.items():
        group, _, who = name.rpartition("/")
        ratios = ""
        if who == "dangbo" and not run.error:
            peers = [
                other
                for other in runs.values()
                if other.name.startswith(group + "/") and not other.name.rpartition("/")[2].startswith("dangbo")
            ]
            ratios = ", ".join(f"{number(peer.ns / run.ns)} × {peer.name.rpartition('/')[2]}" for peer in peers)
        counters = ", ".join(
            f"{key} {number(value)}" for key, value in run.counters.items()
        )
        yield name, "failed" if run.error else shown(run.ns), ratios, counters


def machine():
    model = platform.processor() or platform.machine()
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    cores = 1
    if cpuinfo.exists():
        text = cpuinfo.read_text()
        names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
        model, cores = (names[0], len(names)) if names else (model, 1)
    memory = pathlib.Path("/proc/meminfo")
    gib = int(memory.read_text().split()[1]) / 2**20 if memory.exists() else 0
    return f"{model}, {cores} processors, {gib:.0f} GiB"


def commit():
    def git(*words):
        return subprocess.run(["git", *words], capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/benchmarks*")
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + (" with local changes" if changed else "")


def document(goals, runs, notes):
    scales = [scale for scale in SCALES if any(name.startswith(scale + "/") for name in runs)]
    out = [
        "# Benchmarks",
        "",
        "Written by `./dev bench`; do not edit. One run, the same data, answers compared: where a peer's answer differs the run",
        "ends. Statements and plans of the peers: [benchmarks/plans.txt](benchmarks/plans.txt). Ratio: the peer's time over ours.",
        "",
        f"- Machine: {machine()}",
        f"- Commit: {commit()}",
        *(f"- {scale.upper()}: {SCALES[scale]}" for scale in scales),
        *(f"- {note}" for note in notes),
        "",
        "Cold: a million random units (and days) in turn; hot: the same 64. Dependent: which unit is asked next depends on the",
        "answer before. DuckDB uses all processors, everybody else one. Times are medians, or processor time a call;",
        "DuckDB's the lesser of real and processor time; those of files and processes real time. Floors and goals are set for S3;",
        "beside smaller scales they stand for comparison.",
        "",
        "## Floors and goals",
        "",
        *goal_tables(goals, runs, scales or [""]),
        "## Everything measured",
        "",
        "| | time | beside | counted |",
        "|---|---|---|---|",
        *(f"| {' | '.join(cells)} |" for cells in lines_of(runs)),
        "",
    ]
    return "\n".join(out)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--note", action="append", default=[])
    parser.add_argument("results", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    goals = json.loads((pathlib.Path(__file__).parent / "goals.json").read_text(encoding="utf-8"))
    runs = {}
    for path in arguments.results:
        for one in json.loads(path.read_text(encoding="utf-8"))["benchmarks"]:
            run = Run(one)
            runs[run.name] = run
    cells = list(lines_of(runs))
    width = max(len(name) for name, *_ in cells)
    for name, time, ratios, counters in cells:
        print(f"{name:{width}}  {time:>10}  {ratios}{'  ' if ratios and counters else ''}{counters}")
    text = document(goals, runs, arguments.note)
    print("\n" + text[text.index("## Floors") : text.index("## Everything")])
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
