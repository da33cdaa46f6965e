// The part of Apple's libproc, and of <sys/proc_info.h> and <sys/resource.h> that it includes, that
// addon/sources uses.
#pragma once

#include <stdint.h>

#define PROC_ALL_PIDS 1
#define PROC_PIDT_SHORTBSDINFO 13
#define PROC_PIDPATHINFO_MAXSIZE 4096

struct proc_bsdshortinfo {
  uint32_t pbsi_pid;
  uint32_t pbsi_ppid;
  uint32_t pbsi_pgid;
  uint32_t pbsi_status;
  char pbsi_comm[16];
  uint32_t pbsi_flags;
  uint32_t pbsi_uid;
  uint32_t pbsi_gid;
  uint32_t pbsi_ruid;
  uint32_t pbsi_rgid;
  uint32_t pbsi_svuid;
  uint32_t pbsi_svgid;
  uint32_t pbsi_rfu;
};

typedef void* rusage_info_t;

#pragma GCC visibility push(hidden)
extern "C" {

int proc_listpids(uint32_t type, uint32_t typeinfo, void* buffer, int buffersize);
int proc_pidinfo(int pid, int flavor, uint64_t arg, void* buffer, int buffersize);
int proc_pidpath(int pid, void* buffer, uint32_t buffersize);
int proc_pid_rusage(int pid, int flavor, rusage_info_t* buffer);

}  // extern "C"
#pragma GCC visibility pop
