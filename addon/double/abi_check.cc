// Holds prototypes.inc and the layouts the double relies on against headers. In a normal build those are the
// double's own, so that table and headers cannot drift apart. With METALSTAT_ABI_CHECK, on a Mac and without
// addon/double/include in the search path, they are Apple's. It is only compiled: all checks are static.

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>
#include <libproc.h>
#include <mach/mach.h>
#include <mach/mach_time.h>
#include <notify.h>
#include <sys/sysctl.h>

#include <cstddef>
#include <type_traits>

#include "../darwin/process_api.h"

#if defined(METALSTAT_ABI_CHECK) && defined(METALSTAT_DOUBLE_HEADERS)
#error "the headers of the double shadow Apple's: there is nothing to check"
#endif

#define F(name, ...) static_assert(std::is_same_v<decltype(&::name), __VA_ARGS__>, #name);
#include "prototypes.inc"
#undef F

#define SAME(...) static_assert(std::is_same_v<__VA_ARGS__>)
#define VALUE(constant, value) static_assert((constant) == (value))
#define AT(type, field, offset, size) \
  static_assert(offsetof(type, field) == (offset) && sizeof(type::field) == (size))

SAME(Boolean, unsigned char);
SAME(CFIndex, signed long);
SAME(CFTypeID, unsigned long);
SAME(CFTypeRef, const void*);
SAME(CFStringEncoding, unsigned int);
SAME(CFErrorDomain, CFStringRef);
SAME(SInt32, int);
SAME(SInt64, signed long long);
SAME(Float64, double);
SAME(std::underlying_type_t<CFNumberType>, CFIndex);
SAME(decltype(kCFAllocatorDefault), const CFAllocatorRef);
SAME(decltype(kCFBooleanTrue), const CFBooleanRef);
SAME(decltype(kCFBooleanFalse), const CFBooleanRef);
SAME(decltype(kCFTypeArrayCallBacks), const CFArrayCallBacks);
SAME(decltype(kCFTypeDictionaryKeyCallBacks), const CFDictionaryKeyCallBacks);
SAME(decltype(kCFTypeDictionaryValueCallBacks), const CFDictionaryValueCallBacks);
VALUE(kCFStringEncodingUTF8, 0x08000100);
VALUE(kCFNumberSInt32Type, 3);
VALUE(kCFNumberSInt64Type, 4);
VALUE(kCFNumberFloat64Type, 6);
VALUE(sizeof(CFArrayCallBacks), 40);
VALUE(sizeof(CFDictionaryKeyCallBacks), 48);
VALUE(sizeof(CFDictionaryValueCallBacks), 40);

SAME(io_object_t, unsigned int);
SAME(io_connect_t, unsigned int);
SAME(task_port_t, mach_port_t);
SAME(decltype(kIOMainPortDefault), const mach_port_t);
SAME(io_name_t, char[128]);
SAME(io_string_t, char[512]);
VALUE(IO_OBJECT_NULL, 0u);

SAME(rusage_info_t, void*);
VALUE(PROC_ALL_PIDS, 1);
VALUE(PROC_PIDT_SHORTBSDINFO, 13);
VALUE(PROC_PIDPATHINFO_MAXSIZE, 4096);
VALUE(sizeof(proc_bsdshortinfo), 64);
AT(proc_bsdshortinfo, pbsi_pid, 0, 4);
AT(proc_bsdshortinfo, pbsi_comm, 16, 16);
AT(proc_bsdshortinfo, pbsi_uid, 36, 4);

VALUE(NOTIFY_STATUS_OK, 0);
VALUE(NOTIFY_STATUS_SERVER_NOT_FOUND, 9);

SAME(kern_return_t, int);
SAME(boolean_t, int);
SAME(mach_port_t, unsigned int);
SAME(mach_msg_type_number_t, unsigned int);
SAME(natural_t, unsigned int);
SAME(integer_t, int);
SAME(vm_address_t, uintptr_t);
SAME(decltype(mach_task_self_), mach_port_t);
VALUE(KERN_SUCCESS, 0);
VALUE(KERN_INVALID_ARGUMENT, 4);
VALUE(KERN_FAILURE, 5);
VALUE(MIG_ARRAY_TOO_LARGE, -307);
VALUE(HOST_VM_INFO64, 4);
VALUE(PROCESSOR_CPU_LOAD_INFO, 2);
VALUE(CPU_STATE_USER, 0);
VALUE(CPU_STATE_SYSTEM, 1);
VALUE(CPU_STATE_IDLE, 2);
VALUE(CPU_STATE_NICE, 3);
VALUE(CPU_STATE_MAX, 4);
VALUE(sizeof(processor_cpu_load_info), 16);
AT(processor_cpu_load_info, cpu_ticks, 0, 16);
VALUE(sizeof(mach_timebase_info_data_t), 8);
AT(mach_timebase_info_data_t, numer, 0, 4);
AT(mach_timebase_info_data_t, denom, 4, 4);

// Newer SDKs append fields.
static_assert(sizeof(vm_statistics64) >= 152 && alignof(vm_statistics64) == 8);
AT(vm_statistics64, free_count, 0, 4);
AT(vm_statistics64, active_count, 4, 4);
AT(vm_statistics64, inactive_count, 8, 4);
AT(vm_statistics64, wire_count, 12, 4);
AT(vm_statistics64, zero_fill_count, 16, 8);
AT(vm_statistics64, reactivations, 24, 8);
AT(vm_statistics64, pageins, 32, 8);
AT(vm_statistics64, pageouts, 40, 8);
AT(vm_statistics64, faults, 48, 8);
AT(vm_statistics64, cow_faults, 56, 8);
AT(vm_statistics64, lookups, 64, 8);
AT(vm_statistics64, hits, 72, 8);
AT(vm_statistics64, purges, 80, 8);
AT(vm_statistics64, purgeable_count, 88, 4);
AT(vm_statistics64, speculative_count, 92, 4);
AT(vm_statistics64, decompressions, 96, 8);
AT(vm_statistics64, compressions, 104, 8);
AT(vm_statistics64, swapins, 112, 8);
AT(vm_statistics64, swapouts, 120, 8);
AT(vm_statistics64, compressor_page_count, 128, 4);
AT(vm_statistics64, throttled_count, 132, 4);
AT(vm_statistics64, external_page_count, 136, 4);
AT(vm_statistics64, internal_page_count, 140, 4);
AT(vm_statistics64, total_uncompressed_pages_in_compressor, 144, 8);

#ifdef METALSTAT_ABI_CHECK
// What the addon declares itself, as macOS 12's headers have not all of it.
#define PLACE(ours, apples, theirs) static_assert(offsetof(Rusage, ours) == offsetof(apples, theirs), #theirs)

VALUE(kRusageOld, RUSAGE_INFO_V4);
VALUE(kRusageOldSize, sizeof(rusage_info_v4));
PLACE(user_time, rusage_info_v4, ri_user_time);
PLACE(system_time, rusage_info_v4, ri_system_time);
PLACE(resident_size, rusage_info_v4, ri_resident_size);
PLACE(phys_footprint, rusage_info_v4, ri_phys_footprint);
PLACE(start_abstime, rusage_info_v4, ri_proc_start_abstime);
PLACE(bytes_read, rusage_info_v4, ri_diskio_bytesread);
PLACE(bytes_written, rusage_info_v4, ri_diskio_byteswritten);
PLACE(billed_energy, rusage_info_v4, ri_billed_energy);
#ifdef RUSAGE_INFO_V6
VALUE(kRusageNew, RUSAGE_INFO_V6);
VALUE(sizeof(Rusage), sizeof(rusage_info_v6));
PLACE(billed_energy, rusage_info_v6, ri_billed_energy);
PLACE(energy_nj, rusage_info_v6, ri_energy_nj);
#endif
#endif
