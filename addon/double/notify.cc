// libnotify: names with a state, as notifyd keeps them.

#include <notify.h>

#include "die.h"
#include "instant.h"
#include "state.h"

using namespace darwin_double;

namespace darwin_double {

int Tokens::add(std::string name) {
  std::lock_guard<std::mutex> lock(mutex_);
  names_.emplace(next_, std::move(name));
  return next_++;
}

std::string Tokens::name(const char* function, int token) const {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found = names_.find(token);
  if (found == names_.end()) die(function, "not a live token", static_cast<uint64_t>(token));
  return found->second;
}

void Tokens::remove(const char* function, int token) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (names_.erase(token) == 0) die(function, "not a live token", static_cast<uint64_t>(token));
}

int64_t Tokens::live() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int64_t>(names_.size());
}

}  // namespace darwin_double

uint32_t notify_register_check(const char* name, int* out_token) {
  State& machine = state(__func__);
  if (!name || !out_token) die(__func__, "NULL");
  const Fault fault = darwin_double::fault(__func__);
  if (fault) return static_cast<uint32_t>(fault.code_or(NOTIFY_STATUS_FAILED));
  if (!machine.file->notify.has_server) return NOTIFY_STATUS_SERVER_NOT_FOUND;
  *out_token = machine.tokens.add(name);
  return NOTIFY_STATUS_OK;
}

uint32_t notify_get_state(int token, uint64_t* state64) {
  State& machine = state(__func__);
  const std::string name = machine.tokens.name(__func__, token);
  if (!state64) die(__func__, "NULL");
  const Fault fault = darwin_double::fault(__func__);
  if (fault.how == Fault::How::garbage) {
    *state64 = 0x0101010101010101 * uint64_t{kGarbage};
    return NOTIFY_STATUS_OK;
  }
  if (fault) return static_cast<uint32_t>(fault.code_or(NOTIFY_STATUS_FAILED));
  const auto found = machine.file->notify.states.find(name);
  // A name that nobody ever set has the state 0.
  *state64 = found == machine.file->notify.states.end()
                 ? 0
                 : static_cast<uint64_t>(gauge(found->second, now(machine).moment));
  return NOTIFY_STATUS_OK;
}

uint32_t notify_cancel(int token) {
  state(__func__).tokens.remove(__func__, token);
  return NOTIFY_STATUS_OK;
}
