// What is asked of processes and of the coalitions they belong to, beyond what is in every SDK. Sizes and
// layouts are those of xnu (bsd/sys/proc_info_private.h, bsd/sys/resource.h, bsd/sys/coalition.h,
// osfmk/mach/coalition.h). The functions of coalitions are in libSystem and in no header: they are looked up
// with dlsym.
#pragma once

#include <cstddef>
#include <cstdint>

// proc_pidinfo: answered for the processes of every user.
constexpr int kPidUniqueIdentifierInfo = 17;
struct PidUniqueIdentifierInfo {
  uint8_t uuid[16];
  uint64_t unique;  // never used again while the Mac runs, as a pid is
  uint64_t parent;
  int32_t version;
  int32_t parent_version;
  uint64_t reserved[2];
};
static_assert(sizeof(PidUniqueIdentifierInfo) == 56 && offsetof(PidUniqueIdentifierInfo, unique) == 16);

constexpr int kPidCoalitionInfo = 20;
struct PidCoalitionInfo {
  uint64_t resource;
  uint64_t jetsam;
  uint64_t reserved[3];
};
static_assert(sizeof(PidCoalitionInfo) == 40);

// proc_pid_rusage: flavor 4 is in every macOS that the addon runs on, 6 from macOS 13 on. Times are in ticks
// of mach_absolute_time (xnu, osfmk/kern/task.c), not in nanoseconds as some headers say.
constexpr int kRusageOld = 4;
constexpr int kRusageNew = 6;
struct Rusage {
  uint8_t uuid[16];
  uint64_t user_time, system_time;
  uint64_t pkg_idle_wakeups, interrupt_wakeups, pageins, wired_size, resident_size;
  uint64_t phys_footprint;
  uint64_t start_abstime, exit_abstime;
  uint64_t child[6];
  uint64_t bytes_read, bytes_written;
  uint64_t cpu_time_qos[7];
  uint64_t billed_system_time, serviced_system_time, logical_writes, lifetime_max_phys_footprint;
  uint64_t instructions, cycles, billed_energy, serviced_energy, interval_max_phys_footprint, runnable_time;
  // From flavor 6 on.
  uint64_t flags, user_ptime, system_ptime, pinstructions, pcycles;
  uint64_t energy_nj;
  uint64_t penergy_nj, secure_time, secure_ptime, neural_footprint, lifetime_max_neural_footprint;
  uint64_t interval_max_neural_footprint, reserved[9];
};
static_assert(offsetof(Rusage, user_time) == 16 && offsetof(Rusage, resident_size) == 64);
static_assert(offsetof(Rusage, phys_footprint) == 72);
static_assert(offsetof(Rusage, start_abstime) == 80 && offsetof(Rusage, bytes_read) == 144);
static_assert(offsetof(Rusage, flags) == 296 && offsetof(Rusage, energy_nj) == 336);
static_assert(sizeof(Rusage) == 464);
constexpr size_t kRusageOldSize = offsetof(Rusage, flags);

#define COALITION_LIBRARY "/usr/lib/libSystem.B.dylib"

// X(result, name, parameters)
//
// proc_listcoalitions: flavor, type, buffer, its bytes; answers bytes, or 0 and errno. What does not fit is
// left out. coalition_info_resource_usage: id, buffer, its bytes; answers 0, or -1 and errno. It fills in as
// much as this kernel has and says not how much: 296 bytes on macOS 13, 304 on 14.4, 352 on 15, 360 on 26.
// EINVAL: it is of another type, or that of corpses; ESRCH: it is gone.
#define COALITION_FUNCTIONS(X)                        \
  X(int, proc_listcoalitions, (int, int, void*, int)) \
  X(int, coalition_info_resource_usage, (uint64_t, void*, size_t))

constexpr int kListCoalitionsOfType = 2;
constexpr int kCoalitionTypeResource = 0;
struct CoalitionInfo {
  uint64_t id;
  uint32_t type;
  uint32_t tasks;
};
static_assert(sizeof(CoalitionInfo) == 16);
