#pragma once

#include <mach/mach_types.h>

typedef integer_t* processor_info_array_t;
typedef integer_t processor_flavor_t;

#define PROCESSOR_CPU_LOAD_INFO 2

#define CPU_STATE_USER 0
#define CPU_STATE_SYSTEM 1
#define CPU_STATE_IDLE 2
#define CPU_STATE_NICE 3
#define CPU_STATE_MAX 4

struct processor_cpu_load_info {
  unsigned int cpu_ticks[CPU_STATE_MAX];
};

typedef struct processor_cpu_load_info processor_cpu_load_info_data_t;
typedef struct processor_cpu_load_info* processor_cpu_load_info_t;
#define PROCESSOR_CPU_LOAD_INFO_COUNT \
  ((mach_msg_type_number_t)(sizeof(processor_cpu_load_info_data_t) / sizeof(natural_t)))
