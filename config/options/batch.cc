// The `batch` processor: how kept traces are gathered before the exporters get them.
#include "config/options/options.h"

namespace tailrace::config {

Schema<BatchConfig> BatchOptions() {
  using B = BatchConfig;
  constexpr uint64_t kSpansMax = 10'000'000;
  Schema<B> schema;
  schema
      .Value("timeout", &B::timeout, Duration(std::chrono::milliseconds(200)),
             Durations({std::chrono::seconds(0), std::chrono::hours(1)}),
             "How long a kept span waits for others at most. 0s: it does not.")
      .Value("send_batch_size", &B::send_batch_size, uint64_t{8192}, Integers<uint64_t>(0, kSpansMax),
             "Spans after which a batch is sent at once. 0: only time and bytes count.")
      .Value("send_batch_max_size", &B::send_batch_max_size, uint64_t{0}, Integers<uint64_t>(0, kSpansMax),
             "Spans that a batch holds at most. 0: no bound.")
      .Value("send_batch_max_bytes", &B::bytes_max, (uint64_t{4} << 20) - (uint64_t{64} << 10),
             Integers<uint64_t>(uint64_t{64} << 10, uint64_t{1} << 30),
             "Tailrace's own. Bytes that a batch holds at most; the default stays below the 4 MiB that Jaeger and the "
             "Collector take.")
      .NoEffect("metadata_keys", "no component reads client metadata")
      .NoEffect("metadata_cardinality_limit", "no component reads client metadata")
      .Checked([](const B& batch, const Node& node, const Scope& scope) {
        if (batch.send_batch_max_size == 0 || batch.send_batch_max_size >= batch.send_batch_size) return;
        const Node* given = node.Find("send_batch_max_size");
        scope.Child("send_batch_max_size")
            .Fail(given == nullptr ? node.where : given->where,
                  "send_batch_max_size must be greater or equal to send_batch_size");
      });
  return schema;
}

}  // namespace tailrace::config
