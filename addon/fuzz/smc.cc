// The value of a key of the SMC: a type, then its bytes. Whatever they are, the reading is what the type says
// they mean, counted out here once more by hand, and a recording has the very bytes.

#include <cmath>
#include <cstring>
#include <iterator>

#include "mac.h"

namespace {

struct Type {
  const char* code;
  size_t size;
  bool is_signed;
  bool is_big;
  double unit;
};
constexpr Type kTypes[] = {
    {"ui8 ", 1, false, false, 1},    {"si8 ", 1, true, false, 1},       {"flag", 1, false, false, 1},
    {"ui16", 2, false, false, 1},    {"si16", 2, true, false, 1},       {"ui32", 4, false, false, 1},
    {"si32", 4, true, false, 1},     {"ioft", 8, true, false, 0x1p-16}, {"fpe2", 2, false, true, 0.25},
    {"sp78", 2, true, true, 0x1p-8}, {"flt ", 4, true, false, 1},       {"hex_", 3, false, false, 1}};

double expected(const Type& type, const std::vector<uint8_t>& bytes) {
  if (type.code == std::string("flt ")) {
    float value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return std::isfinite(value) ? value : metalstat::kNaN;
  }
  // A long double has all the bits of eight bytes.
  long double exact = 0;
  for (size_t i = 0; i < type.size; i++) exact = exact * 256 + bytes[type.is_big ? i : type.size - 1 - i];
  if (type.is_signed && (bytes[type.is_big ? 0 : type.size - 1] & 0x80))
    exact -= std::pow(2.0L, 8 * type.size);
  return static_cast<double>(exact) * type.unit;
}

const metalstat::Raw& member(const metalstat::Raw& raw, const char* name) {
  for (const auto& [called, value] : raw.members)
    if (called == name) return value;
  fuzz::expect(false, name);
  return raw;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Bytes bytes(data, size);
  const Type& type = kTypes[bytes.byte() % std::size(kTypes)];
  const std::vector<uint8_t> value = bytes.take(type.size);
  const bool is_number = type.code != std::string("hex_");
  const std::string text = fuzz::hex(value);
  fuzz::on_mac(
      "\"ioregistry\":[{\"id\":7,\"class\":[\"AppleSMCKeysEndpoint\",\"AppleSMC\"],\"name\":"
      "\"AppleSMCKeysEndpoint\",\"properties\":{}}],\"smc\":{\"entry\":7,\"keys\":[[\"Fuzz\",\"" +
          std::string(type.code) + "\",\"" + text + "\"]]}",
      metalstat::make_smc({{"F"}, {}}), [&](metalstat::Source& source) {
        const metalstat::Listing listing = fuzz::select_all(source);
        fuzz::expect(listing.channels.size() == (is_number ? 1 : 0), "numbers are listed");
        const metalstat::Reading reading = fuzz::read(source);
        fuzz::expect(reading.failures.empty(), "no failure");
        if (is_number) {
          const double wanted = expected(type, value);
          const double read = reading.values[listing.channels[0].at + 1];
          fuzz::expect(read == wanted || (std::isnan(read) && std::isnan(wanted)), "the value");
        }
        metalstat::Recording recording;
        source.record(recording);
        const metalstat::Raw& key = member(member(recording.state, "smc"), "keys").items.at(0);
        fuzz::expect(key.items[2].text == text, "the bytes that were recorded");
      });
  return 0;
}
