"""Products of square float32 matrices in numpy, that is, by the BLAS it uses."""
import time

import numpy as np

import contest


def measure(question, memory={}):
    """GFLOP/s."""
    size = question["size"]
    if memory.get("size") != size:
        rng = np.random.default_rng(0)
        a, b = (rng.random((size, size), dtype=np.float32) for _ in range(2))
        memory.update(size=size, matrices=(a, b, np.empty((size, size), np.float32)))
    a, b, c = memory["matrices"]
    seconds, count = 0.0, 0
    started = time.perf_counter()
    while seconds < question["seconds"]:
        for _ in range(question["repeats"]):
            np.matmul(a, b, out=c)
        count += question["repeats"]
        seconds = time.perf_counter() - started
    return 2 * size ** 3 * count / seconds / 1e9


if __name__ == "__main__":
    contest.serve(f"numpy {np.__version__}", contest.fast_blas(), measure)
