// The part of Apple's libnotify that addon/sources uses.
#pragma once

#include <stdint.h>

#define NOTIFY_STATUS_OK 0
#define NOTIFY_STATUS_INVALID_TOKEN 2
#define NOTIFY_STATUS_SERVER_NOT_FOUND 9
#define NOTIFY_STATUS_FAILED 1000000

#pragma GCC visibility push(hidden)
extern "C" {

uint32_t notify_register_check(const char* name, int* out_token);
uint32_t notify_get_state(int token, uint64_t* state64);
uint32_t notify_cancel(int token);

}  // extern "C"
#pragma GCC visibility pop
