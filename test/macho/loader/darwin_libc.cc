#include "darwin_libc.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <utility>

namespace {

std::function<Enter()>& starting() {
  static auto& function = *new std::function<Enter()>;
  return function;
}

// Mutexes and condition variables of Apple's are initialised with a signature and zeros, and are larger than
// glibc's on every machine: glibc's is made at the first use, and its address kept in the zeros.
template <class Ours>
struct Theirs {
  int64_t signature;
  std::atomic<Ours*> ours;

  template <class Init>
  Ours* get(Init init) {
    if (Ours* made = ours) return made;
    auto* mine = new Ours;
    init(mine, nullptr);
    Ours* first = nullptr;
    if (ours.compare_exchange_strong(first, mine)) return mine;
    delete mine;
    return first;
  }
  void forget() { delete ours.exchange(nullptr); }
};
using Mutex = Theirs<pthread_mutex_t>;
using Condition = Theirs<pthread_cond_t>;

pthread_mutex_t* of(Mutex* mutex) { return mutex->get(pthread_mutex_init); }
pthread_cond_t* of(Condition* condition) { return condition->get(pthread_cond_init); }

int mutex_lock(Mutex* mutex) { return pthread_mutex_lock(of(mutex)); }
int mutex_unlock(Mutex* mutex) { return pthread_mutex_unlock(of(mutex)); }
int mutex_destroy(Mutex* mutex) {
  mutex->forget();
  return 0;
}
int cond_signal(Condition* condition) { return pthread_cond_signal(of(condition)); }
int cond_broadcast(Condition* condition) { return pthread_cond_broadcast(of(condition)); }
int cond_wait(Condition* condition, Mutex* mutex) { return pthread_cond_wait(of(condition), of(mutex)); }
int cond_timedwait(Condition* condition, Mutex* mutex, const timespec* until) {
  constexpr int kTimedOut = 60;  // Apple's ETIMEDOUT
  const int result = pthread_cond_timedwait(of(condition), of(mutex), until);
  return result == ETIMEDOUT ? kTimedOut : result;
}
int cond_destroy(Condition* condition) {
  condition->forget();
  return 0;
}

struct Start {
  Enter enter;
  void* (*run)(void*);
  void* argument;
};

void* run_thread(void* start) {
  const std::unique_ptr<Start> mine(static_cast<Start*>(start));
  mine->enter();
  return mine->run(mine->argument);
}

int thread_create(pthread_t* thread, const void*, void* (*run)(void*), void* argument) {
  auto* start = new Start{starting()(), run, argument};
  const int result = pthread_create(thread, nullptr, run_thread, start);
  if (result != 0) delete start;
  return result;
}

// Asked by the guards of static variables, of the calling thread.
uint32_t thread_number(pthread_t) { return static_cast<uint32_t>(gettid()); }

int clock(int apple, timespec* now) {
  constexpr int kRealtime = 0, kMonotonicRaw = 4, kMonotonic = 6, kUptimeRaw = 8;
  switch (apple) {
    case kRealtime:
      return clock_gettime(CLOCK_REALTIME, now);
    case kMonotonicRaw:
    case kMonotonic:
    case kUptimeRaw:
      return clock_gettime(CLOCK_MONOTONIC, now);
    default:
      errno = EINVAL;
      return -1;
  }
}

void zero(void* to, size_t size) { memset(to, 0, size); }

void repeat_16_bytes(void* to, const void* pattern, size_t size) {
  auto* bytes = static_cast<char*>(to);
  for (size_t i = 0; i < size; i++) bytes[i] = static_cast<const char*>(pattern)[i % 16];
}

// A Mac's addon asks for its own name only, to stay in memory, and a loaded image is never unmapped here.
int no_image(const void*, void*) { return 0; }

uint64_t stack_guard = 0x00a5c3965ac3a500;

// What may be pointed at and not read: standard error's FILE, the table of characters.
void* untouchable() {
  static void* const page = mmap(nullptr, 1 << 16, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page;
}

#if defined(__aarch64__)
// Apple passes all variadic arguments on the stack, each in 8 bytes. That is a va_list of the Linux ABI whose
// registers are used up.
extern "C" __attribute__((used)) int format_from_stack(char* to, size_t size, const char* format,
                                                       void* stack) {
  const struct {
    void *stack, *general, *vector;
    int general_left, vector_left;
  } list{stack, nullptr, nullptr, 0, 0};
  va_list arguments;
  static_assert(sizeof arguments == sizeof list);
  memcpy(&arguments, &list, sizeof list);
  return vsnprintf(to, size, format, arguments);
}
extern "C" int apple_snprintf(char*, size_t, const char*, ...);
asm(R"(
  .global apple_snprintf
  .hidden apple_snprintf
apple_snprintf:
  mov x3, sp
  b format_from_stack
)");
#else
const auto apple_snprintf = snprintf;
#endif

// Of exceptions, and of what a program prints as it dies. They are linked in and never called.
#define NEVER(name) {#name, reinterpret_cast<void*>(+[] { die(#name); })},
[[noreturn]] void die(const char* name) {
  std::fprintf(stderr, "the Mac's addon called %s\n", name);
  std::abort();
}

template <class Function>
void* at(Function* function) {
  return reinterpret_cast<void*>(function);
}

const std::map<std::string, void*>& functions() {
  static const std::map<std::string, void*> all = {
      {"___bzero", at(zero)},
      {"___error", at(__errno_location)},
      {"___stack_chk_guard", &stack_guard},
      {"___stderrp", untouchable()},
      {"__DefaultRuneLocale", untouchable()},
      {"_bzero", at(zero)},
      {"_clock_gettime", at(clock)},
      {"_dladdr", at(no_image)},
      {"_memset_pattern16", at(repeat_16_bytes)},
      {"_pthread_cond_broadcast", at(cond_broadcast)},
      {"_pthread_cond_destroy", at(cond_destroy)},
      {"_pthread_cond_signal", at(cond_signal)},
      {"_pthread_cond_timedwait", at(cond_timedwait)},
      {"_pthread_cond_wait", at(cond_wait)},
      {"_pthread_create", at(thread_create)},
      {"_pthread_mach_thread_np", at(thread_number)},
      {"_pthread_mutex_destroy", at(mutex_destroy)},
      {"_pthread_mutex_lock", at(mutex_lock)},
      {"_pthread_mutex_unlock", at(mutex_unlock)},
      {"_snprintf", at(apple_snprintf)},
      // clang-format off
      NEVER(__Unwind_DeleteException)
      NEVER(__Unwind_GetIP)
      NEVER(__Unwind_GetLanguageSpecificData)
      NEVER(__Unwind_GetRegionStart)
      NEVER(__Unwind_RaiseException)
      NEVER(__Unwind_Resume)
      NEVER(__Unwind_SetGR)
      NEVER(__Unwind_SetIP)
      NEVER(___stack_chk_fail)
      NEVER(_fputc)
      NEVER(_fwrite)
      NEVER(_pthread_once)
      NEVER(_strerror_r)
      NEVER(_vfprintf)
      NEVER(dyld_stub_binder)
      // clang-format on
  };
  return all;
}

}  // namespace

void* darwin_libc(const std::string& name) {
  const auto found = functions().find(name);
  return found == functions().end() ? nullptr : found->second;
}

void on_start_of_thread(std::function<Enter()> on_start) { starting() = std::move(on_start); }
