// The exporters `file`, `debug` and `nop`.
#include "config/options/options.h"

namespace tailrace::config {

Schema<FileExporterConfig> FileExporterOptions() {
  using F = FileExporterConfig;
  Schema<F> schema;
  schema
      .Value("path", &F::path, std::string(), NonEmptyTexts(),
             "The file: OTLP JSON, one ExportTraceServiceRequest a line.")
      .Required()
      .Value("append", &F::append, false, Booleans(), "Add to an existing file; otherwise it is emptied at start.")
      .Value("flush_interval", &F::flush_interval, Duration(std::chrono::seconds(1)),
             Durations({std::chrono::milliseconds(1), std::chrono::hours(1)}),
             "How long written lines may stay in memory.")
      .NotYet("format", "json")
      .NotYet("compression")
      .NotYet("encoding")
      .NotYet("rotation")
      .NotYet("group_by")
      .NoEffect("create_directory", "the file's folder is made where it is missing")
      .NoEffect("directory_permissions", "the process's umask decides");
  return schema;
}

Schema<DebugExporterConfig> DebugExporterOptions() {
  using D = DebugExporterConfig;
  Schema<D> schema;
  schema
      .Value("verbosity", &D::verbosity, Verbosity::kBasic,
             Enums<Verbosity>(
                 {{"basic", Verbosity::kBasic}, {"normal", Verbosity::kNormal}, {"detailed", Verbosity::kDetailed}}),
             "How much is written of each batch: a line; a line a span; every field.")
      .NoEffect("sampling_initial", "the exporter has its own bound on lines")
      .NoEffect("sampling_thereafter", "the exporter has its own bound on lines")
      .NoEffect("use_internal_logger", "the exporter writes through the log")
      .NoEffect("output_paths", "the exporter writes through the log")
      .NoEffect("sending_queue", "the exporter does not wait for anything");
  return schema;
}

Schema<NopExporterConfig> NopExporterOptions() { return {}; }

}  // namespace tailrace::config
