// CoreFoundation values as C++ ones. Every function accepts NULL and answers false or an empty owner for what
// is not there or has another type: registry properties change their type between macOS releases.
#pragma once

#include "owned.h"

namespace metalstat {

Owned<CFStringRef> make_string(const std::string& utf8);

// UTF-8 text of a CFString. Empty if it cannot be had.
bool to_text(CFTypeRef value, std::string& text);

// A CFNumber as a double (integers above 2^53 lose their last bits), a CFBoolean as 0 or 1.
bool to_number(CFTypeRef value, double& number);

// The value under `key` if it is of type `type`, borrowed from the dictionary; else NULL.
CFTypeRef get_typed(CFDictionaryRef dictionary, CFStringRef key, CFTypeID type);

}  // namespace metalstat
