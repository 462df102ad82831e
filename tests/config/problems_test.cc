// What is refused: a table of (file, the whole text of its problems).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "tests/config/load_text.h"

namespace tailrace::config {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string problems;
};

class ProblemsTest : public testing::TestWithParam<Case> {};

TEST_P(ProblemsTest, AreNamedWithLineAndKey) { EXPECT_EQ(ProblemsOf(LoadText(GetParam().text)), GetParam().problems); }

void PrintTo(const Case& test_case, std::ostream* out) { *out << test_case.name; }

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

const std::string kPolicy = "    policies: [{name: p, type: always_sample}]\n";
const std::string kTs = "processors::tail_sampling";

INSTANTIATE_TEST_SUITE_P(
    TailSampling, ProblemsTest,
    testing::Values(
        Case{"UnknownKey", WithProcessors("  tail_sampling:\n    decision_wiat: 10s\n" + kPolicy),
             "3: " + kTs + "::decision_wiat: unknown key; did you mean \"decision_wait\"?\n"},
        Case{"NoUnit", WithProcessors("  tail_sampling:\n    decision_wait: 10\n" + kPolicy),
             "3: " + kTs + "::decision_wait: \"10\" has no unit; write a duration such as 300ms, 10s or 1h30m\n"},
        Case{"Negative", WithProcessors("  tail_sampling:\n    decision_wait: -1s\n" + kPolicy),
             "3: " + kTs + "::decision_wait: \"-1s\" is negative; allowed: 0s to 24h\n"},
        Case{"Exponent", WithProcessors("  tail_sampling:\n    decision_wait: 1e400\n" + kPolicy),
             "3: " + kTs + "::decision_wait: \"1e400\" is not a duration; write one such as 300ms, 10s or 1h30m\n"},
        Case{"TooLong", WithProcessors("  tail_sampling:\n    decision_wait: 25h\n" + kPolicy),
             "3: " + kTs + "::decision_wait: \"25h\" is out of range; allowed: 0s to 24h\n"},
        Case{"Overflow", WithProcessors("  tail_sampling:\n    num_traces: 18446744073709551616\n" + kPolicy),
             "3: " + kTs + "::num_traces: expected an integer (1 to 1000000000), got \"18446744073709551616\"\n"},
        Case{"ZeroTraces", WithProcessors("  tail_sampling:\n    num_traces: 0\n" + kPolicy),
             "3: " + kTs + "::num_traces: \"0\" is out of range; allowed: 1 to 1000000000\n"},
        Case{"QuotedNumber", WithProcessors("  tail_sampling:\n    num_traces: \"5\"\n" + kPolicy),
             "3: " + kTs + "::num_traces: expected an integer (1 to 1000000000), got the text \"5\"\n"},
        Case{"NotABoolean", WithProcessors("  tail_sampling:\n    sample_on_first_match: yes\n" + kPolicy),
             "3: " + kTs + "::sample_on_first_match: expected true or false, got \"yes\"\n"},
        Case{"Strategy", WithProcessors("  tail_sampling:\n    sampling_strategy: sometimes\n" + kPolicy),
             "3: " + kTs +
                 "::sampling_strategy: invalid sampling_strategy \"sometimes\", expected one of "
                 "\"trace-complete\" or \"span-ingest\"\n"},
        Case{"Storage", WithProcessors("  tail_sampling:\n    tail_storage: disk\n" + kPolicy),
             "3: " + kTs +
                 "::tail_storage: Tailrace holds waiting spans in memory, within service::tailrace::memory_budget_mib, "
                 "and has no storage extensions: remove this key\n"},
        Case{"NoPolicies", WithProcessors("  tail_sampling:\n    policies: []\n"),
             "3: " + kTs +
                 "::policies: at least one policy is required: without one no trace would be kept; "
                 "`- {name: all, type: always_sample}` keeps every trace\n"},
        Case{"NullSampling", WithProcessors("  tail_sampling:\n"),
             "2: " + kTs +
                 "::policies: at least one policy is required: without one no trace would be kept; "
                 "`- {name: all, type: always_sample}` keeps every trace\n"},
        Case{"PoliciesNoList", WithProcessors("  tail_sampling:\n    policies: all\n"),
             "3: " + kTs + "::policies: expected a list of policies, got \"all\"\n"},
        Case{
            "AllAtOnce",
            WithProcessors("  tail_sampling:\n    decision_wait: 10\n    num_traces: many\n    policy: []\n" + kPolicy),
            "3: " + kTs +
                "::decision_wait: \"10\" has no unit; write a duration such as 300ms, 10s or 1h30m\n"
                "4: " +
                kTs +
                "::num_traces: expected an integer (1 to 1000000000), got \"many\"\n"
                "5: " +
                kTs + "::policy: unknown key; did you mean \"policies\"?\n"}),
    NameOf);

const std::string kP0 = "4: processors::tail_sampling::policies[0]";

INSTANTIATE_TEST_SUITE_P(
    Policies, ProblemsTest,
    testing::Values(
        Case{"DuplicateName",
             WithPolicies("    - {name: e, type: always_sample}\n    - {name: e, type: always_sample}\n"),
             "5: processors::tail_sampling::policies[1]::name: duplicate policy name \"e\"; the first is at line 4\n"},
        Case{"EmptyName", WithPolicies("    - {name: \"\", type: always_sample}\n"),
             kP0 + "::name: policy name cannot be empty\n"},
        Case{"NoName", WithPolicies("    - {type: always_sample}\n"), kP0 + "::name: policy name cannot be empty\n"},
        Case{"NoType", WithPolicies("    - {name: p}\n"),
             kP0 + "::type: required: the policy's type, such as latency\n"},
        Case{"UnknownType", WithPolicies("    - {name: p, type: no_such_policy}\n"),
             kP0 + "::type: unknown sampling policy type no_such_policy; Tailrace has: always_sample, latency, "
                   "status_code, probabilistic, numeric_attribute, boolean_attribute, string_attribute, rate_limiting, "
                   "bytes_limiting, span_count, trace_state, trace_flags, ottl_condition, and, not, drop, composite\n"},
        Case{"NearType", WithPolicies("    - {name: p, type: latencyy}\n"),
             kP0 + "::type: unknown sampling policy type latencyy; did you mean \"latency\"?\n"},
        Case{"NumericUnset", WithPolicies("    - {name: p, type: numeric_attribute, numeric_attribute: {key: k}}\n"),
             kP0 + "::numeric_attribute: at least one of min_value or max_value must be set (0 means not set)\n"},
        Case{
            "NumericReversed",
            WithPolicies("    - {name: p, type: numeric_attribute, numeric_attribute: {min_value: 5, max_value: 3}}\n"),
            kP0 + "::numeric_attribute: min_value 5 is above max_value 3: no number would match\n"},
        Case{"OttlEmpty", WithPolicies("    - {name: p, type: ottl_condition}\n"),
             kP0 + "::ottl_condition: expected at least one OTTL condition to filter on\n"},
        Case{"DropInAnd", WithPolicies("    - {name: a, type: and, and: {and_sub_policy: [{type: drop}]}}\n"),
             kP0 + "::and::and_sub_policy[0]::type: a policy of type drop cannot stand inside and or drop\n"},
        Case{"NotInNot", WithPolicies("    - {name: n, type: not, not: {not_sub_policy: {type: not}}}\n"),
             kP0 + "::not::not_sub_policy::type: a policy of type not cannot stand inside not\n"},
        Case{"NotInComposite",
             WithPolicies("    - {name: c, type: composite, composite: {composite_sub_policy: [{type: not}]}}\n"),
             kP0 + "::composite::composite_sub_policy[0]::type: a policy of type not cannot stand inside composite\n"},
        Case{"DropEmpty", WithPolicies("    - {name: d, type: drop, drop: {drop_sub_policy: []}}\n"),
             kP0 + "::drop: expected at least one policy in drop_sub_policy\n"},
        Case{"CompositeEmpty", WithPolicies("    - {name: c, type: composite}\n"),
             kP0 + "::composite: expected at least one policy in composite_sub_policy\n"},
        Case{"StatusCase", WithPolicies("    - {name: p, type: status_code, status_code: {status_codes: [error]}}\n"),
             kP0 + "::status_code::status_codes[0]: unknown status code \"error\", supported: OK, ERROR, UNSET; did "
                   "you mean \"ERROR\"?\n"},
        Case{"StatusEmpty", WithPolicies("    - {name: p, type: status_code, status_code: {status_codes: []}}\n"),
             kP0 + "::status_code: expected at least one status code to filter on\n"},
        Case{"StatusMissing", WithPolicies("    - {name: p, type: status_code}\n"),
             kP0 + "::status_code: expected at least one status code to filter on\n"},
        Case{"ThresholdText", WithPolicies("    - {name: p, type: latency, latency: {threshold_ms: fast}}\n"),
             kP0 + "::latency::threshold_ms: expected an integer (-9223372036854775807 or more), got \"fast\"\n"},
        Case{"PolicyKey", WithPolicies("    - {name: p, type: latency, latency: {threshold_ms: 1, thresh: 2}}\n"),
             kP0 + "::latency::thresh: unknown key; allowed: threshold_ms, upper_threshold_ms\n"},
        Case{"PercentageNan",
             WithPolicies("    - {name: p, type: probabilistic, probabilistic: {sampling_percentage: .nan}}\n"),
             kP0 + "::probabilistic::sampling_percentage: expected a number (-1e+06 to 1e+06), got \".nan\"\n"},
        Case{"PercentageHuge",
             WithPolicies("    - {name: p, type: probabilistic, probabilistic: {sampling_percentage: 1e400}}\n"),
             kP0 + "::probabilistic::sampling_percentage: expected a number (-1e+06 to 1e+06), got \"1e400\"\n"},
        Case{"NotAPolicy", WithPolicies("    - latency\n"),
             kP0 + ": expected a policy (a map with name and type), got \"latency\"\n"},
        Case{"UnknownPolicyKey", WithPolicies("    - {name: p, type: always_sample, nmae: x}\n"),
             kP0 + "::nmae: unknown key; did you mean \"name\"?\n"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Receiver, ProblemsTest,
    testing::Values(
        Case{"NoProtocol", WithReceiver("    protocols:\n"),
             "2: receivers::otlp: must specify at least one protocol when using the OTLP receiver\n"},
        Case{"MissingPort", WithReceiver("    protocols:\n      grpc:\n        endpoint: localhost\n"),
             "5: receivers::otlp::protocols::grpc::endpoint: \"localhost\": missing port; write host:port, such as "
             "localhost:4317 or [::1]:4317\n"},
        Case{"PortRange", WithReceiver("    protocols:\n      grpc:\n        endpoint: localhost:65536\n"),
             "5: receivers::otlp::protocols::grpc::endpoint: \"localhost:65536\": the port must be 0 to 65535; write "
             "host:port, such as localhost:4317 or [::1]:4317\n"},
        Case{"Tls", WithReceiver("    protocols:\n      http:\n        tls: {cert_file: a, key_file: b, tpm: {}}\n"),
             "5: receivers::otlp::protocols::http::tls::tpm: exists in the Collector but not in Tailrace yet\n"},
        Case{"Size", WithReceiver("    protocols:\n      grpc:\n        max_recv_msg_size_mib: 99999999999\n"),
             "5: receivers::otlp::protocols::grpc::max_recv_msg_size_mib: \"99999999999\" is out of range; allowed: 1 "
             "to 2047\n"},
        Case{"Path", WithReceiver("    protocols:\n      http:\n        traces_url_path: v1/traces\n"),
             "5: receivers::otlp::protocols::http::traces_url_path: must begin with /\n"},
        Case{"Protocol", WithReceiver("    protocols:\n      grcp:\n"),
             "2: receivers::otlp: must specify at least one protocol when using the OTLP receiver\n"
             "4: receivers::otlp::protocols::grcp: unknown key; did you mean \"grpc\"?\n"}),
    NameOf);

const std::string kOtlp = "  otlp:\n    endpoint: h:1\n";

INSTANTIATE_TEST_SUITE_P(
    Exporter, ProblemsTest,
    testing::Values(
        Case{"NoEndpoint", WithExporters("  otlp:\n", "[otlp]"),
             "2: exporters::otlp::endpoint: required: The backend. `http://` before it: plaintext; `https://`: TLS; "
             "also "
             "`dns:///` and `unix://`.\n"},
        Case{"MissingPort", WithExporters("  otlp:\n    endpoint: tempo\n", "[otlp]"),
             "3: exporters::otlp::endpoint: \"tempo\": missing port; write host:port, such as localhost:4317 or "
             "[::1]:4317\n"},
        Case{"Storage", WithExporters(kOtlp + "    sending_queue: {storage: file_storage}\n", "[otlp]"),
             "4: exporters::otlp::sending_queue::storage: storage client \"file_storage\" not found: it must be "
             "configured under extensions\n"},
        Case{"Block",
             WithExporters(kOtlp + "    sending_queue: {block_on_overflow: true, overflow: drop_oldest}\n", "[otlp]"),
             "4: exporters::otlp::sending_queue::overflow: a queue that blocks drops nothing: remove one of the two\n"},
        Case{"HttpWithoutEndpoint", WithExporters("  otlphttp:\n    encoding: json\n", "[otlphttp]"),
             "2: exporters::otlphttp: at least one endpoint must be specified\n"},
        Case{"HttpWithoutScheme", WithExporters("  otlp_http:\n    endpoint: tempo:4318\n", "[otlp_http]"),
             "3: exporters::otlp_http::endpoint: \"tempo:4318\" is not a URL: http:// or https://\n"},
        Case{"QueueSize", WithExporters(kOtlp + "    sending_queue: {queue_size: 0}\n", "[otlp]"),
             "4: exporters::otlp::sending_queue::queue_size: `queue_size` must be positive\n"},
        Case{"Elapsed", WithExporters(kOtlp + "    retry_on_failure: {max_elapsed_time: 6s}\n", "[otlp]"),
             "4: exporters::otlp::retry_on_failure: 'max_elapsed_time' must not be less than 'max_interval'\n"},
        Case{"Auth", WithExporters(kOtlp + "    auth: {authenticator: basicauth}\n", "[otlp]"),
             "4: exporters::otlp::auth::authenticator: authenticator \"basicauth\" not found: it must be configured "
             "under extensions\n"},
        Case{"Zstd", WithExporters(kOtlp + "    compression: zstd\n", "[otlp]"),
             "4: exporters::otlp::compression: \"zstd\" is not one of gzip, none\n"},
        Case{"HalfKeyPair", WithExporters(kOtlp + "    tls:\n      cert_file: c.pem\n", "[otlp]"),
             "5: exporters::otlp::tls: cert_file and key_file go together: set both or neither\n"},
        Case{"Verbosity", WithExporters("  debug:\n    verbosity: detialed\n", "[debug]"),
             "3: exporters::debug::verbosity: \"detialed\" is not one of basic, normal, detailed; did you mean "
             "\"detailed\"?\n"},
        Case{"NoPath", WithExporters("  file:\n", "[file]"),
             "2: exporters::file::path: required: The file: OTLP JSON, one ExportTraceServiceRequest a line.\n"},
        Case{"Rotation", WithExporters("  file:\n    path: x\n    rotation:\n      max_days: 1\n", "[file]"),
             "5: exporters::file::rotation: exists in the Collector but not in Tailrace yet\n"},
        Case{"Unknown", WithExporters("  otpl:\n  nop:\n", "[nop]"),
             "2: exporters::otpl: unknown exporter type \"otpl\"; did you mean \"otlp\"?\n"},
        Case{"CollectorOnly", WithExporters("  kafka:\n", "[kafka]"),
             "11: service::pipelines::traces: references exporter \"kafka\": this exporter exists in the Collector but "
             "not in Tailrace yet\n"},
        Case{"BothSpellings", WithExporters("  debug:\n  logging:\n", "[debug]"),
             "3: exporters::logging: is the same exporter as \"debug\" at line 2\n"},
        Case{"BadId", WithExporters("  nop:\n  nop/a b:\n", "[nop]"),
             "3: exporters::nop/a b: \"nop/a b\" is not a component id (type or type/name): a name has no spaces, "
             "control characters or symbols\n"}),
    NameOf);

}  // namespace
}  // namespace tailrace::config
