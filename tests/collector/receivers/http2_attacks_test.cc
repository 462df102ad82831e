// The HTTP/2 attacks of the last years, each from one connection. The connection is cut, the memory stays, the next
// client is served.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>

#include "tests/collector/receivers/receiver_server.h"
#include "tests/support/http2_client.h"
#include "tests/support/wait_for.h"

namespace tailrace::testing {
namespace {

using std::string_literals::operator""s;

const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string("\0\0\0\4\0\0\0\0\0", 9);

std::string Frame(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload) {
  std::string frame;
  for (int shift = 16; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(payload.size() >> shift));
  frame.push_back(static_cast<char>(type));
  frame.push_back(static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(stream >> shift));
  return frame.append(payload);
}

size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  size_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

class Http2Attack : public ::testing::Test {
 protected:
  // Sends `frames(i)` for i = 0, 1, ... until the server ends the connection; fails if it does not before `bytes_max`.
  template <typename Frames>
  void SendUntilCut(Frames frames, size_t bytes_max = size_t{200} << 20) {
    const size_t resident = ResidentBytes();
    HttpClient client(server_.port());
    ASSERT_TRUE(client.Send(kPreface));
    size_t sent = 0;
    bool open = true;
    for (uint32_t i = 0; open && sent < bytes_max; ++i) {
      std::string batch;
      while (batch.size() < 60000) batch += frames(i++);
      open = client.Send(batch);
      sent += batch.size();
    }
    EXPECT_FALSE(open) << "not cut after " << sent << " bytes";
    client.Close();
    EXPECT_TRUE(WaitFor([&] { return server_.connections() == 0; }));
    const ConnectionStats stats = server_.stats();
    EXPECT_EQ(stats.closed_by_limit + stats.closed_by_error, 1u);
    EXPECT_LT(ResidentBytes(), resident + (size_t{64} << 20));
    Http2Client next(server_.port());
    EXPECT_EQ(next.Call(GrpcFields(), GrpcFrame("")).grpc_status(), 0);
    EXPECT_EQ(server_.buffer_bytes_in_use(), 0u);
  }

  ReceiverServer server_;
};

// :method POST, :scheme http, :path /, from HPACK's static table.
const std::string kHeaders = "\x83\x86\x84";

// The fields of an Export call, as literals.
std::string GrpcHeaders() {
  std::string block = "\x83\x86";
  for (const auto& [name, value] : GrpcFields()) {
    if (name == ":method" || name == ":scheme") continue;
    block.push_back('\0');
    for (const std::string& text : {name, value}) block.append(1, static_cast<char>(text.size())).append(text);
  }
  return block;
}

TEST_F(Http2Attack, RapidReset) {
  SendUntilCut([](uint32_t i) {
    const uint32_t stream = 2 * i + 1;
    return Frame(1, 0x5, stream, kHeaders) + Frame(3, 0, stream, std::string("\0\0\0\x08", 4));
  });
}

TEST_F(Http2Attack, ContinuationFlood) {
  SendUntilCut([](uint32_t i) { return i == 0 ? Frame(1, 0x1, 1, kHeaders) : Frame(9, 0, 1, kHeaders); });
}

TEST_F(Http2Attack, SettingsFlood) {
  SendUntilCut([](uint32_t) { return Frame(4, 0, 0, std::string("\0\3\0\0\0\x64", 6)); });
}

TEST_F(Http2Attack, OneSettingsFrameWithManySettings) {
  std::string settings;
  for (int i = 0; i < 2000; ++i) settings += std::string("\0\3\0\0\0\x64", 6);
  SendUntilCut([&](uint32_t) { return Frame(4, 0, 0, settings); });
}

// One byte of HPACK stands for a field of 4 kB: the list is cut long before the block ends.
TEST_F(Http2Attack, HpackBomb) {
  const std::string value(4000, 'a');
  const std::string literal = std::string("\x40\x01x\x7F\xA1\x1E", 6) + value;  // "x", 4000 bytes, kept in the table
  const std::string block = kHeaders + literal + std::string(12000, '\xBE');
  SendUntilCut([&](uint32_t i) { return Frame(1, 0x5, 2 * i + 1, block); });
}

std::string WindowUpdate(uint32_t stream, uint32_t increment) {
  std::string payload;
  for (int shift = 24; shift >= 0; shift -= 8) payload.push_back(static_cast<char>(increment >> shift));
  return Frame(8, 0, stream, payload);
}

// What follows is cheap for nghttp2, which lets it go on for ever: FrameBudget ends it.
TEST_F(Http2Attack, WindowUpdateFlood) {
  SendUntilCut([](uint32_t) { return WindowUpdate(0, 1); });
}

TEST_F(Http2Attack, PriorityFlood) {
  SendUntilCut([](uint32_t i) { return Frame(2, 0, 2 * (i % 1000) + 1, std::string("\0\0\0\0\7", 5)); });
}

TEST_F(Http2Attack, EmptyDataFlood) {
  SendUntilCut([](uint32_t i) { return i == 0 ? Frame(1, 0x4, 1, GrpcHeaders()) : Frame(0, 0, 1, ""); });
}

TEST_F(Http2Attack, UnknownFramesFlood) {
  SendUntilCut([](uint32_t) { return Frame(0xBB, 0, 0, std::string(100, 'x')); });
}

// The server has to reset each stream (CVE-2025-8671). Past so many bytes the resets that nobody reads would end it
// too.
TEST_F(Http2Attack, MadeYouReset) {
  SendUntilCut(
      [](uint32_t i) {
        const uint32_t stream = 2 * i + 1;
        return Frame(1, 0x4, stream, GrpcHeaders()) + WindowUpdate(stream, 0x7FFFFFFF) +
               WindowUpdate(stream, 0x7FFFFFFF);
      },
      size_t{16} << 20);
}

// The call is refused at its fifth byte and reset a little later; what is still sent belongs to no stream.
TEST_F(Http2Attack, DataBehindARefusedCall) {
  SendUntilCut([](uint32_t i) {
    const std::string prefix = i == 0 ? Frame(1, 0x4, 1, GrpcHeaders()) + Frame(0, 0, 1, "\0\xFF\xFF\xFF\xFF"s) : "";
    return prefix + Frame(0, 0, 1, std::string(16000, 'x'));
  });
}

// An honest client, however long it lives, and however much it sends beside: its requests earn it back.
TEST_F(Http2Attack, RequestsEarnFrames) {
  Http2Client client(server_.port());
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(client.SendRaw([&] {
      std::string frames;
      for (int k = 0; k < 100; ++k) frames += WindowUpdate(0, 1);
      return frames;
    }()));
    ASSERT_EQ(client.Call(GrpcFields(), GrpcFrame("")).grpc_status(), 0) << i;
  }
}

// No window for the answers: the connection goes when a body would have had its time.
TEST(Http2ZeroWindow, ConnectionIsClosed) {
  ReceiverServer server({.body_timeout = std::chrono::milliseconds(100)});
  HttpClient client(server.port());
  const std::string no_window = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(4, 0, 0, std::string("\0\4\0\0\0\0", 6));
  client.Send(no_window + Frame(1, 0x4, 1, GrpcHeaders()) + Frame(0, 0x1, 1, std::string(5, '\0')));
  EXPECT_TRUE(WaitFor([&] { return server.stats().closed_by_limit == 1; }));
  EXPECT_TRUE(WaitFor([&] { return server.connections() == 0; }));
  EXPECT_EQ(server.ingest().taken, 1u);
}

TEST_F(Http2Attack, EndlessStringInAHeader) {
  SendUntilCut([](uint32_t i) {
    return i == 0 ? Frame(1, 0x1, 1, std::string("\x40\x01x\x7F\x80\x80\x80\x80\x04", 9))
                  : Frame(9, 0, 1, std::string(16000, 'a'));
  });
}

}  // namespace
}  // namespace tailrace::testing
