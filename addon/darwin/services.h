// Services of the I/O Registry by class.
#pragma once

#include <optional>
#include <string>

#include "owned.h"

namespace metalstat {

struct CallError {
  std::string call;
  kern_return_t code;
};

// All services that are a `name`, or derive from it. The iterator stays empty where there is none.
inline std::optional<CallError> services_of(const std::string& name, OwnedIoObject& iterator) {
  // The matching dictionary is consumed by the next call, also when it fails.
  CFMutableDictionaryRef matching = IOServiceMatching(name.c_str());
  if (!matching) return CallError{"IOServiceMatching", 0};
  const kern_return_t result = IOServiceGetMatchingServices(kIOMainPortDefault, matching, iterator.out());
  if (result == KERN_SUCCESS) return {};
  return CallError{"IOServiceGetMatchingServices(\"" + name + "\")", result};
}

}  // namespace metalstat
