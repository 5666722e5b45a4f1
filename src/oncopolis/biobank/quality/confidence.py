"""What a random sample says of all: exact, by the hypergeometric distribution.

Of N specimens D are not where they should be; a sample of n without replacement shows x of them. With
confidence C, D is at most the largest D for which seeing so few would not be rarer than 1 - C.
"""

from math import exp, inf, lgamma


def compute_share_seen(n_all: int, n_wrong: int, n_sample: int, most_seen: int) -> float:
    """The probability that a sample shows at most so many of those that are wrong."""
    low = max(0, n_sample - (n_all - n_wrong))
    logs = [
        _choose(n_wrong, seen) + _choose(n_all - n_wrong, n_sample - seen) - _choose(n_all, n_sample)
        for seen in range(low, min(most_seen, n_wrong, n_sample) + 1)
    ]
    return min(1.0, sum(map(exp, logs)))


def _choose(n: int, k: int) -> float:
    """The logarithm of n over k."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) if 0 <= k <= n else -inf


def compute_most_wrong(n_all: int, n_sample: int, n_seen: int, confidence: float) -> int:
    """The most that are wrong of all, with a confidence, after so many were seen in a sample."""
    low, high = n_seen, n_all - (n_sample - n_seen)
    while low < high:
        middle = (low + high + 1) // 2
        if compute_share_seen(n_all, middle, n_sample, n_seen) > 1 - confidence:
            low = middle
        else:
            high = middle - 1
    return low


def compute_sample(n_all: int, share: float, confidence: float) -> int:
    """The smallest sample that, if nothing is wrong in it, says that at most a share of all is wrong."""
    allowed = int(share * n_all)
    low, high = 1, n_all
    while low < high:
        middle = (low + high) // 2
        if compute_most_wrong(n_all, middle, 0, confidence) <= allowed:
            high = middle
        else:
            low = middle + 1
    return low
