#pragma once

#include "life.h"
#include "object.h"

namespace darwin_double {

// Whose property it is, and when.
struct PropertyOf {
  const std::optional<Life>& life;
  int64_t k;
  Instant now;
};

// The value of a registry property, with one reference.
Object* make_property(const RegistryValue& value, const PropertyOf& of, State& state);

}  // namespace darwin_double
