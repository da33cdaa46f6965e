#include <sys/sysctl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "die.h"
#include "instant.h"
#include "state.h"

using namespace darwin_double;

namespace {

void append(std::vector<uint8_t>& bytes, int64_t value, size_t size) {
  bytes.resize((bytes.size() + size - 1) / size * size);
  const auto* const first = reinterpret_cast<const uint8_t*>(&value);
  bytes.insert(bytes.end(), first, first + size);
}

// As the C struct that the layout describes, with its padding.
std::vector<uint8_t> bytes_of(const SysctlFile& variable, const Moment& moment) {
  std::vector<uint8_t> bytes(variable.text.begin(), variable.text.end());
  if (variable.is_text) bytes.push_back('\0');
  size_t alignment = 1;
  for (size_t i = 0; i < variable.members.size(); i++) {
    const bool is_wide = variable.layout[i] == 'Q' || variable.layout[i] == 'q';
    const size_t size = is_wide ? sizeof(int64_t) : sizeof(int32_t);
    append(bytes, gauge(variable.members[i], moment), size);
    alignment = std::max(alignment, size);
  }
  bytes.resize((bytes.size() + alignment - 1) / alignment * alignment);
  return bytes;
}

int fail(int error) { return with_errno(error, -1); }

}  // namespace

int sysctlbyname(const char* name, void* oldp, size_t* oldlenp, void* newp, size_t) {
  State& machine = state(__func__);
  if (!name) die(__func__, "NULL");
  if (oldp && !oldlenp) die(__func__, "a buffer without a length", oldp);
  const Fault fault = darwin_double::fault(__func__);
  if (fault.fails()) return fail(fault.code_or(EIO));
  const auto variable = machine.file->sysctl.find(name);
  if (variable == machine.file->sysctl.end()) return fail(ENOENT);
  if (newp) return fail(EPERM);
  if (!oldlenp) return 0;
  std::vector<uint8_t> bytes = bytes_of(variable->second, now(machine).moment);
  if (fault.how == Fault::How::short_) bytes.resize(bytes.size() / 2);
  if (fault.how == Fault::How::garbage) std::fill(bytes.begin(), bytes.end(), kGarbage);
  const size_t room = *oldlenp;
  *oldlenp = bytes.size();
  if (!oldp) return 0;
  // A short buffer gets what fits, like on a Mac: who does not look at the result reads half a value.
  *oldlenp = std::min(room, bytes.size());
  std::copy_n(bytes.begin(), *oldlenp, static_cast<uint8_t*>(oldp));
  return room < bytes.size() ? fail(ENOMEM) : 0;
}
