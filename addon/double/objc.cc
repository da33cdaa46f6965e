// The Objective-C runtime: autorelease pools and selectors. No SDK header declares the pools, so their users
// do too.

#include "objc.h"

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "die.h"
#include "state.h"

using namespace darwin_double;

namespace {

struct Pool {
  Pool* outer;
  std::vector<Object*> objects;
};

thread_local Pool* innermost = nullptr;

// Selectors are the same for the whole process, and for ever.
struct Selectors {
  std::mutex mutex;
  std::set<std::string> names;
};

Selectors& selectors() {
  static auto& all = *new Selectors;
  return all;
}

}  // namespace

namespace darwin_double {

Object* autorelease(Object* object) {
  if (innermost) innermost->objects.push_back(object);
  return object;
}

const char* selector_name(const char* function, ObjcSelector selector) {
  std::lock_guard<std::mutex> lock(selectors().mutex);
  for (const std::string& name : selectors().names)
    if (reinterpret_cast<const void*>(selector) == name.c_str()) return name.c_str();
  die(function, "not a selector", selector);
}

}  // namespace darwin_double

#pragma GCC visibility push(hidden)
extern "C" {

void* objc_autoreleasePoolPush();
void objc_autoreleasePoolPop(void* pool);

void* objc_autoreleasePoolPush() {
  state(__func__).counts.pools++;
  innermost = new Pool{innermost, {}};
  return innermost;
}

void objc_autoreleasePoolPop(void* pool) {
  State& machine = state(__func__);
  if (!innermost || pool != innermost) die(__func__, "not the innermost pool of this thread", pool);
  for (Object* object : innermost->objects) object->release(__func__);
  delete std::exchange(innermost, innermost->outer);
  machine.counts.pools--;
}

ObjcSelector sel_registerName(const char* name) {
  state(__func__);
  if (!name) die(__func__, "NULL");
  std::lock_guard<std::mutex> lock(selectors().mutex);
  const std::string& registered = *selectors().names.emplace(name).first;
  return reinterpret_cast<ObjcSelector>(const_cast<char*>(registered.c_str()));
}

}  // extern "C"
#pragma GCC visibility pop
