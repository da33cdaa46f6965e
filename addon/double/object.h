// CoreFoundation objects of the double. Every function that takes one checks it through checked().
#pragma once

#include <CoreFoundation/CoreFoundation.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "die.h"
#include "state.h"

namespace darwin_double {

class Object {
 public:
  // A CFTypeID.
  enum class Kind : CFTypeID {
    string = 7,
    dictionary = 18,
    array,
    data,
    boolean,
    number,
    error,
    subscription,
    hid_client,
    hid_service,
    hid_event,
    metal_device
  };

  // `owner` is NULL for constants: they live for ever, and each reference to one counts in the machine of its
  // holder.
  Object(Kind kind, State* owner);
  virtual ~Object();
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  // Dies unless `object` is live and usable by the calling thread.
  static Object& checked(const char* function, const void* object);

  void retain(const char* function);
  void release(const char* function);
  Kind kind() const { return kind_; }

 private:
  static constexpr uint32_t kLive = 0x11FEC0DE;
  static constexpr uint32_t kDead = 0xDEADC0DE;

  std::atomic<uint32_t> magic_{kLive};
  const Kind kind_;
  std::atomic<int64_t> references_{1};
  State* const owner_;
};

// Dies unless `object` is a live T.
template <class T>
T& checked(const char* function, const void* object) {
  Object& any = Object::checked(function, object);
  if (any.kind() != T::kKind) die(function, "an object of another type", object);
  return static_cast<T&>(any);
}

// The opaque pointer that the caller of CoreFoundation holds.
template <class Ref>
Ref to_ref(Object* object) {
  return reinterpret_cast<Ref>(object);
}

struct String final : Object {
  static constexpr Kind kKind = Kind::string;
  String(std::string_view text, State* owner) : Object(kKind, owner), text(text) {}
  const std::string text;
};

struct Number final : Object {
  static constexpr Kind kKind = Kind::number;
  Number(int64_t value, State* owner) : Object(kKind, owner), is_real(false), integer(value), real(0) {}
  Number(double value, State* owner) : Object(kKind, owner), is_real(true), integer(0), real(value) {}
  const bool is_real;
  const int64_t integer;
  const double real;
};

struct Boolean_ final : Object {
  static constexpr Kind kKind = Kind::boolean;
  explicit Boolean_(bool value) : Object(kKind, nullptr), value(value) {}
  const bool value;
};

struct Data final : Object {
  static constexpr Kind kKind = Kind::data;
  Data(std::vector<uint8_t> bytes, State* owner) : Object(kKind, owner), bytes(std::move(bytes)) {}
  const std::vector<uint8_t> bytes;
};

struct Error final : Object {
  static constexpr Kind kKind = Kind::error;
  Error(CFIndex code, State* owner);
  ~Error() override;
  const CFIndex code;
  String* const domain;
};

struct Array final : Object {
  static constexpr Kind kKind = Kind::array;
  Array(bool is_mutable, State* owner) : Object(kKind, owner), is_mutable(is_mutable) {}
  ~Array() override;
  // Takes over one reference.
  void adopt(Object* value) { values.push_back(value); }
  const bool is_mutable;
  std::vector<Object*> values;
};

struct ChannelDictionary;

// Keys are strings, in the order in which they came.
struct Dictionary : Object {
  static constexpr Kind kKind = Kind::dictionary;
  Dictionary(bool is_mutable, State* owner) : Object(kKind, owner), is_mutable(is_mutable) {}
  ~Dictionary() override;
  virtual ChannelDictionary* as_channel() { return nullptr; }
  virtual Dictionary* mutable_copy(State* owner) const;

  Object* find(const std::string& key) const;
  void set(String& key, Object& value);
  // Both are taken over with one reference.
  void adopt(String* key, Object* value);

  struct Entry {
    String* key;
    Object* value;
  };
  const bool is_mutable;
  std::vector<Entry> entries;

 protected:
  void copy_entries(Dictionary& to) const;

 private:
  size_t index_of(std::string_view key) const;
  std::unordered_map<std::string_view, size_t> index_;  // only of a large dictionary
};

}  // namespace darwin_double
