// All that belongs to one machine, as the functions of the double see it.
#pragma once

#include <atomic>
#include <cstdint>

#include "clock.h"
#include "connections.h"
#include "faults.h"
#include "handles.h"
#include "machine_file.h"
#include "regions.h"
#include "tokens.h"

namespace darwin_double {

struct Counts {
  std::atomic<int64_t> objects{0};
  std::atomic<int64_t> constants{0};  // references among them to objects that no machine owns
  std::atomic<int64_t> ports{0};
  std::atomic<int64_t> pools{0};
};

struct State {
  State(std::unique_ptr<const MachineFile> machine_file, bool manual_clock)
      : file(std::move(machine_file)), clock(file->clock, manual_clock), handles(*file) {}

  std::unique_ptr<const MachineFile> file;
  Clock clock;
  Faults faults;
  Handles handles;
  Connections connections;
  Tokens tokens;
  Regions regions;
  Counts counts;
};

// The state of the machine that the calling thread works for. Dies in the name of `function` if there is
// none.
State& state(const char* function);

}  // namespace darwin_double
