// RawElements of an IOReport channel: any bytes in a buffer that ends where they end. They are read only if
// they are those of the channel, then as many elements as it has, and nothing behind them.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "../double/machine.h"
#include "../double/platform.h"
#include "mac.h"

// What reads them is private to the source.
#define private public
#include "../sources/ioreport.cc"
#undef private

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Bytes bytes(data, size);
  metalstat::Slot slot{};
  slot.format = bytes.byte() % 5;
  slot.elements = std::max(1, bytes.byte() % 9);
  slot.driver = bytes.byte();
  slot.channel = bytes.byte();
  // Exactly as long as what is left, so that a read behind it is seen.
  std::vector<uint8_t> raw = bytes.take(bytes.left());
  const auto exact = std::make_unique<uint8_t[]>(raw.size());
  std::copy(raw.begin(), raw.end(), exact.get());
  const metalstat::RawElements elements(exact.get(), raw.size());
  const bool is_slot = metalstat::IoReport::is_slot(elements, slot);
  if (!is_slot) return 0;
  fuzz::expect(raw.size() >= slot.elements * sizeof(IOReportRawElement), "there are enough bytes");
  fuzz::on_mac("\"host\":{\"count\":38,\"vm\":{},\"cpu\":[]}", metalstat::make_ioreport({}),
               [&](metalstat::Source& source) {
                 source.list();
                 std::vector<double> values(1 + slot.elements, -1.0);
                 static_cast<metalstat::IoReport&>(source).read_raw(elements, slot, values.data());
                 for (size_t i = 0; i < slot.elements; i++) {
                   int64_t value;
                   const size_t at = i * 64 + 32 + (slot.format == 2 ? 16 : 0);
                   std::memcpy(&value, exact.get() + at, sizeof value);
                   const double read = values[1 + i];
                   fuzz::expect(value == INT64_MIN ? std::isnan(read) : read == static_cast<double>(value),
                                "the value");
                 }
                 fuzz::expect(std::isnan(values[0]) || values[0] >= 0, "a time");
               });
  return 0;
}
