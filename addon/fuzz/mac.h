// What the fuzz targets share: a Mac that has what the bytes say, and one source that reads it.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../double/machine.h"
#include "../source.h"

extern "C" void* objc_autoreleasePoolPush(void);
extern "C" void objc_autoreleasePoolPop(void* pool);

namespace fuzz {

// Ends the target, which libFuzzer reports with the bytes that led here.
inline void expect(bool is_so, const char* what) {
  if (is_so) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::abort();
}

// Takes bytes from the front; zeros when there are no more.
class Bytes {
 public:
  Bytes(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  size_t left() const { return size_; }
  uint8_t byte() { return static_cast<uint8_t>(number(1)); }
  // Little-endian.
  uint64_t number(size_t width) {
    uint64_t number = 0;
    for (size_t i = 0; i < width && size_ > 0; i++, data_++, size_--) number |= uint64_t{*data_} << (8 * i);
    return number;
  }
  std::vector<uint8_t> take(size_t count) {
    std::vector<uint8_t> taken(count);
    for (uint8_t& each : taken) each = byte();
    return taken;
  }

 private:
  const uint8_t* data_;
  size_t size_;
};

inline std::string hex(const std::vector<uint8_t>& bytes) {
  return metalstat::hexadecimal(bytes.data(), bytes.size());
}

// The sections of a machine file, and what a source does with them.
template <class Use>
void on_mac(const std::string& sections, std::unique_ptr<metalstat::Source> source, Use use) {
  const std::string text =
      "{\"format\":1,\"about\":\"fuzz\",\"origin\":\"built\",\"clock\":{\"timebase\":[125,3],"
      "\"absolute\":[24000000,48000000],\"continuous\":[24000000,48000000]}," +
      sections + "}";
  std::string error;
  const auto machine = darwin_double::Machine::open(text, true, error);
  if (!machine) std::fprintf(stderr, "%s\n%s\n", error.c_str(), text.c_str());
  expect(machine != nullptr, "the machine is valid");
  darwin_double::Machine::enter(machine.get());
  void* const pool = objc_autoreleasePoolPush();
  use(*source);
  source.reset();
  objc_autoreleasePoolPop(pool);
  const darwin_double::Live live = machine->live();
  darwin_double::Machine::enter(nullptr);
  expect(live.objects == 0 && live.io_objects == 0 && live.ports == 0, "nothing is left open");
}

// Lists all and selects it.
inline metalstat::Listing select_all(metalstat::Source& source) {
  std::vector<uint32_t> all(source.list().channels.size());
  for (size_t i = 0; i < all.size(); i++) all[i] = static_cast<uint32_t>(i);
  return source.select(all);
}

inline metalstat::Reading read(metalstat::Source& source) {
  metalstat::Reading reading;
  source.read(reading);
  return reading;
}

}  // namespace fuzz
