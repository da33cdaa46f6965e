#include "object.h"

namespace darwin_double {
namespace {

// Up to here a search is faster than a hash.
constexpr size_t kSmall = 8;

}  // namespace

Object::Object(Kind kind, State* owner) : kind_(kind), owner_(owner) {
  if (owner_) owner_->counts.objects++;
}

Object::~Object() {
  // What comes here a second time must find no live object, whatever the allocator left of it.
  magic_.store(kDead, std::memory_order_relaxed);
  owner_->counts.objects--;
}

Object& Object::checked(const char* function, const void* pointer) {
  State& current = state(function);
  if (!pointer) die(function, "NULL");
  if (reinterpret_cast<uintptr_t>(pointer) % alignof(Object) != 0) die(function, "not an object", pointer);
  auto& object = *static_cast<Object*>(const_cast<void*>(pointer));
  if (object.magic_.load(std::memory_order_relaxed) != kLive) die(function, "not a live object", pointer);
  if (object.owner_ && object.owner_ != &current) die(function, "an object of another machine", pointer);
  return object;
}

void Object::retain(const char* function) {
  if (owner_) {
    references_.fetch_add(1, std::memory_order_relaxed);
  } else {
    state(function).counts.objects++;
    state(function).counts.constants++;
  }
}

void Object::release(const char* function) {
  if (owner_) {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  } else {
    state(function).counts.objects--;
    if (--state(function).counts.constants < 0) die(function, "released more often than retained", this);
  }
}

Error::Error(CFIndex code, State* owner)
    : Object(kKind, owner), code(code), domain(new String("NSMachErrorDomain", owner)) {}

Error::~Error() { domain->release("CFRelease"); }

Array::~Array() {
  for (Object* value : values) value->release("CFRelease");
}

Dictionary::~Dictionary() {
  for (const Entry& entry : entries) {
    entry.key->release("CFRelease");
    entry.value->release("CFRelease");
  }
}

size_t Dictionary::index_of(std::string_view key) const {
  if (!index_.empty()) {
    const auto found = index_.find(key);
    return found == index_.end() ? entries.size() : found->second;
  }
  size_t i = 0;
  while (i < entries.size() && entries[i].key->text != key) i++;
  return i;
}

Object* Dictionary::find(const std::string& key) const {
  const size_t i = index_of(key);
  return i == entries.size() ? nullptr : entries[i].value;
}

void Dictionary::adopt(String* key, Object* value) {
  const size_t i = index_of(key->text);
  if (i < entries.size()) {
    entries[i].value->release("CFDictionarySetValue");
    entries[i].value = value;
    key->release("CFDictionarySetValue");
    return;
  }
  entries.push_back({key, value});
  if (entries.size() > kSmall && index_.empty()) {
    for (size_t known = 0; known < entries.size(); known++) index_.emplace(entries[known].key->text, known);
  } else if (!index_.empty()) {
    index_.emplace(key->text, i);
  }
}

void Dictionary::set(String& key, Object& value) {
  key.retain("CFDictionarySetValue");
  value.retain("CFDictionarySetValue");
  adopt(&key, &value);
}

void Dictionary::copy_entries(Dictionary& to) const {
  for (const Entry& entry : entries) to.set(*entry.key, *entry.value);
}

Dictionary* Dictionary::mutable_copy(State* owner) const {
  auto* copy = new Dictionary(true, owner);
  copy_entries(*copy);
  return copy;
}

}  // namespace darwin_double
