// AppUsage of a GPU client: a list of dictionaries, of any length, with a time in each that may be missing or
// of another type. A row for each, in their order, with that time or NaN; a row without a value for an empty
// list; the pid of the creator, if it is one.

#include <cmath>

#include "mac.h"

namespace {

enum Column { kId, kPid, kIndex, kValue, kColumns };

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Bytes bytes(data, size);
  const uint16_t pid = static_cast<uint16_t>(bytes.number(2));
  std::string list;
  std::vector<double> expected;
  while (bytes.left() > 0 && expected.size() < 64) {
    const uint8_t kind = bytes.byte();
    const auto time = static_cast<int64_t>(bytes.number(8) >> 1);
    double value = metalstat::kNaN;
    std::string item = "{\"dict\":{\"API\":\"Metal\"}}";
    if (kind % 4 == 0) {
      item = "{\"dict\":{\"accumulatedGPUTime\":" + std::to_string(time) + "}}";
      value = static_cast<double>(time);
    } else if (kind % 4 == 1) {
      item = "{\"dict\":{\"accumulatedGPUTime\":\"" + std::to_string(time) + "\"}}";
    } else if (kind % 4 == 2) {
      item = std::to_string(time);
    }
    list += (list.empty() ? "" : ",") + item;
    expected.push_back(value);
  }
  fuzz::on_mac(
      "\"ioregistry\":[{\"id\":7,\"class\":[\"Gpu\"],\"name\":\"gpu\",\"properties\":{},\"children\":[{"
      "\"id\":"
      "8,\"class\":[\"Client\",\"IOService\"],\"name\":\"Client\",\"properties\":{\"Creator\":\"pid " +
          std::to_string(pid) + ", app\",\"AppUsage\":{\"list\":[" + list + "]}}}]}]",
      metalstat::make_ioregistry_children({"Gpu", "Client", "Creator", "AppUsage", "accumulatedGPUTime"}),
      [&](metalstat::Source& source) {
        fuzz::expect(fuzz::select_all(source).channels.size() == kColumns, "four columns");
        const metalstat::Reading reading = fuzz::read(source);
        const size_t rows = expected.empty() ? 1 : expected.size();
        fuzz::expect(reading.values[1] == static_cast<double>(rows), "a row for each");
        for (size_t i = 0; i < rows; i++) {
          const double* const row = reading.values.data() + 2 + i * kColumns;
          fuzz::expect(row[kId] == 8 && row[kPid] == pid, "whose it is");
          if (expected.empty()) {
            fuzz::expect(std::isnan(row[kIndex]) && std::isnan(row[kValue]), "no value");
            continue;
          }
          fuzz::expect(row[kIndex] == static_cast<double>(i), "in their order");
          fuzz::expect(row[kValue] == expected[i] || (std::isnan(row[kValue]) && std::isnan(expected[i])),
                       "the time");
        }
      });
  return 0;
}
