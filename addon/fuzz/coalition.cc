// What the kernel says of a coalition: so many 64-bit words of any value. A column for each word, and the
// word in it; of a kernel with more words than there is room for, those that fit.

#include <algorithm>

#include "mac.h"

namespace {

constexpr size_t kRoom = 64;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Bytes bytes(data, size);
  const size_t count = 1 + bytes.byte() % 80;
  std::vector<int64_t> words(count);
  std::string text;
  for (size_t i = 0; i < count; i++) {
    words[i] = static_cast<int64_t>(bytes.number(8) >> 1);
    text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":" + std::to_string(words[i]);
  }
  fuzz::on_mac("\"coalition\":{\"bytes\":" + std::to_string(count * 8) +
                   ",\"coalitions\":[{\"id\":5,\"words\":{" + text + "}}]}",
               metalstat::make_coalition(), [&](metalstat::Source& source) {
                 const size_t columns = 1 + std::min(count, kRoom);
                 fuzz::expect(fuzz::select_all(source).channels.size() == columns, "a column for each word");
                 const metalstat::Reading reading = fuzz::read(source);
                 fuzz::expect(reading.values[1] == 1 && reading.values[2] == 5, "one row, of its id");
                 for (size_t i = 0; i + 1 < columns; i++)
                   fuzz::expect(reading.values[3 + i] == static_cast<double>(words[i]), "the word");
               });
  return 0;
}
