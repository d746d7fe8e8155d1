"""Measure the budgets: `python -m tests.bench [--only NAME] [--quick]`.

Every figure stands beside a yardstick of the same run, because machines and their moods differ; the
ratio travels, the milliseconds do not. Nothing here passes or fails.
"""

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from server.clock import utc_now
from tests.bench import (
    batches,
    browser_app,
    browser_door,
    decisions,
    diaries,
    frames,
    ledgers,
    long_work,
    presentations,
    reports,
    scans,
)
from tests.bench.figures import Figure, Plan, table

BENCHES: dict[str, Callable[[Plan], Iterable[Figure]]] = {
    "presentation": presentations.measure,
    "decision": decisions.measure,
    "ledger": ledgers.measure,
    "frames": frames.measure,
    "diary": diaries.measure,
    "app": browser_app.measure,
    "door": browser_door.measure,
    "scans": scans.measure,
    "batch": batches.measure,
    "work": long_work.measure,
    "reports": reports.measure,
}


def main() -> None:
    """Measure, print the table, write the numbers."""
    # Stopped from outside, it still takes its servers and databases with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    asked = _arguments()
    plan = Plan(now=utc_now(), quick=asked.quick)
    load_before = os.getloadavg()
    figures: list[Figure] = []
    for name in [asked.only] if asked.only else BENCHES:
        print(f"{name} …", file=sys.stderr, flush=True)
        figures += BENCHES[name](plan)
    print(table(figures))
    _write(asked.out, figures, plan=plan, load_before=load_before)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=BENCHES, help="measure one thing")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"), help="raw numbers")
    return parser.parse_args()


def _write(
    path: Path, figures: Sequence[Figure], *, plan: Plan, load_before: Sequence[float]
) -> None:
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "load_before": load_before,
        "load_after": os.getloadavg(),
    }
    report = {
        "at": plan.now.isoformat(),
        "quick": plan.quick,
        "machine": machine,
        "figures": [figure.as_json() for figure in figures],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
