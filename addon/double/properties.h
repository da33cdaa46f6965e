#pragma once

#include "object.h"

namespace darwin_double {

// The value of a registry property now, with one reference.
Object* make_property(const RegistryValue& value, State& state);

}  // namespace darwin_double
