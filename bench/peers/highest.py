"""The highest rate that a tool holds: a ladder from below its closed loop, then halvings."""

import dataclasses
from typing import Optional

ENOUGH, TOO_MANY = 0.999, 1.005  # of what was to be sent; who sends more than told does not hold a rate either
FIRST = 0.7                      # of the closed loop
STEP = 2 ** 0.5                  # of the ladder: two halvings leave 9 %
PRECISION = 1.10
TRIES = 3                        # of a rate, at most
PROBES = 18                      # in all, repetitions among them


@dataclasses.dataclass
class Probe:
    rate: int
    share: float

    @property
    def held(self):
        return ENOUGH <= self.share <= TOO_MANY


@dataclasses.dataclass
class Highest:
    held: Optional[Probe] = None    # nothing: none of those tried
    failed: Optional[Probe] = None  # the lowest that was not; nothing: no probe was left to find one

    @property
    def found(self):
        return bool(self.held and self.failed) and self.failed.rate <= self.held.rate * PRECISION


def search(share_at, closed_loop_rate, whole):
    """`share_at(rate)` runs a probe. Rates are multiples of `whole`, so that each connection has a whole rate of its own.
    A probe that fails is repeated, for it may have been the host: two of three decide."""
    so_far, left = Highest(), PROBES
    rate = rounded(closed_loop_rate * FIRST, whole)
    while left >= TRIES and not so_far.found:
        probe, tries = probed(share_at, rate)
        left -= tries
        if probe.held:
            so_far.held = probe
        else:
            so_far.failed = probe
        following = rounded(next_rate(so_far), whole)
        if following in [tried.rate for tried in (so_far.held, so_far.failed) if tried]:
            break
        rate = following
    return so_far


def probed(share_at, rate):
    """The last probe of the rate, and how many there were: one that held, two that failed, or three."""
    probe = Probe(rate, share_at(rate))
    if probe.held:
        return probe, 1
    probe = Probe(rate, share_at(rate))
    return (Probe(rate, share_at(rate)), TRIES) if probe.held else (probe, 2)


def next_rate(so_far):
    if so_far.held and so_far.failed:
        return (so_far.held.rate * so_far.failed.rate) ** 0.5
    return so_far.held.rate * STEP if so_far.held else so_far.failed.rate / STEP


def rounded(rate, whole):
    return max(round(rate / whole), 1) * whole
