#include "machine.h"

#include "die.h"
#include "state.h"

namespace darwin_double {
namespace {

thread_local Machine* current_machine = nullptr;

}  // namespace

State& state(const char* function) {
  if (!current_machine) die(function, "called on a thread that works for no machine");
  return current_machine->state();
}

Machine::Machine(std::unique_ptr<State> state) : state_(std::move(state)) {}

Machine::~Machine() = default;

std::shared_ptr<Machine> Machine::open(const std::string& json, bool manual_clock, std::string& error) {
  auto file = std::make_unique<MachineFile>();
  if (!file->parse(json, error)) return nullptr;
  return std::shared_ptr<Machine>(new Machine(std::make_unique<State>(std::move(file), manual_clock)));
}

void Machine::step(double seconds) { state_->clock.step(seconds); }

double Machine::now() const { return state_->clock.seconds(state_->clock.absolute()); }

bool Machine::plan(const std::string& json, std::string& error) {
  return state_->faults.plan(json, state_->clock, *state_->file, error);
}

void Machine::release_hangs() { state_->faults.release_hangs(); }

Live Machine::live() const {
  const int64_t ports = state_->counts.ports + state_->connections.live() + state_->tokens.live();
  return {state_->counts.objects, state_->handles.live(), ports, state_->regions.live(),
          state_->counts.pools};
}

std::map<std::string, uint64_t> Machine::calls() const { return state_->faults.calls(); }

void Machine::enter(Machine* machine) { current_machine = machine; }

Machine* Machine::current() { return current_machine; }

}  // namespace darwin_double
