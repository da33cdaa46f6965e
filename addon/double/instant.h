#pragma once

#include "life.h"
#include "state.h"

namespace darwin_double {

inline Instant now(const State& state) {
  const int64_t ticks = state.clock.absolute();
  return {state.clock.timeline().moment(ticks), ticks - state.clock.opened()};
}

}  // namespace darwin_double
