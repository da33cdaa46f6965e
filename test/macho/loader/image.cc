// Numbers and layouts are those of Apple's <mach-o/loader.h> and <mach-o/nlist.h>.

#include "image.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

namespace {

#if defined(__aarch64__)
constexpr uint32_t kCpu = 0x0100000c;
#else
constexpr uint32_t kCpu = 0x01000007;
#endif
constexpr uint32_t kMagic = 0xfeedfacf;
constexpr uint32_t kBundle = 8;
constexpr uint64_t kHeaderSize = 32;

enum Command : uint32_t {
  kSymbolTable = 0x2,
  kSegment = 0x19,
  kDyldInfo = 0x80000022,
  kChainedFixups = 0x80000034,
};
enum SectionType : uint32_t { kInitializers = 0x9, kInitializerOffsets = 0x16, kThreadLocals = 0x13 };

// The opcode is in the upper four bits of a byte, a small operand in the lower.
enum Opcode : uint8_t {
  kDone = 0x00,
  kRebaseAddAddressScaled = 0x40,
  kRebaseTimes = 0x50,
  kRebaseTimesUleb = 0x60,
  kRebaseAddAddress = 0x70,
  kRebaseTimesSkipping = 0x80,
  kBindOrdinal = 0x10,
  kBindOrdinalUleb = 0x20,
  kBindSpecialOrdinal = 0x30,
  kBindSymbol = 0x40,
  kBindType = 0x50,
  kBindAddend = 0x60,
  kBindSegment = 0x70,
  kBindAddAddress = 0x80,
  kBind = 0x90,
  kBindAddAddressAfter = 0xa0,
  kBindAddScaledAfter = 0xb0,
  kBindTimesSkipping = 0xc0,
};
constexpr uint8_t kRebaseType = 0x10, kRebaseSegment = 0x20, kRebaseAddUleb = 0x30;

class Stream {
 public:
  Stream(const uint8_t* from, uint64_t size) : at_(from), end_(from + size) {}
  bool more() const { return at_ < end_; }
  uint8_t byte() { return *at_++; }
  uint64_t uleb() {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const uint8_t next = byte();
      value |= static_cast<uint64_t>(next & 0x7f) << shift;
      if (!(next & 0x80)) return value;
    }
  }
  std::string text() {
    const std::string result(reinterpret_cast<const char*>(at_));
    at_ += result.size() + 1;
    return result;
  }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
};

}  // namespace

bool Image::load(const std::string& path, const Resolve& resolve, std::string& error) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    error = "cannot be read";
    return false;
  }
  file_.assign(std::istreambuf_iterator<char>(file), {});
  if (!read_commands(error) || !map(error) || !rebase(error)) return false;
  if (!bind(binds_, resolve, error) || !bind(lazy_binds_, resolve, error)) return false;
  __builtin___clear_cache(reinterpret_cast<char*>(base_),
                          reinterpret_cast<char*>(base_ + segments_.back().address + segments_.back().size));
  initialize();
  return true;
}

void* Image::find(const std::string& name) const {
  constexpr uint64_t kEntry = 16;
  constexpr uint8_t kType = 0x0e, kDefined = 0x0e;
  for (uint64_t entry = symbols_.offset; entry < symbols_.offset + symbols_.size * kEntry; entry += kEntry)
    if (name == text(strings_ + at<uint32_t>(entry)) && (at<uint8_t>(entry + 4) & kType) == kDefined)
      return base_ + at<uint64_t>(entry + 8);
  return nullptr;
}

bool Image::read_commands(std::string& error) {
  if (file_.size() < kHeaderSize || at<uint32_t>(0) != kMagic || at<uint32_t>(4) != kCpu ||
      at<uint32_t>(12) != kBundle) {
    error = "not a Mach-O bundle of this machine";
    return false;
  }
  uint64_t command = kHeaderSize;
  for (uint32_t left = at<uint32_t>(16); left > 0; left--, command += at<uint32_t>(command + 4)) {
    const auto range = [&](uint64_t offset) {
      return Range{at<uint32_t>(command + offset), at<uint32_t>(command + offset + 4)};
    };
    switch (at<uint32_t>(command)) {
      case kSegment:
        segments_.push_back({at<uint64_t>(command + 24), at<uint64_t>(command + 32),
                             at<uint64_t>(command + 40), at<uint64_t>(command + 48)});
        for (uint32_t i = 0; i < at<uint32_t>(command + 64); i++) {
          const uint64_t section = command + 72 + 80 * i;
          const uint32_t type = at<uint32_t>(section + 64) & 0xff;
          if (type == kInitializers)
            initializers_.push_back({at<uint64_t>(section + 32), at<uint64_t>(section + 40)});
          if (type == kInitializerOffsets || type == kThreadLocals) {
            error = "thread-local variables and offsets of initializers are not supported";
            return false;
          }
        }
        break;
      case kDyldInfo:
        rebases_ = range(8);
        binds_ = range(16);
        lazy_binds_ = range(32);
        break;
      case kChainedFixups:
        error = "chained fix-ups are not supported";
        return false;
      case kSymbolTable:
        symbols_ = range(8);
        strings_ = at<uint32_t>(command + 16);
        break;
    }
  }
  return true;
}

bool Image::map(std::string& error) {
  uint64_t size = 0;
  for (const Segment& segment : segments_) size = std::max(size, segment.address + segment.size);
  void* const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    error = "no memory that may be executed";
    return false;
  }
  base_ = static_cast<uint8_t*>(memory);
  for (const Segment& segment : segments_)
    std::memcpy(base_ + segment.address, file_.data() + segment.file_offset, segment.file_size);
  return true;
}

bool Image::rebase(std::string& error) {
  Stream stream(file_.data() + rebases_.offset, rebases_.size);
  unsigned segment = 0;
  uint64_t offset = 0;
  const auto run = [&](uint64_t times, uint64_t skip) {
    for (; times > 0; times--, offset += 8 + skip)
      *slot(segment, offset) += reinterpret_cast<uint64_t>(base_);
  };
  while (stream.more()) {
    const uint8_t byte = stream.byte();
    const uint8_t operand = byte & 0x0f;
    switch (byte & 0xf0) {
      case kDone:
        return true;
      case kRebaseType:
        break;
      case kRebaseSegment:
        segment = operand;
        offset = stream.uleb();
        break;
      case kRebaseAddUleb:
        offset += stream.uleb();
        break;
      case kRebaseAddAddressScaled:
        offset += operand * 8;
        break;
      case kRebaseTimes:
        run(operand, 0);
        break;
      case kRebaseTimesUleb:
        run(stream.uleb(), 0);
        break;
      case kRebaseAddAddress:
        run(1, stream.uleb());
        break;
      case kRebaseTimesSkipping: {
        const uint64_t times = stream.uleb();
        run(times, stream.uleb());
        break;
      }
      default:
        error = "an unknown opcode among the rebases";
        return false;
    }
  }
  return true;
}

bool Image::bind(Range range, const Resolve& resolve, std::string& error) {
  Stream stream(file_.data() + range.offset, range.size);
  unsigned segment = 0;
  uint64_t offset = 0, addend = 0;
  std::string symbol;
  const auto run = [&](uint64_t times, uint64_t skip) {
    void* const address = resolve(symbol);
    if (!address && error.find(symbol + "\n") == std::string::npos) error += symbol + "\n";
    for (; times > 0; times--, offset += 8 + skip)
      *slot(segment, offset) = reinterpret_cast<uint64_t>(address) + addend;
  };
  while (stream.more()) {
    const uint8_t byte = stream.byte();
    const uint8_t operand = byte & 0x0f;
    switch (byte & 0xf0) {
      // Between lazy ones, and as padding at the end.
      case kDone:
      case kBindOrdinal:
      case kBindSpecialOrdinal:
      case kBindType:
        break;
      case kBindOrdinalUleb:
        stream.uleb();
        break;
      case kBindSymbol:
        symbol = stream.text();
        break;
      case kBindAddend:
        addend = stream.uleb();
        break;
      case kBindSegment:
        segment = operand;
        offset = stream.uleb();
        break;
      case kBindAddAddress:
        offset += stream.uleb();
        break;
      case kBind:
        run(1, 0);
        break;
      case kBindAddAddressAfter:
        run(1, stream.uleb());
        break;
      case kBindAddScaledAfter:
        run(1, operand * 8);
        break;
      case kBindTimesSkipping: {
        const uint64_t times = stream.uleb();
        run(times, stream.uleb());
        break;
      }
      default:
        error = "an unknown opcode among the binds";
        return false;
    }
  }
  if (!error.empty()) error = "nobody answers what it imports:\n" + error;
  return error.empty();
}

void Image::initialize() const {
  for (const Range& pointers : initializers_)
    for (uint64_t at = pointers.offset; at < pointers.offset + pointers.size; at += 8)
      (*reinterpret_cast<void (**)()>(base_ + at))();
}

template <class T>
T Image::at(uint64_t offset) const {
  T value;
  std::memcpy(&value, file_.data() + offset, sizeof value);
  return value;
}

uint64_t* Image::slot(unsigned segment, uint64_t offset) const {
  return reinterpret_cast<uint64_t*>(base_ + segments_.at(segment).address + offset);
}
