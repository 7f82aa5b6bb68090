"""What the rivals of tests/Benchmarks share: the conversation with the benchmark, and the clock.

A script says "ready NAME" or "missing WHAT", then answers every line of JSON on its input with one number on its output, until the input
ends. The fields of a question are those of the C# record that asks it.
"""
import ctypes
import json
import re
import sys
import time

NEEDS_BLAS = "optimised BLAS (libopenblas0)"


def fast_blas():
    """Name of the optimised BLAS in this process, such as "OpenBLAS 0.3.21"; None for the reference implementation.

    Products by the reference BLAS take ten times as long: a rival that has nothing better is no rival.
    """
    with open("/proc/self/maps", encoding="utf-8") as maps:
        files = {line.split(maxsplit=5)[5].strip() for line in maps if ".so" in line}
    for path in sorted(files):
        name = path.rsplit("/", 1)[-1]
        if "openblas" in name:
            library = ctypes.CDLL(path)
            for symbol in ("openblas_get_config", "openblas_get_config64_", "scipy_openblas_get_config", "scipy_openblas_get_config64_"):
                if hasattr(library, symbol):
                    config = getattr(library, symbol)
                    config.restype = ctypes.c_char_p
                    version = re.search(rb"OpenBLAS ([0-9.]+)", config() or b"")
                    return "OpenBLAS " + version.group(1).decode() if version else "OpenBLAS"
            return "OpenBLAS"
        if "libmkl" in name:
            return "MKL"
        if "libblis" in name:
            return "BLIS"
    return None


def serve(name, blas, measure):
    """Answers questions until there are no more.

    name: program and version. blas: see fast_blas. measure: from a question to a number.
    """
    if blas is None:
        print(f"missing {name}: {NEEDS_BLAS}", flush=True)
        return
    print(f"ready {name}, {blas}", flush=True)
    for line in sys.stdin:
        print(repr(float(measure(json.loads(line)))), flush=True)


def rows_per_second(question, fresh, networks=1):
    """Trains again and again from fresh weights until the time asked for is spent; fresh weights are not on the clock.

    fresh: () -> (step, epoch); step() trains one mini-batch, so that every buffer has been touched before the clock starts, epoch() all
    rows in a new order. networks: how many learn from a row.
    """
    spent, rows = 0.0, 0
    while spent < question["seconds"]:
        step, epoch = fresh()
        step()
        started = time.perf_counter()
        for _ in range(question["epochs"]):
            epoch()
        spent += time.perf_counter() - started
        rows += networks * question["epochs"] * question["rows"]
    return rows / spent
