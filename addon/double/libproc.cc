// libproc: the processes of the Mac, and what a user may know of them.

#include <libproc.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "../darwin/process_api.h"
#include "die.h"
#include "instant.h"

using namespace darwin_double;

namespace {

// A process of the file, and which of its lives.
struct Found {
  const Process* process = nullptr;
  int64_t k = 0;

  explicit operator bool() const { return process != nullptr; }
  uint64_t plus(uint64_t first, uint64_t step) const { return first + static_cast<uint64_t>(k) * step; }
  uint64_t unique() const { return plus(process->unique, process->life ? process->life->step : 0); }
  uint64_t coalition() const {
    return plus(process->coalition, process->life ? process->life->coalitions : 0);
  }
  int64_t pid() const { return process->pid + (process->life ? k % process->life->pids : 0); }
};

Found find(const LibprocFile& file, int pid, const Instant& now) {
  const auto known = file.by_pid.find(pid);
  if (known == file.by_pid.end()) return {};
  for (const size_t index : known->second) {
    const Process& process = file.processes[index];
    const Living alive = living(process.life, now);
    for (int64_t k = alive.first; k <= alive.last; k++)
      if (Found found{&process, k}; found.pid() == pid) return found;
  }
  return {};
}

int fail(int error, int result = 0) { return with_errno(error, result); }

// Hands out a struct whole, half or as nonsense; answers its bytes.
template <class Info>
int store(const Info& info, void* buffer, int size, const Fault& fault) {
  if (size < static_cast<int>(sizeof info)) return fail(ENOMEM);
  if (fault.how == Fault::How::garbage) {
    std::memset(buffer, kGarbage, sizeof info);
    return sizeof info;
  }
  const size_t bytes = fault.how == Fault::How::short_ ? sizeof info / 2 : sizeof info;
  std::memcpy(buffer, &info, bytes);
  return static_cast<int>(bytes);
}

uint64_t started(const Found& found, const Instant& now, int64_t opened) {
  const auto& [process, k] = found;
  if (!process->life) return process->start;
  if (process->life->is_frames) return process->start + static_cast<uint64_t>(k * process->life->every);
  return static_cast<uint64_t>(opened + now.elapsed - process->life->age(now.elapsed, k));
}

Rusage rusage_of(const Found& found, const Instant& now, int64_t opened) {
  const Process& process = *found.process;
  const auto amount = [&](const Series& series) {
    return static_cast<uint64_t>(counter(series, process.life, found.k, now));
  };
  Rusage usage{};
  usage.user_time = amount(process.usage->user);
  usage.system_time = amount(process.usage->system);
  usage.bytes_read = amount(process.usage->read);
  usage.bytes_written = amount(process.usage->written);
  usage.energy_nj = amount(process.usage->energy);
  usage.resident_size = static_cast<uint64_t>(gauge(process.usage->resident, now.moment));
  usage.phys_footprint = static_cast<uint64_t>(gauge(process.usage->footprint, now.moment));
  usage.start_abstime = started(found, now, opened);
  return usage;
}

}  // namespace

int proc_listpids(uint32_t type, uint32_t typeinfo, void* buffer, int buffersize) {
  State& machine = state(__func__);
  if (type != PROC_ALL_PIDS || typeinfo != 0) die(__func__, "only all processes are known", uint64_t{type});
  if (!buffer || buffersize < 0) die(__func__, "no buffer");
  const Fault fault = darwin_double::fault(__func__);
  if (fault.fails()) return fail(fault.code_or(EPERM));
  if (!machine.file->libproc.is_there) return fail(ENOTSUP);
  const Instant at = now(machine);
  std::vector<int32_t> pids;
  for (const Process& process : machine.file->libproc.processes) {
    const Living alive = living(process.life, at);
    for (int64_t k = alive.first; k <= alive.last; k++)
      pids.push_back(static_cast<int32_t>(Found{&process, k}.pid()));
  }
  if (fault.how == Fault::How::short_) pids.resize(pids.size() / 2);
  if (fault.how == Fault::How::garbage) std::memset(pids.data(), kGarbage, pids.size() * sizeof(int32_t));
  const size_t room = static_cast<size_t>(buffersize) / sizeof(int32_t);
  pids.resize(fault.how == Fault::How::full ? room : std::min(pids.size(), room));
  std::memcpy(buffer, pids.data(), pids.size() * sizeof(int32_t));
  return static_cast<int>(pids.size() * sizeof(int32_t));
}

int proc_pidinfo(int pid, int flavor, uint64_t arg, void* buffer, int buffersize) {
  State& machine = state(__func__);
  if (!buffer || buffersize <= 0 || arg != 0) die(__func__, "no buffer, or an argument");
  const Fault fault = darwin_double::fault(__func__);
  if (fault.fails()) return fail(fault.code_or(ESRCH));
  const Found found = find(machine.file->libproc, pid, now(machine));
  if (!found) return fail(ESRCH);
  if (flavor == kPidUniqueIdentifierInfo) {
    PidUniqueIdentifierInfo info{};
    info.unique = found.unique();
    return store(info, buffer, buffersize, fault);
  }
  if (flavor == kPidCoalitionInfo) {
    PidCoalitionInfo info{};
    info.resource = found.coalition();
    info.jetsam = info.resource + 1;
    return store(info, buffer, buffersize, fault);
  }
  if (flavor == PROC_PIDT_SHORTBSDINFO) {
    proc_bsdshortinfo info{};
    info.pbsi_pid = static_cast<uint32_t>(pid);
    info.pbsi_uid = found.process->uid;
    found.process->comm.copy(info.pbsi_comm, sizeof info.pbsi_comm);
    return store(info, buffer, buffersize, fault);
  }
  die(__func__, "not a known flavor", static_cast<uint64_t>(flavor));
}

int proc_pidpath(int pid, void* buffer, uint32_t buffersize) {
  State& machine = state(__func__);
  if (!buffer) die(__func__, "no buffer");
  const Fault fault = darwin_double::fault(__func__);
  if (fault.fails()) return fail(fault.code_or(ESRCH));
  const Found found = find(machine.file->libproc, pid, now(machine));
  if (!found || !found.process->has_path) return fail(ESRCH);
  std::string path(found.process->path);
  if (fault.how == Fault::How::short_) path.resize(path.size() / 2);
  if (fault.how == Fault::How::garbage) path.assign(path.size(), static_cast<char>(kGarbage));
  if (path.size() >= buffersize) return fail(ENOMEM);
  std::memcpy(buffer, path.c_str(), path.size() + 1);
  return static_cast<int>(path.size());
}

int proc_pid_rusage(int pid, int flavor, rusage_info_t* buffer) {
  State& machine = state(__func__);
  if (!buffer) die(__func__, "no buffer");
  const Fault fault = darwin_double::fault(__func__);
  if (fault.fails()) return fail(fault.code_or(EPERM), -1);
  const LibprocFile& file = machine.file->libproc;
  if (flavor < 0 || flavor > file.rusage) return fail(EINVAL, -1);
  if (flavor != kRusageOld && flavor != kRusageNew)
    die(__func__, "not a known flavor", static_cast<uint64_t>(flavor));
  const Instant at = now(machine);
  const Found found = find(file, pid, at);
  if (!found) return fail(ESRCH, -1);
  if (file.uid != 0 && found.process->uid != file.uid) return fail(EPERM, -1);
  if (!found.process->usage) return fail(ESRCH, -1);
  Rusage usage = rusage_of(found, at, machine.clock.opened());
  const size_t bytes = flavor == kRusageNew ? sizeof usage : kRusageOldSize;
  if (fault.how == Fault::How::garbage) std::memset(&usage, kGarbage, sizeof usage);
  std::memcpy(buffer, &usage, fault.how == Fault::How::short_ ? bytes / 2 : bytes);
  return 0;
}
