#pragma once

#include <cstddef>

namespace darwin_double::json {

// Replaces the escapes of a JSON string in place: none is shorter than what it stands for. False if one is
// not known or is half of a surrogate pair. No backslash may stand at the end.
bool unescape(char* text, size_t& size);

}  // namespace darwin_double::json
