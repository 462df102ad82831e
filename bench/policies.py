"""Policies of the measurements, as lines of a `tail_sampling` block: Tailrace and the Collector read the same ones."""

# The three that most people begin with.
THREE_POLICIES = """\
      - {name: slow, type: latency, latency: {threshold_ms: 500}}
      - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
      - {name: some, type: probabilistic, probabilistic: {sampling_percentage: 1}}"""

# Ten that all read attributes of every span and keep as many traces: three texts, two numbers, two `and`, three conditions.
TEN_POLICIES = """\
      - {name: text-1, type: string_attribute, string_attribute: {key: url.path, values: [/pay, /refund]}}
      - {name: text-2, type: string_attribute, string_attribute: {key: service.version, values: [2.0.0]}}
      - {name: text-3, type: string_attribute, string_attribute: {key: http.request.method, values: ["^DEL.*"], enabled_regex_matching: true}}
      - {name: number-1, type: numeric_attribute, numeric_attribute: {key: http.response.status_code, min_value: 500, max_value: 599}}
      - {name: number-2, type: numeric_attribute, numeric_attribute: {key: queue.depth, min_value: 100}}
      - name: and-1
        type: and
        and:
          and_sub_policy:
            - {name: a, type: string_attribute, string_attribute: {key: service.namespace, values: [shop]}}
            - {name: b, type: latency, latency: {threshold_ms: 500}}
      - name: and-2
        type: and
        and:
          and_sub_policy:
            - {name: a, type: numeric_attribute, numeric_attribute: {key: http.response.status_code, min_value: 1, max_value: 299}}
            - {name: b, type: probabilistic, probabilistic: {sampling_percentage: 1}}
      - name: condition-1
        type: ottl_condition
        ottl_condition: {span: ['attributes["http.response.status_code"] >= 500 and kind == SPAN_KIND_SERVER']}
      - name: condition-2
        type: ottl_condition
        ottl_condition: {span: ['name == "refund" or resource.attributes["service.name"] == "ledger"']}
      - name: condition-3
        type: ottl_condition
        ottl_condition: {span: ['end_time_unix_nano - start_time_unix_nano > 10000000000']}"""

ALL = "      - {name: all, type: always_sample}"
