// Times: out of text and numbers, their parts, as text and numbers.
#include <string>

#include "absl/numeric/int128.h"
#include "processors/ottl/civil.h"
#include "processors/ottl/functions/make.h"
#include "processors/ottl/functions/strptime.h"
#include "processors/ottl/functions/table.h"

namespace tailrace::ottl {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr int64_t kSecondsBeforeUnix = 62135596800;  // from the first day of year 1

bool SetTime(const Time& time, Evaluation* evaluation, Value* result) {
  Time* made = evaluation->arena.New<Time>();
  if (made == nullptr) return FailMemory(evaluation);
  *made = time;
  return SetValue(Value::OfTime(made), result);
}

// Abseil takes more names than the time zone database has, and files anywhere.
bool IsPlace(std::string_view name) {
  return !name.starts_with('/') && !name.starts_with('\\') && name.find("..") == std::string_view::npos &&
         name.find(':') == std::string_view::npos && name.find('\0') == std::string_view::npos && name != "UTC0";
}

absl::StatusOr<absl::TimeZone> ZoneOf(const Argument& location, std::string_view format) {
  if (location.given() && location.expression->constant()->size > 0) {
    absl::TimeZone zone;
    const std::string name(location.expression->constant()->view());
    if (name == "Local") return absl::LocalTimeZone();
    if (!IsPlace(name) || !absl::LoadTimeZone(name, &zone)) {
      return absl::InvalidArgumentError("failed to load location " + name);
    }
    return zone;
  }
  return format.ends_with('Z') ? absl::UTCTimeZone() : absl::LocalTimeZone();
}

Made MakeTime(Arguments arguments) {
  const std::string_view text = arguments[1].expression->constant()->view();
  auto format = TimeFormat::Parse(text);
  if (!format.ok()) return format.status();
  if (!format->has_year()) {
    return absl::InvalidArgumentError("a format without a year is not supported: the year would be the clock's");
  }
  auto zone = ZoneOf(arguments[2], text);
  if (!zone.ok()) return zone.status();
  if (arguments[3].given() && !arguments[3].expression->constant()->view().starts_with("en")) {
    return absl::InvalidArgumentError("only names in English are supported: a locale that begins with en");
  }
  return Call([time = std::move(arguments[0].expression), format = *std::move(format), zone = *zone](
                  Evaluation* evaluation, Value* result) {
    std::string_view from;
    Time read;
    if (!GetString(*time, evaluation, &from)) return false;
    if (from.empty()) return evaluation->Fail("time cannot be nil");
    if (!format.Read(from, zone, &evaluation->arena, &read)) {
      return evaluation->Fail("cannot parse \"" + std::string(from.substr(0, 60)) + "\" as a time of that format");
    }
    return SetTime(read, evaluation, result);
  });
}

Made MakeFormatTime(Arguments arguments) {
  auto format = TimeFormat::Parse(arguments[1].expression->constant()->view());
  if (!format.ok()) return format.status();
  return Call(
      [time = std::move(arguments[0].expression), format = *std::move(format)](Evaluation* evaluation, Value* result) {
        Time of;
        return GetTime(*time, evaluation, &of) && SetString(format.Write(of), evaluation, result);
      });
}

Made MakeUnix(Arguments arguments) {
  return Call([seconds = std::move(arguments[0].expression), nanoseconds = std::move(arguments[1].expression),
               zone = absl::LocalTimeZone()](Evaluation* evaluation, Value* result) {
    int64_t unix_s = 0;
    int64_t ns = 0;
    if (!GetInt(*seconds, evaluation, &unix_s)) return false;
    if (nanoseconds != nullptr && !GetInt(*nanoseconds, evaluation, &ns)) return false;
    // Wraps where Go wraps.
    const int64_t carried = ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0);
    unix_s = static_cast<int64_t>(static_cast<uint64_t>(unix_s) + static_cast<uint64_t>(carried));
    Time time{.unix_s = unix_s, .ns = static_cast<int32_t>(ns - carried * kNsPerSecond)};
    const auto info = zone.At(absl::FromUnixSeconds(unix_s));
    time.offset_s = info.offset;
    if (std::string_view(info.zone_abbr) != "UTC") {
      const std::string_view name = evaluation->arena.Copy(std::string(info.zone_abbr) + '\0');
      if (name.data() == nullptr) return FailMemory(evaluation);
      time.zone = name.data();
    }
    return SetTime(time, evaluation, result);
  });
}

Made MakeTruncateTime(Arguments arguments) {
  return Call([time = std::move(arguments[0].expression), duration = std::move(arguments[1].expression)](
                  Evaluation* evaluation, Value* result) {
    Time of;
    int64_t unit = 0;
    if (!GetTime(*time, evaluation, &of) || !GetDuration(*duration, evaluation, &unit)) return false;
    if (unit <= 0) return SetTime(of, evaluation, result);
    // Counted from year 1, whatever the zone.
    const absl::int128 since = (static_cast<absl::int128>(of.unix_s) + kSecondsBeforeUnix) * kNsPerSecond + of.ns;
    absl::int128 rest = since % unit;
    if (rest < 0) rest += unit;
    const absl::int128 truncated = since - rest;
    absl::int128 seconds = truncated / kNsPerSecond;
    if (truncated % kNsPerSecond < 0) --seconds;
    of.unix_s = static_cast<int64_t>(seconds - kSecondsBeforeUnix);
    of.ns = static_cast<int32_t>(truncated - seconds * kNsPerSecond);
    return SetTime(of, evaluation, result);
  });
}

// An int of a time.
template <int64_t (*kRead)(const Time&)>
Made MakePart(Arguments arguments) {
  return Call([time = std::move(arguments[0].expression)](Evaluation* evaluation, Value* result) {
    Time of;
    return GetTime(*time, evaluation, &of) && SetValue(Value::Int(kRead(of)), result);
  });
}

int64_t Year(const Time& time) { return Civil(time).year(); }
int64_t Month(const Time& time) { return Civil(time).month(); }
int64_t Day(const Time& time) { return Civil(time).day(); }
int64_t Hour(const Time& time) { return Civil(time).hour(); }
int64_t Minute(const Time& time) { return Civil(time).minute(); }
int64_t Second(const Time& time) { return Civil(time).second(); }
int64_t Nanosecond(const Time& time) { return time.ns; }
// Sunday is 0.
int64_t Weekday(const Time& time) { return (static_cast<int>(absl::GetWeekday(Civil(time))) + 1) % 7; }

// In `kPerSecond`ths of a second; wraps where Go wraps.
template <int64_t kPerSecond>
int64_t UnixIn(const Time& time) {
  return static_cast<int64_t>(static_cast<uint64_t>(time.unix_s) * static_cast<uint64_t>(kPerSecond) +
                              static_cast<uint64_t>(time.ns) / static_cast<uint64_t>(kNsPerSecond / kPerSecond));
}

}  // namespace

void AddTimeFunctions(std::vector<Function>* all) {
  const auto kLiteral = ParameterType::kLiteralString;
  const Parameter time = {"time", ParameterType::kTime};
  all->insert(all->end(),
              {
                  {"Time",
                   {{"time", ParameterType::kString},
                    {"format", kLiteral},
                    {"location", kLiteral, true},
                    {"locale", kLiteral, true}},
                   MakeTime},
                  {"FormatTime", {time, {"format", kLiteral}}, MakeFormatTime},
                  {"Unix", {{"seconds", ParameterType::kInt}, {"nanoseconds", ParameterType::kInt, true}}, MakeUnix},
                  {"TruncateTime", {time, {"duration", ParameterType::kDuration}}, MakeTruncateTime},
                  {"Year", {time}, MakePart<Year>},
                  {"Month", {time}, MakePart<Month>},
                  {"Day", {time}, MakePart<Day>},
                  {"Hour", {time}, MakePart<Hour>},
                  {"Minute", {time}, MakePart<Minute>},
                  {"Second", {time}, MakePart<Second>},
                  {"Nanosecond", {time}, MakePart<Nanosecond>},
                  {"Weekday", {time}, MakePart<Weekday>},
                  {"UnixSeconds", {time}, MakePart<UnixIn<1>>},
                  {"UnixMilli", {time}, MakePart<UnixIn<1'000>>},
                  {"UnixMicro", {time}, MakePart<UnixIn<1'000'000>>},
                  {"UnixNano", {time}, MakePart<UnixIn<1'000'000'000>>},
              });
}

}  // namespace tailrace::ottl
