"""Random OTTL conditions that the Collector takes, drawn from the same pools as the traffic.

Each method makes one expression of one kind; now and then one of another kind, since how the kinds meet is half of what
there is to compare. What the Collector itself answers differently from run to run (the order of a Go map) is left out.
"""

from tests.interop.collector import traffic

OPS = ["==", "==", "==", "!=", "<", "<=", ">", ">="]
KINDS = ["SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER",
         "SPAN_KIND_CONSUMER"]
STATUSES = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"]
PATTERNS = ["^/api", "z$", "a.*", "(?i)^acme", "[0-9]+", "^$", "é", "^.{3}$", "get|post", "^5", "[[:upper:]]", "x{2,3}", "^(a|b)"]
HASHES = ["MD5", "SHA1", "SHA256", "SHA512", "Murmur3Hash", "Murmur3Hash128", "XXH3", "XXH128"]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Conditions:
    def __init__(self, rng):
        self.rng = rng
        self.context = "span"
        self.locals = []  # the parameters of the lambdas around, each with the kind that it mostly has

    def condition(self, context: str) -> str:
        self.context = context
        return self._logic(self.rng.choice([0, 0, 1, 1, 2]))

    def _logic(self, depth: int) -> str:
        if depth == 0:
            return self._truth()
        roll = self.rng.random()
        if roll < 0.4:
            return f"{self._logic(depth - 1)} and {self._logic(depth - 1)}"
        if roll < 0.75:
            return f"{self._logic(depth - 1)} or {self._logic(depth - 1)}"
        return f"{self.rng.choice(['', 'not '])}({self._logic(depth - 1)})"

    def _truth(self) -> str:
        roll = self.rng.random()
        if roll < 0.02:
            return self.rng.choice(["true", "false", "not true"])
        if roll < 0.3:
            return self.rng.choice(["", "", "not "]) + self._predicate(2)
        return self._comparison()

    def _comparison(self) -> str:
        rng = self.rng
        kind = rng.choice([self.text, self.text, self.whole, self.whole, self.real, self.items, self.mapping, self.blob,
                           self.moment, self.period, self.truth_value, self.anything])
        left = kind(rng.choice([1, 2, 3]))
        roll = rng.random()
        if roll < 0.1:
            return f"{left} {rng.choice(['==', '!='])} nil"
        other = kind if roll < 0.9 else rng.choice([self.text, self.whole, self.real, self.truth_value, self.anything, self.blob])
        right = other(rng.choice([0, 0, 0, 1]))
        if kind == self.whole and rng.random() < 0.1:
            right = rng.choice(KINDS + STATUSES)
        return f"{left} {rng.choice(OPS)} {right}" if rng.random() < 0.85 else f"{right} {rng.choice(OPS)} {left}"

    # ---- paths ------------------------------------------------------------------------------------------------------

    def _path(self, event: str, span: str) -> str:
        """A field of what is asked about: of the event where conditions are asked of events, else of the span."""
        rng = self.rng
        if self.context == "spanevent":
            if rng.random() < 0.6:
                return rng.choice(["", "spanevent."]) + event
            return "span." + span
        return rng.choice(["", "span."]) + span

    def attribute(self, key: str) -> str:
        rng = self.rng
        if rng.random() < 0.15 and key in traffic.RESOURCE_KEYS:
            return f'resource.attributes["{key}"]'
        if rng.random() < 0.05:
            key = "absent"
        if rng.random() < 0.03:
            return self._path("attributes[name]", f'attributes[Concat(["{key[:2]}", "{key[2:]}"], "")]')
        return self._path(f'attributes["{key}"]', f'attributes["{key}"]')

    def _own_attributes(self) -> str:
        rng = self.rng
        return rng.choice([self._path("attributes", "attributes"), "resource.attributes",
                           rng.choice(["scope", "instrumentation_scope"]) + ".attributes"])

    def _local(self, kind: str):
        """A lambda's parameter in place of an attribute, where there is one."""
        fitting = [name for name, its in self.locals if its in (kind, "any")]
        return self.rng.choice(fitting) if fitting and self.rng.random() < 0.7 else None

    # ---- text -------------------------------------------------------------------------------------------------------

    def text(self, depth: int = 0) -> str:
        rng = self.rng
        if depth == 0:
            return quoted(rng.choice(traffic.WORDS + traffic.ROUTES + traffic.NAMES))
        local = self._local("text")
        if local:
            return local
        if depth == 1 or rng.random() < 0.25:
            return self._text_path()
        return self._text_call(depth - 1)

    def _text_path(self) -> str:
        rng = self.rng
        key = rng.choice(["text", "text", "route", "json", "pairs", "when", "took", "ip", "url", "digits", "mixed"])
        scope = rng.choice(["scope", "instrumentation_scope"])
        return rng.choice([lambda: self.attribute(key)] * 5 + [
            lambda: self._path("name", "name"), lambda: 'resource.attributes["service.name"]',
            lambda: f"{scope}.name", lambda: f"{scope}.version", lambda: f'{scope}.attributes["mode"]',
            lambda: self._path("name", "status.message"), lambda: self._path("name", "trace_state"),
            lambda: self._path("name", 'trace_state["vendor"]'), lambda: self._path("name", "trace_id.string"),
            lambda: self._path("name", "span_id.string"), lambda: self._path("name", "parent_span_id.string"),
            lambda: self._path("name", "kind.string"), lambda: self._path("name", "kind.deprecated_string"),
            lambda: self.attribute("ctx") + '["region"]', lambda: self.attribute("tags") + f"[{rng.randrange(3)}]",
        ])()

    def _text_call(self, d: int) -> str:
        rng = self.rng
        return rng.choice([
            lambda: f"ToLowerCase({self.text(d)})", lambda: f"ToUpperCase({self.text(d)})",
            lambda: f"ToSnakeCase({self.text(d)})", lambda: f"ToCamelCase({self.text(d)})",
            lambda: f'ConvertCase({self.text(d)}, "{rng.choice(["lower", "upper", "snake", "camel"])}")',
            lambda: f"Concat([{', '.join(self.anything(1) for _ in range(rng.randrange(1, 4)))}], {quoted(rng.choice(['', ':', ', ']))})",
            lambda: f"Substring({self.text(d)}, {rng.choice([0, 1, 2])}, {rng.choice([1, 2, 5])}{rng.choice(['', ', true', ', false'])})",
            lambda: f"Trim({self.text(d)}{rng.choice(['', ', ' + quoted('a'), ', ' + quoted(' /')])})",
            lambda: f"TrimPrefix({self.text(d)}, {quoted(rng.choice(['/', 'a', 'GET ', '']))})",
            lambda: f"TrimSuffix({self.text(d)}, {quoted(rng.choice(['2', 'a', 'app.js', '']))})",
            lambda: f"{self._split(d)}[{rng.randrange(2)}]",
            lambda: f"String({self.anything(d)})", lambda: f"Hex({self.anything(1)})",
            lambda: f"{rng.choice(HASHES)}({self.text(d)})",
            lambda: f"Base64Encode({self.text(d)}{rng.choice(['', ', ' + quoted('base64-url')])})",
            lambda: f"Decode({self.text(d)}, {quoted(rng.choice(['base64', 'base64-raw', 'base64-url', 'utf-8', 'us-ascii']))})",
            lambda: f"Coalesce([{self.attribute('absent')}, {self.text(d)}, {quoted('none')}])",
            lambda: self._with_lambda("Find", self.items(1), "any"),
            lambda: f"CommunityID({self.attribute('ip')}, {rng.choice(['80', self.whole(1)])}, {quoted('10.0.0.9')}, 443)",
            lambda: f'URL({self.text(1)})["url.{rng.choice(["domain", "path", "scheme", "query", "fragment", "extension"])}"]',
            lambda: f'ParseJSON({self.attribute("json")})["kind"]',
            lambda: f'ParseKeyValue({self.attribute("pairs")}{rng.choice(["", f", {chr(34)}={chr(34)}, {chr(34)};{chr(34)}"])})["a"]',
            lambda: f'ParseCSV({self.attribute("csv")}, "x,y,z"{rng.choice(["", ", mode=" + quoted("lazyQuotes"), ", mode=" + quoted("ignoreQuotes")])})["y"]',
            lambda: f'ExtractPatterns({self.text(d)}, "^/(?P<first>[a-z]+)/?(?P<rest>.*)")["{rng.choice(["first", "rest"])}"]',
            lambda: f"FormatTime({self.moment(1)}, {quoted(rng.choice(['%Y-%m-%d', '%H:%M:%S', '%A %d %b', '%j']))})",
            lambda: f"Format({quoted(rng.choice(['%v', '<%v>', '%s', 'a%vb%%']))}, [String({self.text(d)})])",
            lambda: f"Format({quoted(rng.choice(['%d', '%5d', '%x', '%v']))}, [Int({self.whole(1)})])",
            lambda: f'When(() => {self._comparison_in_lambda()}, {self.text(1)}, {self.text(0)})',
            lambda: f"ToKeyValueString({self.mapping(1)}{rng.choice(['', ', ' + quoted(':') + ', ' + quoted(';')])}, sort_output=true)",
        ])()

    def _split(self, d: int) -> str:
        return f"Split({self.text(d)}, {quoted(self.rng.choice([',', '/', ' ', '-', '=']))})"

    # ---- numbers ----------------------------------------------------------------------------------------------------

    def whole(self, depth: int = 0) -> str:
        rng = self.rng
        if depth == 0:
            return str(rng.choice([n for n in traffic.INTS if n != -(1 << 63)]))
        local = self._local("whole")
        if local:
            return local
        if depth == 1 or rng.random() < 0.3:
            return self._whole_path()
        return self._whole_call(depth - 1)

    def _whole_path(self) -> str:
        rng = self.rng
        return rng.choice([lambda: self.attribute(rng.choice(["status", "count", "mixed"]))] * 5 + [
            lambda: 'resource.attributes["host.cpu"]', lambda: self._path("dropped_attributes_count", "dropped_attributes_count"),
            lambda: self._path("event_index", "dropped_events_count"), lambda: self._path("time_unix_nano", "dropped_links_count"),
            lambda: self._path("time_unix_nano", rng.choice(["start_time_unix_nano", "end_time_unix_nano"])),
            lambda: self._path("event_index", "kind"), lambda: self._path("event_index", "status.code"),
            lambda: self._path("event_index", "flags"), lambda: self.attribute("ctx") + '["n"]',
            lambda: "resource.dropped_attributes_count", lambda: "scope.dropped_attributes_count",
        ])()

    def _whole_call(self, d: int) -> str:
        rng = self.rng
        op = rng.choice(["+", "-", "*", "/"])
        part = rng.choice(["Year", "Month", "Day", "Hour", "Minute", "Second", "Nanosecond", "Weekday"])
        return rng.choice([
            lambda: f"{self.whole(d)} {op} {self.whole(rng.choice([0, 1]))}", lambda: f"({self.whole(d)} {op} {self.whole(0)}) * 2",
            lambda: f"{self.whole(d)} {op} {self.real(rng.choice([0, 1]))}", lambda: f"-{self._whole_path()}",
            lambda: f"Int({self.anything(d)})", lambda: f"Int({self.text(1)})", lambda: f"Len({self._measurable(d)})",
            lambda: f"{part}({self.moment(d)})", lambda: f"Unix{rng.choice(['Seconds', 'Milli', 'Micro', 'Nano'])}({self.moment(d)})",
            lambda: f"{rng.choice(['Nanoseconds', 'Microseconds', 'Milliseconds'])}({self.period(d)})",
            lambda: f"FNV({self.text(d)})", lambda: f"ParseInt({self.attribute('digits')}, {rng.choice([0, 2, 10, 16, 36])})",
            lambda: f"Index({self.text(d)}, {self.text(0)})", lambda: f"Index({self.items(1)}, {self.anything(0)})",
            lambda: f'ParseJSON({self.attribute("json")})["{rng.choice(["n", "amount"])}"]',
            lambda: f"Coalesce([{self.attribute('absent')}, {self.whole(d)}, 0])",
            lambda: f"end_time_unix_nano - start_time_unix_nano" if self.context == "span" else "event_index + 1",
            lambda: self._reduce(),
        ])()

    def _measurable(self, d: int) -> str:
        pick = self.rng.choice([self.text, self.items, self.mapping, self.anything])
        extra = self._path("attributes", self.rng.choice(["events", "links"]))
        return extra if self.rng.random() < 0.1 else pick(d)

    def real(self, depth: int = 0) -> str:
        rng = self.rng
        if depth == 0:
            return rng.choice(["0.0", "0.5", "1.0", "1.5", "2.25", "-0.5", "200.0", "1.0e10", "1.0e-7", "123456789.125", ".5", "3."])
        if depth == 1 or rng.random() < 0.3:
            return self._local("real") or self.attribute(rng.choice(["load", "load", "mixed", "count"]))
        d = depth - 1
        return rng.choice([
            lambda: f"{self.real(d)} {rng.choice('+-*/')} {self.real(rng.choice([0, 1]))}",
            lambda: f"{self.real(d)} {rng.choice('+-*/')} {self.whole(0)}", lambda: f"Double({self.anything(d)})",
            lambda: f"Double({self.text(1)})", lambda: f"Log({self.real(d)})",
            lambda: f"{rng.choice(['Hours', 'Minutes', 'Seconds'])}({self.period(d)})",
            lambda: f'ParseJSON({self.attribute("json")})["amount"]',
        ])()

    # ---- the other kinds --------------------------------------------------------------------------------------------

    def truth_value(self, depth: int = 0) -> str:
        rng = self.rng
        if depth == 0:
            return rng.choice(["true", "false"])
        if depth == 1 or rng.random() < 0.5:
            return rng.choice([self.attribute("hit"), self.attribute("ctx") + '["deep"]["flag"]', f"Bool({self.anything(1)})"])
        return self._predicate(depth - 1)

    def blob(self, depth: int = 0) -> str:
        rng = self.rng
        if depth == 0:
            return rng.choice(["0x0001", "0x616263", "0xfffe00", "0x00", "0x000102030405060708090A0B0C0D0E0F", "0x"[:2] + "61"])
        return rng.choice([lambda: self.attribute("blob")] * 3 + [
            lambda: self._path('attributes["blob"]', rng.choice(["span_id", "trace_id", "parent_span_id"])),
            lambda: "SpanID(0x0000000000000000)", lambda: 'SpanID("00f067aa0ba902b7")', lambda: f"TraceID({self.attribute('blob')})", lambda: self.attribute("mixed")])()

    def items(self, depth: int = 0) -> str:
        rng = self.rng
        local = self._local("items")
        if local:
            return local
        if depth == 0:
            one = rng.choice([self.text, self.whole, self.real, self.truth_value])
            return "[" + ", ".join(one(int(rng.random() < 0.1)) for _ in range(rng.randrange(4))) + "]"
        if depth == 1 or rng.random() < 0.4:
            return rng.choice([self.attribute("tags"), self.attribute("tags"), self.attribute("mixed")])
        d = depth - 1
        return rng.choice([
            lambda: self._split(d), lambda: f"Sort({self.items(d)}{rng.choice(['', ', ' + quoted('desc'), ', ' + quoted('asc')])})",
            lambda: f"Sort(Keys({self.mapping(1)}))", lambda: f"{rng.choice(['Keys', 'Values'])}({self.mapping(1)})", lambda: f'ParseJSON({self.attribute("json")})["deep"]["list"]',
            lambda: self._with_lambda("Filter", self.items(1), "any"), lambda: self._map_each(),
        ])()

    def mapping(self, depth: int = 0) -> str:
        rng = self.rng
        if depth == 0:
            return rng.choice(["{}", '{"region": "eu"}', '{"n": 3}', '{"region": "us", "n": 42}', '{"deep": {"flag": true}}'])
        if depth == 1 or rng.random() < 0.5:
            return rng.choice([self.attribute("ctx"), self.attribute("ctx"), self.attribute("mixed"), self._own_attributes(),
                               self.attribute("ctx") + '["deep"]'])
        return rng.choice([
            lambda: f"ParseJSON({self.attribute('json')})", lambda: f"ParseKeyValue({self.attribute('pairs')})",
            lambda: f'ParseCSV({self.attribute("csv")}, "x|y|z", header_delimiter="|")', lambda: f"URL({self.attribute('url')})",
            lambda: f'ExtractPatterns({self.text(1)}, "(?P<head>[a-z]+)(?P<tail>.*)")',
            lambda: self._with_lambda("Filter", self.mapping(1), "any", names=("k", "v")),
            lambda: f"SliceToMap({self.items(1)})", lambda: f'{{"n": {self.whole(1)}}}',
            lambda: f'MapKeys({self.mapping(1)}, (k, _) => Concat(["n", k], ""))' if not self.locals else self.mapping(1),
        ])()

    def moment(self, depth: int = 0) -> str:
        rng = self.rng
        if depth == 0:
            return rng.choice(['Time("2025-10-09T08:07:06Z", "%Y-%m-%dT%H:%M:%SZ")', 'Time("2026-03-01", "%Y-%m-%d")',
                               'Time("2026-03-01 06:00", "%Y-%m-%d %H:%M", "Europe/Berlin")', "Unix(1770000000)",
                               "Unix(1775000000, 5)"])
        if depth == 1 or rng.random() < 0.5:
            return self._path("time", rng.choice(["start_time", "end_time"]))
        d = depth - 1
        return rng.choice([
            lambda: f"{self.moment(d)} {rng.choice('+-')} {self.period(0)}",
            lambda: f"TruncateTime({self.moment(d)}, {self.period(0)})",
            lambda: f"Time({self.attribute('when')}, {quoted(rng.choice(['%Y-%m-%dT%H:%M:%SZ', '%Y-%m-%d', '%Y-%m-%dT%H:%M:%S%j']))})",
            lambda: f"Unix({self.whole(1)})",
        ])()

    def period(self, depth: int = 0) -> str:
        rng = self.rng
        if depth == 0:
            return f"Duration({quoted(rng.choice(['1ms', '50ms', '0s', '1.5s', '500ms', '2h45m', '1us', '24h']))})"
        if self.context == "span" and rng.random() < 0.6:
            return "(end_time - start_time)"
        return rng.choice([lambda: f"Duration({self.attribute('took')})", lambda: f"(span.end_time - span.start_time)",
                           lambda: f"({self.period(0)} + {self.period(0)})"])()

    def anything(self, depth: int = 0) -> str:
        rng = self.rng
        if depth == 0:
            return rng.choice([self.text, self.whole, self.real, self.truth_value])(0)
        local = self._local("any")
        if local:
            return local
        if depth == 1:
            return rng.choice([self.attribute("mixed"), self.attribute("mixed"), self.attribute("ctx") + '["other"]',
                               self.attribute("tags") + "[0]", self.attribute(rng.choice(sorted(traffic.KEYS)))])
        return rng.choice([self.text, self.whole, self.real, self.items, self.mapping, self.blob, self.truth_value])(depth - 1)

    # ---- what answers yes or no -------------------------------------------------------------------------------------

    def _predicate(self, d: int) -> str:
        rng = self.rng
        root = "IsRootSpan()" if self.context == "span" else f"IsEmpty({self.anything(1)})"
        return rng.choice([
            lambda: f"IsMatch({self.anything(1)}, {quoted(rng.choice(PATTERNS))})",
            lambda: f"IsMatch({self.text(d)}, {quoted(rng.choice(PATTERNS))})",
            lambda: f"Is{rng.choice(['String', 'Int', 'Double', 'Bool', 'Map', 'List'])}({self.anything(1)})", lambda: root,
            lambda: f"IsEmpty({self.anything(1)})",
            lambda: f"HasPrefix({self.text(d)}, {quoted(rng.choice(['/', 'a', 'GET', '', 'é']))})",
            lambda: f"HasSuffix({self.text(d)}, {quoted(rng.choice(['z', '2', 'e', '', '☕']))})",
            lambda: f"ContainsValue({self.items(1)}, {self.anything(0)})", lambda: f"IsValidLuhn({self.attribute('digits')})",
            lambda: f'IsInCIDR({self.attribute("ip")}, ["10.0.0.0/8", "2001:db8::/32"])',
            lambda: self._with_lambda(rng.choice(["Any", "All"]), self.items(d), "any"),
            lambda: self._with_lambda(rng.choice(["Any", "All"]), self.mapping(1), "any", names=("k", "v")),
        ])()

    # ---- lambdas ----------------------------------------------------------------------------------------------------

    def _with_lambda(self, function: str, source: str, kind: str, names=("i", "v")) -> str:
        if self.locals:  # lambdas within lambdas are left to other tests
            return f"IsEmpty({self.anything(1)})" if function in ("Any", "All") else source
        self.locals = [(names[0], "text" if names[0] == "k" else "whole"), (names[1], kind)]
        body = self._comparison_in_lambda()
        self.locals = []
        return f"{function}({source}, ({names[0]}, {names[1]}) => {body})"

    def _comparison_in_lambda(self) -> str:
        rng = self.rng
        kind = rng.choice([self.text, self.whole, self.anything])
        return f"{kind(1)} {rng.choice(OPS)} {kind(0)}"

    def _map_each(self) -> str:
        source = self.items(1)
        if self.locals:
            return source
        self.locals = [("v", "any")]
        body = self.rng.choice([self.text, self.whole])(2)
        self.locals = []
        return f"MapEach({source}, (_, v) => {body})"

    def _reduce(self) -> str:
        source = self.items(1)
        if self.locals:
            return self.whole(1)
        return f"Reduce({source}, {self.whole(0)}, (total, _, v) => total + {self.rng.choice(['v', '1', 'Int(v)'])})"
