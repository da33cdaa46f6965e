#pragma once

#include <cstdint>

namespace darwin_double {

// Prints "darwin double: <function>(<object>): <what>" and aborts: whatever a Mac would forgive or fall over
// later is a bug of the caller here and now.
[[noreturn]] void die(const char* function, const char* what, const void* object = nullptr);
[[noreturn]] void die(const char* function, const char* what, uint64_t name);

}  // namespace darwin_double
