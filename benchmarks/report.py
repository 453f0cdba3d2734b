"""Prints Google Benchmark results as a table with ratios to the peers.

A benchmark called GROUP/dangbo is compared with every other GROUP/PEER of the same run.
"""

import json
import sys


def main() -> int:
    runs = []
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            runs += json.load(file)["benchmarks"]
    times = {}
    per_unit = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}
    shown = (
        "peak_GiB members hot_B_per_member cold_B_per_member page_KiB median_us commit_median_us p99_us commits_per_s"
        " bytes_per_commit MiB rows_B_per_member totals_B_per_member seconds_to_declare ns_per_member ns_per_row"
    ).split()
    for run in runs:
        name = run["name"].removesuffix("/real_time").removesuffix("/manual_time")
        name = "/".join(part for part in name.split("/") if not part.startswith("iterations:"))
        counters = {
            key: value
            for key, value in run.items()
            if key in shown
        }
        times[name] = (run["real_time"] * per_unit[run["time_unit"]], counters)
    width = max(len(name) for name in times)
    print(f"{'benchmark':{width}}  {'ms':>12}  beside the peer")
    for name, (milliseconds, counters) in times.items():
        group, _, who = name.rpartition("/")
        ratio = ""
        if who == "dangbo":
            peers = [other for other in times if other.startswith(group + "/") and other != name]
            ratio = ", ".join(f"{times[peer][0] / milliseconds:.1f} x {peer.rpartition('/')[2]}" for peer in peers)
        print(f"{name:{width}}  {milliseconds:12.4f}  {ratio}")
        for key, value in counters.items():
            print(f"{'':{width}}  {value:12.1f}  {key}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
