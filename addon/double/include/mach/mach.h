// Like Apple's, this does not bring in <mach/mach_time.h>.
#pragma once

#include <mach/mach_error.h>
#include <mach/mach_host.h>
#include <mach/mach_types.h>

#pragma GCC visibility push(hidden)
extern "C" {

extern mach_port_t mach_task_self_;
#define mach_task_self() mach_task_self_

host_t mach_host_self(void);
kern_return_t mach_port_deallocate(ipc_space_t task, mach_port_name_t name);
kern_return_t vm_deallocate(vm_map_t target_task, vm_address_t address, vm_size_t size);

}  // extern "C"
#pragma GCC visibility pop
