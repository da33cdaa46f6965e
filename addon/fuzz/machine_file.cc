// A machine file of any content: it is refused in one line, or it is a Mac on which every source can be used
// and leaves nothing open.

#include "../faults/sources.h"
#include "mac.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::string error;
  const auto machine = darwin_double::Machine::open(text, true, error);
  fuzz::expect((machine == nullptr) == !error.empty(), "refused with a reason, or not at all");
  fuzz::expect(error.find('\n') == std::string::npos, "in one line");
  if (!machine) return 0;
  darwin_double::Machine::enter(machine.get());
  void* const pool = objc_autoreleasePoolPush();
  for (auto& [name, source] : faults::make_sources()) {
    source->facts();
    fuzz::select_all(*source);
    fuzz::read(*source);
    metalstat::Recording recording;
    source->record(recording);
    source.reset();
  }
  objc_autoreleasePoolPop(pool);
  fuzz::expect(faults::is_clean(machine->live()), "nothing is left open");
  darwin_double::Machine::enter(nullptr);
  return 0;
}
