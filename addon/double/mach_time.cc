#include <mach/mach_time.h>

#include <cstring>

#include "die.h"
#include "state.h"

using namespace darwin_double;

kern_return_t mach_timebase_info(mach_timebase_info_t info) {
  const Clock& clock = state(__func__).clock;
  if (!info) die(__func__, "NULL");
  const Fault fault = darwin_double::fault(__func__);
  if (fault.how == Fault::How::garbage) {
    std::memset(info, kGarbage, sizeof *info);
    return KERN_SUCCESS;
  }
  if (fault.fails()) return fault.code_or(KERN_FAILURE);
  *info = {clock.numer(), fault.how == Fault::How::short_ ? 0 : clock.denom()};
  return KERN_SUCCESS;
}

uint64_t mach_absolute_time() { return static_cast<uint64_t>(state(__func__).clock.absolute()); }

uint64_t mach_continuous_time() {
  const State& machine = state(__func__);
  const int64_t absolute = machine.clock.absolute();
  return static_cast<uint64_t>(machine.clock.continuous(absolute, machine.faults.events()->slept(absolute)));
}
