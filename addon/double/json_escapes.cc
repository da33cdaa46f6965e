#include "json_escapes.h"

#include <charconv>
#include <cstdint>
#include <string_view>

#include "utf8.h"

namespace darwin_double::json {
namespace {

bool hex4(std::string_view text, size_t at, uint32_t& number) {
  if (text.size() < 4 || at > text.size() - 4) return false;
  const char* const end = text.data() + at + 4;
  return std::from_chars(text.data() + at, end, number, 16).ptr == end;
}

// `i` is at the u of \u0041 or of a surrogate pair; it is left at the last digit.
bool code_point(std::string_view text, size_t& i, uint32_t& character) {
  if (!hex4(text, i + 1, character)) return false;
  i += 4;
  if (character < 0xD800 || character > 0xDFFF) return true;
  uint32_t low = 0;
  if (character > 0xDBFF || text.substr(i + 1, 2) != "\\u" || !hex4(text, i + 3, low)) return false;
  if (low < 0xDC00 || low > 0xDFFF) return false;
  i += 6;
  character = 0x10000 + ((character - 0xD800) << 10) + (low - 0xDC00);
  return true;
}

}  // namespace

bool unescape(char* bytes, size_t& size) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const std::string_view text(bytes, size);
  char* out = bytes;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] != '\\') {
      *out++ = text[i];
      continue;
    }
    const char escape = text[++i];
    uint32_t character = 0;
    if (const size_t known = kNames.find(escape); known != std::string_view::npos) {
      *out++ = kMeanings[known];
    } else if (escape == 'u' && code_point(text, i, character)) {
      out = append_utf8(out, character);
    } else {
      return false;
    }
  }
  size = static_cast<size_t>(out - bytes);
  return true;
}

}  // namespace darwin_double::json
