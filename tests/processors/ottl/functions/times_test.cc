#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/processors/ottl/compiler/asked.h"
#include "tests/support/otlp_builder.h"

namespace tailrace::ottl {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Times, ReadByTheirFormat) {
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("1999-12-31 23:59:58", "%Y-%m-%d %H:%M:%S", "UTC")) == 946684798)"), "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("31/Dec/1999:23:59:58 -0230", "%d/%b/%Y:%H:%M:%S %z")) == 946693798)"), "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("March 05, 2021 12:10 AM", "%B %d, %Y %I:%M %p", "UTC")) == 1614903000)"), "yes");
  EXPECT_EQ(Ask(R"(UnixNano(Time("2021-03-05T00:10:00.25Z", "%Y-%m-%dT%H:%M:%S.%LZ")) == 1614903000250000000)"), "yes");
  EXPECT_EQ(Ask(R"(Year(Time("68", "%y", "UTC")) == 2068 and Year(Time("69", "%y", "UTC")) == 1969)"), "yes");
}

TEST(Times, ReadInTheirLocation) {
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("2024-07-01 12:00", "%F %R", "Asia/Kolkata")) == 1719815400)"), "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("2024-07-01 12:00", "%F %R", "America/New_York")) == 1719849600)"), "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("2024-01-01 12:00", "%F %R", "America/New_York")) == 1704128400)"), "yes");
  EXPECT_EQ(Ask(R"(FormatTime(Time("2024-07-01 12:00", "%F %R", "Europe/Paris"), "%H %Z %z") == "12 CEST +0200")"),
            "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("2024-07-01 12:00 +05:00", "%F %R %j", "Asia/Tokyo")) == 1719817200)"), "yes")
      << "an offset in the text goes before the location";
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("2024-07-01 12:00 CET", "%F %R %Z", "UTC")) == 1719831600)"), "yes");
}

TEST(Times, ReadByAnAbbreviation) {
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("2024-07-01 12:00 PST", "%F %R %Z", "America/Los_Angeles")) == 1719864000)"), "yes")
      << "winter time in summer";
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("2024-01-01 12:00 CEST", "%F %R %Z", "Europe/Paris")) == 1704103200)"), "yes");
  EXPECT_EQ(Ask(R"(FormatTime(Time("2024-07-01 12:00 EST", "%F %R %Z", "America/New_York"), "%H %Z") == "13 EDT")"),
            "yes");
  EXPECT_EQ(Ask(R"(FormatTime(Time("2024-01-01 12:00 GMT", "%F %R %Z", "Europe/London"), "%H %Z") == "12 GMT")"),
            "yes");
  // A place whose own abbreviation is another: only the name stays.
  EXPECT_EQ(Ask(R"(FormatTime(Time("2024-07-01 12:00 ROK", "%F %R %Z", "UTC"), "%H %Z %z") == "12 ROK Z")"), "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("2024-07-01 12:00 ROK", "%F %R %Z", "UTC")) == 1719835200)"), "yes");
}

// Where clocks are put forward there is an hour that is not, and in autumn one that is twice.
TEST(Times, AtTheEdgesOfSummerTime) {
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("2024-03-31 02:30", "%F %R", "Europe/Berlin")) == 1711848600)"), "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(Time("2024-10-27 02:30", "%F %R", "Europe/Berlin")) == 1729992600)"), "yes");
}

TEST(Times, LocationsThatAreNone) {
  for (const char* name : {"Atlantis", "../zoneinfo/UTC", "/usr/share/zoneinfo/UTC", "utc", "UTC0",
                           "Fixed/UTC+05:00:00", "libc:UTC", "\\\\UTC"}) {
    EXPECT_THAT(Ask("Year(Time(\"2024\", \"%Y\", \"" + std::string(name) + "\")) == 2024"), StartsWith("refused:"))
        << name;
  }
  EXPECT_EQ(Ask(R"(Year(Time("2024", "%Y", "Local")) == 2024)"), "yes");
  EXPECT_EQ(Ask(R"(Year(Time("2024", "%Y", "")) == 2024)"), "yes");
}

TEST(Times, RefusedAtStart) {
  EXPECT_THAT(Ask(R"(Time("x", "") == nil)"), HasSubstr("format cannot be nil"));
  EXPECT_THAT(Ask(R"(Time("x", "%Y 24") == nil)"), HasSubstr("decimals"));
  EXPECT_THAT(Ask(R"(Time("x", "%Y %Q") == nil)"), HasSubstr("unsupported directive"));
  EXPECT_THAT(Ask(R"(Time("x", "%Y %S;%f") == nil)"), HasSubstr("fractional"));
  EXPECT_THAT(Ask(R"(Time("x", name) == nil)"), StartsWith("refused:"));
  EXPECT_THAT(Ask(R"(FormatTime(start_time, "") == "")"), StartsWith("refused:"));
  // What Tailrace does not take of what the Collector does.
  EXPECT_THAT(Ask(R"(Hour(Time("10:00", "%H:%M")) == 10)"), HasSubstr("without a year"));
  EXPECT_THAT(Ask(R"(Year(Time("2024", "%Y", "UTC", "fr")) == 2024)"), HasSubstr("English"));
  EXPECT_EQ(Ask(R"(Month(Time("2024 Feb", "%Y %b", "UTC", "en-GB")) == 2)"), "yes");
}

TEST(Times, TextThatDoesNotFitIsAnError) {
  for (const char* text :
       {"", "2024", "2024-02-30", "2024-13-01", "2024-00-10", "2024-01-02x", "99-01-02", "-024-01-02"}) {
    EXPECT_THAT(Ask("Year(Time(\"" + std::string(text) + "\", \"%Y-%m-%d\", \"UTC\")) > 0"), StartsWith("error:"))
        << text;
  }
  EXPECT_THAT(Ask(R"(Year(Time(attributes["i"], "%Y")) == 5)"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(Year(Time(attributes["missing"], "%Y")) == 5)"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(Year(attributes["s"]) == 5)"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(UnixSeconds(Time("2024-07-01 XYZ", "%F %Z", "UTC")) > 0)"), StartsWith("error:"));
}

TEST(Times, Parts) {
  EXPECT_EQ(Ask(R"(Year(start_time) == 1970 and Month(start_time) == 1 and Day(start_time) == 1)"), "yes");
  EXPECT_EQ(Ask(R"(Hour(end_time) == 0 and Minute(end_time) == 0 and Second(end_time) == 2)"), "yes");
  EXPECT_EQ(Ask(R"(Nanosecond(end_time) == 500000000)"), "yes");
  EXPECT_EQ(Ask(R"(Weekday(start_time) == 4)"), "yes");
  EXPECT_EQ(Ask(R"(Weekday(Time("2024-03-03", "%F", "UTC")) == 0 and Weekday(Time("2024-03-09", "%F", "UTC")) == 6)"),
            "yes");
  EXPECT_EQ(Ask(R"(Hour(Time("2024-07-01 23:30 -0700", "%F %R %z")) == 23)"), "yes") << "in the time's own zone";
}

TEST(Times, SinceTheEpoch) {
  EXPECT_EQ(Ask(R"(UnixSeconds(end_time) == 2 and UnixMilli(end_time) == 2500)"), "yes");
  EXPECT_EQ(Ask(R"(UnixMicro(end_time) == 2500000 and UnixNano(end_time) == 2500000000)"), "yes");
  EXPECT_EQ(Ask(R"(UnixMilli(Unix(-1, 1)) == -1000 and UnixNano(Unix(-1, 1)) == -999999999)"), "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(Unix(10, -1)) == 9 and Nanosecond(Unix(10, -1)) == 999999999)"), "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(Unix(1, 3000000001)) == 4)"), "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(Unix(9223372036854775807)) == 9223372036854775807)"), "yes");
  EXPECT_EQ(Ask(R"(UnixNano(Unix(9223372036)) == 9223372036000000000)"), "yes");
  EXPECT_THAT(Ask(R"(Unix(attributes["s"]) == nil)"), StartsWith("error:"));
}

TEST(Times, Truncated) {
  EXPECT_EQ(Ask(R"(UnixNano(TruncateTime(end_time, Duration("1s"))) == 2000000000)"), "yes");
  EXPECT_EQ(Ask(R"(UnixNano(TruncateTime(end_time, Duration("0s"))) == 2500000000)"), "yes");
  EXPECT_EQ(Ask(R"(UnixNano(TruncateTime(end_time, Duration("-1s"))) == 2500000000)"), "yes");
  EXPECT_EQ(Ask(R"(UnixSeconds(TruncateTime(Unix(-1), Duration("1h"))) == -3600)"), "yes");
  // Weeks begin on Monday, as the first day of year 1 was one.
  EXPECT_EQ(Ask(R"(Weekday(TruncateTime(Time("2024-03-09", "%F", "UTC"), Duration("168h"))) == 1)"), "yes");
  EXPECT_THAT(Ask(R"(TruncateTime(attributes["i"], Duration("1s")) == nil)"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(TruncateTime(end_time, attributes["i"]) == nil)"), StartsWith("error:"));
}

TEST(Times, Written) {
  EXPECT_EQ(Ask(R"(FormatTime(end_time, "%Y-%m-%dT%H:%M:%S.%LZ") == "1970-01-01T00:00:02.5Z")"), "yes");
  EXPECT_EQ(Ask(R"(FormatTime(start_time, "%A %a %B %b %e %l%p %%") == "Thursday Thu January Jan  1 12AM %")"), "yes");
  EXPECT_EQ(Ask(R"(FormatTime(Time("2024-07-01 15:04 +0530", "%F %R %z"), "%I %j %w") == "03 +05:30 +053000")"), "yes");
  EXPECT_THAT(Ask(R"(FormatTime(attributes["s"], "%Y") == "")"), StartsWith("error:"));
  EXPECT_THAT(Ask(R"(FormatTime(attributes["missing"], "%Y") == "")"), StartsWith("error:"));
}

TEST(Times, Compared) {
  EXPECT_EQ(Ask(R"(start_time < end_time and end_time - start_time == Duration("1500ms"))"), "yes");
  EXPECT_EQ(Ask(R"(Time("1970-01-01 05:30:01 +0530", "%F %T %z") == start_time)"), "yes") << "one moment, two zones";
}

}  // namespace
}  // namespace tailrace::ottl
