#!/usr/bin/env python3
"""The search for the highest rate held, against tools that are arithmetic."""

import unittest

import highest


class Tool:
    """Sends what it is told up to `most`; `taken` probes, by their number, lose a tenth to the host."""

    def __init__(self, most, taken=(), factor=1.0):
        self.most, self.taken, self.factor = most, taken, factor
        self.rates = []

    def share_at(self, rate):
        self.rates.append(rate)
        lost = 0.9 if len(self.rates) in self.taken else 1.0
        return min(self.factor, self.most / rate) * lost

    def highest(self, closed_loop_rate):
        return highest.search(self.share_at, closed_loop_rate, 64)


class Search(unittest.TestCase):
    def test_finds_what_a_tool_holds_to_ten_percent(self):
        for most in range(20_000, 200_000, 1777):
            tool = Tool(most)
            found = tool.highest(100_000)
            with self.subTest(most=most, rates=tool.rates):
                self.assertLessEqual(found.held.rate, most / 0.999)
                self.assertGreater(found.failed.rate, most)
                self.assertLessEqual(found.failed.rate / found.held.rate, 1.10)
                self.assertLessEqual(len(tool.rates), 18)

    def test_the_ladder_begins_below_the_closed_loop_and_brackets_then_halves(self):
        tool = Tool(60_000)
        tool.highest(100_000)
        # 70,000; 70,016 / √2 = 49,509; √(49,536 × 70,016) = 58,892; √(58,880 × 70,016) = 64,207: each to 64.
        self.assertEqual(tool.rates, [70_016, 70_016, 49_536, 58_880, 64_192, 64_192])

    def test_a_probe_that_the_host_spoils_is_repeated_and_changes_nothing(self):
        undisturbed = Tool(90_000).highest(100_000)
        for spoilt in range(1, 5):
            with self.subTest(spoilt=spoilt):
                self.assertEqual(Tool(90_000, taken=[spoilt]).highest(100_000), undisturbed)

    def test_a_rate_that_holds_by_chance_once_of_three_is_not_held(self):
        shares = iter([0.9, 1.0, 0.9])
        probe, tries = highest.probed(lambda _: next(shares), 1000)
        self.assertFalse(probe.held)
        self.assertEqual(tries, 3)

    def test_one_that_sends_more_than_told_holds_nothing(self):
        tool = Tool(1e9, factor=1.34)
        found = tool.highest(30_000)
        self.assertIsNone(found.held)
        self.assertEqual(found.failed, highest.Probe(min(tool.rates), 1.34))
        self.assertEqual(len(tool.rates), 16)

    def test_half_a_percent_too_many_and_a_thousandth_too_few_are_held(self):
        for share, held in ((0.9989, False), (0.999, True), (1.005, True), (1.0051, False)):
            self.assertEqual(highest.Probe(1000, share).held, held, share)

    def test_ends_without_a_failure_when_all_is_held(self):
        found = Tool(1e9).highest(1000)
        self.assertIsNone(found.failed)
        self.assertFalse(found.found)

    def test_ends_where_rates_are_too_coarse_to_halve(self):
        tool = Tool(100)
        found = tool.highest(150)
        self.assertEqual((found.held.rate, found.failed.rate), (64, 128))


if __name__ == "__main__":
    unittest.main()
