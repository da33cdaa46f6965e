// Tells a facility's thread which machine it works for.
#pragma once

#include <memory>
#include <utility>

#include "../runner.h"
#include "machine.h"

namespace darwin_double {

class DoublePlatform final : public metalstat::Platform {
 public:
  // Owns a share of the machine: a thread that hangs in a call may outlive everything else.
  explicit DoublePlatform(std::shared_ptr<Machine> machine) : machine_(std::move(machine)) {}
  void enter() override { Machine::enter(machine_.get()); }

 private:
  std::shared_ptr<Machine> machine_;
};

}  // namespace darwin_double
