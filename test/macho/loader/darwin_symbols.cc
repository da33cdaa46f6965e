// Functions that headers declare are listed by prototypes.inc, which abi_check.cc holds against Apple's
// headers.

#include "darwin_symbols.h"

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>
#include <dlfcn.h>
#include <libproc.h>
#include <mach/mach.h>
#include <mach/mach_time.h>
#include <notify.h>
#include <sys/sysctl.h>

#include <map>

#pragma GCC visibility push(hidden)
extern "C" void* objc_autoreleasePoolPush(void);
extern "C" void objc_autoreleasePoolPop(void* pool);
#pragma GCC visibility pop

namespace {

template <class Symbol>
void* address(Symbol& symbol) {
  return const_cast<void*>(reinterpret_cast<const void*>(&symbol));
}

const std::map<std::string, void*>& symbols() {
#define F(name, ...) {"_" #name, address(::name)},
  static const std::map<std::string, void*> all = {
#include "double/prototypes.inc"
      // clang-format off
      F(kCFAllocatorDefault)
      F(kCFBooleanFalse)
      F(kCFBooleanTrue)
      F(kCFTypeArrayCallBacks)
      F(kCFTypeDictionaryKeyCallBacks)
      F(kCFTypeDictionaryValueCallBacks)
      F(kIOMainPortDefault)
      F(mach_task_self_)
      F(objc_autoreleasePoolPush)
      F(objc_autoreleasePoolPop)
      F(dlopen)
      F(dlsym)
      F(dlclose)
      F(dlerror)
      // clang-format on
  };
#undef F
  return all;
}

}  // namespace

void* darwin_symbol(const std::string& name) {
  const auto found = symbols().find(name);
  return found == symbols().end() ? nullptr : found->second;
}
