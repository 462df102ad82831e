#include "collector/admin/pprof_routes.h"

#include <gtest/gtest.h>

#include <string>

#include "base/clock.h"
#include "tests/collector/admin/raw_client.h"

namespace tailrace {
namespace {

using testing::Fetch;
using namespace std::string_literals;

TEST(ShownCommandLineTest, ValuesOfSetAndConfigurationsInPlaceAreSecret) {
  EXPECT_EQ(ShownCommandLine("tailrace\0--config\0a.yaml\0"s), "tailrace\0--config\0a.yaml"s);
  EXPECT_EQ(ShownCommandLine("tailrace\0--set\0a.token=hush\0--config\0a.yaml\0"s),
            "tailrace\0--set\0a.token=[REDACTED]\0--config\0a.yaml"s);
  EXPECT_EQ(ShownCommandLine("tailrace\0--set=a.token=hush=hush\0"s), "tailrace\0--set=a.token=[REDACTED]"s);
  EXPECT_EQ(ShownCommandLine("tailrace\0--config\0yaml:a::token: hush\0"s), "tailrace\0--config\0yaml:[REDACTED]"s);
  EXPECT_EQ(ShownCommandLine("tailrace\0--config=yaml:a::token: hush\0"s), "tailrace\0--config=yaml:[REDACTED]"s);
  EXPECT_EQ(ShownCommandLine("tailrace\0--set\0"s), "tailrace\0--set"s);
  EXPECT_EQ(ShownCommandLine(""), "");
}

class PprofRoutesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    AddPprofRoutes(clock_, &server_);
    const absl::StatusOr<uint16_t> port = server_.Start("127.0.0.1", 0);
    ASSERT_TRUE(port.ok()) << port.status();
    port_ = *port;
  }
  std::string Get(const std::string& path) { return Fetch(port_, "GET", "/debug/pprof" + path).substr(9, 3); }

  SystemClock clock_;
  AdminServer server_;
  uint16_t port_ = 0;
};

TEST_F(PprofRoutesTest, HaveWhatGoProgramsHave) {
  EXPECT_EQ(Get(""), "301");
  for (const char* path : {"/", "/cmdline", "/symbol", "/symbol?0x1", "/profile?seconds=1"})
    EXPECT_EQ(Get(path), "200");
  EXPECT_EQ(Get("/goroutine"), "404");
  EXPECT_EQ(Get("/heap"), "501") << "operator new is this program's own";
}

TEST_F(PprofRoutesTest, RefuseTimesThatAreNone) {
  for (const char* seconds : {"0", "601", "-1", "x", "", "1.5"}) {
    EXPECT_EQ(Get(std::string("/profile?seconds=") + seconds), "400") << seconds;
  }
}

}  // namespace
}  // namespace tailrace
