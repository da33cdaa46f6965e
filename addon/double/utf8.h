#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace darwin_double {

// Well-formed: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

// Of well-formed text, as CFStringGetLength counts.
size_t utf16_length(std::string_view utf8);

// Writes up to four bytes and returns the place behind them.
char* append_utf8(char* out, uint32_t character);

}  // namespace darwin_double
