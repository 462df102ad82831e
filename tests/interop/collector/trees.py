"""Random `tail_sampling` policies: every leaf and every combinator, where the outcome hangs on nothing but the traces.

Left out, for their outcome hangs on order or time: limiters that run dry, and `latency` with an upper bound that matters.
"""

from tests.interop.collector import traffic
from tests.interop.collector.conditions import Conditions

TEXT_KEYS = ["text", "route", "service.name", "region", "mixed", "digits", "ip", "absent"]
PATTERNS = ["^/api", "z$", "a.*", "(?i)^acme", "[0-9]+", "^$", "é", "^.{3}$", r"\d{2}", "get|post", "x*"]
MUCH = 1_000_000_000


class Trees:
    def __init__(self, rng):
        self.rng = rng
        self.conditions = Conditions(rng)
        self.names = 0

    def tree(self) -> dict:
        """The options of one tail_sampling processor."""
        rng = self.rng
        made = {}
        if rng.random() < 0.15:
            made["sample_on_first_match"] = True
        if rng.random() < 0.05:
            made["maximum_trace_size_bytes"] = rng.choice([300, 1500, 6000])
        made["policies"] = [self._top() for _ in range(rng.choice([1, 1, 1, 2, 3]))]
        return made

    def _policy(self, kind: str, options: dict) -> dict:
        self.names += 1
        made = {"name": f"p{self.names}", "type": kind}
        return {**made, kind: options} if options else made

    def _top(self):
        roll = self.rng.random()
        if roll < 0.5:
            return self._leaf()
        if roll < 0.7:
            return self._and()
        if roll < 0.8:
            return self._not()
        if roll < 0.9:
            return self._policy("drop", {"drop_sub_policy": self._filters()})
        return self._composite()

    def _filters(self):
        return [self._not() if self.rng.random() < 0.25 else self._leaf() for _ in range(self.rng.choice([1, 2, 2, 3]))]

    def _and(self):
        return self._policy("and", {"and_sub_policy": self._filters()})

    def _not(self):
        return self._policy("not", {"not_sub_policy": self._leaf()})

    def _composite(self):
        rng = self.rng
        children = [self._and() if rng.random() < 0.3 else self._leaf() for _ in range(rng.choice([1, 2, 3]))]
        names = [child["name"] for child in children]
        shares = [{"policy": name, "percent": rng.choice([0, 10, 25, 30])} for name in names if rng.random() < 0.8]
        return self._policy("composite", {"max_total_spans_per_second": rng.choice([0, MUCH, MUCH, MUCH]), "policy_order": names,
                                          "composite_sub_policy": children, "rate_allocation": shares})

    def _leaf(self):
        if self.rng.random() < 0.45:
            return self._ottl()
        return self.rng.choice([self._always, self._latency, self._numeric, self._boolean, self._string, self._string,
                                self._status, self._probabilistic, self._limit, self._span_count, self._trace_state,
                                self._trace_flags])()

    def _always(self):
        return self._policy("always_sample", {})

    def _trace_flags(self):
        return self._policy("trace_flags", {})

    def _latency(self):
        options = {"threshold_ms": self.rng.choice([0, 1, 4, 5, 49, 50, 499, 500, 2000, -1])}
        if self.rng.random() < 0.2:
            options["upper_threshold_ms"] = MUCH
        return self._policy("latency", options)

    def _numeric(self):
        low, high = sorted(self.rng.sample([-5, -1, 1, 2, 7, 42, 200, 404, 500, 9007199254740993, (1 << 63) - 1], 2))
        low, high = self.rng.choice([(low, high), (low, 0), (0, high), (low, low)])
        if low > high and high != 0:
            low = 0
        options = {"key": self.rng.choice(["status", "count", "host.cpu", "mixed", "load", "text", "absent"]), "min_value": low,
                   "max_value": high}
        return self._policy("numeric_attribute", self._maybe_inverted(options))

    def _maybe_inverted(self, options: dict) -> dict:
        if self.rng.random() < 0.3:
            options["invert_match"] = True
        return options

    def _boolean(self):
        return self._policy("boolean_attribute", self._maybe_inverted(
            {"key": self.rng.choice(["hit", "mixed", "text", "absent"]), "value": self.rng.random() < 0.6}))

    def _string(self):
        regex = self.rng.random() < 0.5
        pool = PATTERNS if regex else traffic.WORDS + traffic.ROUTES + traffic.SERVICES
        options = {"key": self.rng.choice(TEXT_KEYS), "values": self.rng.sample(pool, self.rng.choice([1, 2, 3]))}
        if regex:
            options["enabled_regex_matching"] = True
            if self.rng.random() < 0.3:
                options["cache_max_size"] = self.rng.choice([1, 2, 1000])
        return self._policy("string_attribute", self._maybe_inverted(options))

    def _status(self):
        codes = self.rng.sample(["OK", "ERROR", "UNSET"], self.rng.choice([1, 1, 2]))
        return self._policy("status_code", {"status_codes": codes})

    def _probabilistic(self):
        options = {"sampling_percentage": self.rng.choice([0, 0.5, 1, 10, 33.3, 50, 75, 99.9, 100, 150])}
        if self.rng.random() < 0.7:
            options["hash_salt"] = self.rng.choice(["pepper", "été", "", "tier-2"])
        return self._policy("probabilistic", options)

    def _limit(self):
        unit = self.rng.choice(["spans", "bytes"])
        options = {f"{unit}_per_second": self.rng.choice([MUCH, 1000 * MUCH]), "burst_capacity": 1000 * MUCH}
        if self.rng.random() < 0.3:
            options = {f"{unit}_per_second": 0, "burst_capacity": 0}
        return self._policy("rate_limiting" if unit == "spans" else "bytes_limiting", options)

    def _span_count(self):
        low = self.rng.choice([0, 1, 2, 3, 5, 10])
        options = {"min_spans": low}
        if self.rng.random() < 0.5:
            options["max_spans"] = self.rng.choice([low + 1, low + 4, 30])
        return self._policy("span_count", options)

    def _trace_state(self):
        values = self.rng.sample(["alpha", "beta", "acme", "globex", "1", "2", "th:8", ""], self.rng.choice([1, 2]))
        return self._policy("trace_state", {"key": self.rng.choice(["vendor", "tenant", "a", "ot"]), "values": values})

    def _ottl(self):
        rng = self.rng
        options = {"error_mode": rng.choice(["ignore", "ignore", "propagate", "silent"])}
        lists = rng.choice([("span",), ("span",), ("span",), ("spanevent",), ("span", "spanevent")])
        for name in lists:
            options[name] = [self.conditions.condition(name) for _ in range(rng.choice([1, 1, 2]))]
        return self._policy("ottl_condition", options)
