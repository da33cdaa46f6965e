// Coalitions: groups of processes, such as an app and its helpers, for which the kernel keeps account.

#include "coalition.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "die.h"
#include "instant.h"

using namespace darwin_double;

namespace {

constexpr size_t kFootprint = 40;  // the only word that is no counter

struct Found {
  const Coalition* coalition = nullptr;
  int64_t k = 0;

  uint64_t id() const {
    return coalition->id + (coalition->life ? static_cast<uint64_t>(k) * coalition->life->step : 0);
  }
};

Found find(const CoalitionFile& file, uint64_t id, const Instant& now) {
  if (const auto known = file.by_id.find(id); known != file.by_id.end())
    return {&file.coalitions[known->second], 0};
  for (const size_t index : file.mortal) {
    const Coalition& coalition = file.coalitions[index];
    const Living alive = living(coalition.life, now);
    for (int64_t k = alive.first; k <= alive.last; k++)
      if (const Found found{&coalition, k}; found.id() == id) return found;
  }
  return {};
}

}  // namespace

int proc_listcoalitions(int flavor, int type, void* buffer, int size) {
  State& machine = state(__func__);
  if (flavor != kListCoalitionsOfType || type != kCoalitionTypeResource)
    die(__func__, "only resource coalitions are known", static_cast<uint64_t>(type));
  if (!buffer || size < 0) die(__func__, "no buffer");
  const Fault fault = darwin_double::fault(__func__);
  if (fault.fails()) return with_errno(fault.code_or(EPERM), 0);
  const Instant at = now(machine);
  std::vector<CoalitionInfo> all;
  for (const Coalition& coalition : machine.file->coalition.coalitions) {
    const Living alive = living(coalition.life, at);
    for (int64_t k = alive.first; k <= alive.last; k++)
      all.push_back({Found{&coalition, k}.id(), kCoalitionTypeResource, coalition.readable ? 1u : 0u});
  }
  if (fault.how == Fault::How::short_) all.resize(all.size() / 2);
  const size_t room = static_cast<size_t>(size) / sizeof(CoalitionInfo);
  all.resize(fault.how == Fault::How::full ? room : std::min(all.size(), room));
  const size_t bytes = all.size() * sizeof(CoalitionInfo);
  if (fault.how == Fault::How::garbage) {
    std::memset(buffer, kGarbage, bytes);
  } else {
    std::memcpy(buffer, all.data(), bytes);
  }
  return static_cast<int>(bytes);
}

int coalition_info_resource_usage(uint64_t id, void* buffer, size_t size) {
  State& machine = state(__func__);
  if (!buffer) die(__func__, "no buffer");
  const Fault fault = darwin_double::fault(__func__);
  if (fault.fails()) return with_errno(fault.code_or(EPERM), -1);
  const CoalitionFile& file = machine.file->coalition;
  const Instant at = now(machine);
  const Found found = find(file, id, at);
  if (!found.coalition) return with_errno(ESRCH, -1);
  if (!found.coalition->readable) return with_errno(EINVAL, -1);
  std::vector<uint64_t> words((file.bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t));
  for (const auto& [index, series] : found.coalition->words)
    words[index] = static_cast<uint64_t>(
        index == kFootprint ? gauge(series, at.moment) : counter(series, found.coalition->life, found.k, at));
  size_t bytes = std::min(size, file.bytes);
  if (fault.how == Fault::How::short_) bytes = bytes / 2 / sizeof(uint64_t) * sizeof(uint64_t);
  if (fault.how == Fault::How::garbage) std::memset(words.data(), kGarbage, bytes);
  std::memcpy(buffer, words.data(), bytes);
  return 0;
}
