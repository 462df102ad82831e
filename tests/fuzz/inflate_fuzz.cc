// Any bytes as a compressed body. The first byte chooses the encoding, the second the bound (its square, in tens of
// bytes).
#include "base/inflate.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tailrace;           // NOLINT
  using namespace tailrace::testing;  // NOLINT
  if (size < 2) return 0;
  constexpr Encoding kEncodings[] = {Encoding::kGzip, Encoding::kDeflate, Encoding::kZstd, Encoding::kUnsupported};
  const size_t bytes_max = size_t{10} * data[1] * data[1];
  BufferPool pool(size_t{4} << 20);
  {
    static Inflater inflater;  // one for all inputs, as a shard has one for all bodies
    BufferRef out;
    const InflateError error =
        inflater.Inflate(kEncodings[data[0] % 4], AsText(data + 2, size - 2), bytes_max, pool, &out);
    if (error == InflateError::kNone) {
      Require(bool(out) && out->size() <= bytes_max, "the bound holds");
    } else {
      Require(!out, "nothing comes out on an error");
    }
  }
  Require(pool.bytes_in_use() == 0, "every buffer goes back");
  return 0;
}
