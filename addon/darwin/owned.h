// Owners of what the OS hands out under the Create/Copy rule, so that no path through a source can lose a
// reference.
#pragma once

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>

#include <string>
#include <utility>

namespace metalstat {

// Owns one reference to a CoreFoundation object (or to an IOReport subscription, which is one).
template <class Ref>
class Owned {
 public:
  Owned() = default;
  explicit Owned(Ref ref) : ref_(ref) {}
  Owned(Owned&& other) noexcept : ref_(std::exchange(other.ref_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    if (this != &other) reset(std::exchange(other.ref_, nullptr));
    return *this;
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { reset(); }

  Ref get() const { return ref_; }
  explicit operator bool() const { return ref_ != nullptr; }
  void reset(Ref ref = nullptr) {
    if (ref_) CFRelease(ref_);
    ref_ = ref;
  }
  // For functions that return a +1 reference through a pointer.
  Ref* out() {
    reset();
    return &ref_;
  }

 private:
  Ref ref_ = nullptr;
};

// Owns a connection to a service's user client.
class OwnedConnection {
 public:
  OwnedConnection() = default;
  OwnedConnection(const OwnedConnection&) = delete;
  OwnedConnection& operator=(const OwnedConnection&) = delete;
  ~OwnedConnection() { reset(); }

  io_connect_t get() const { return connection_; }
  explicit operator bool() const { return connection_ != 0; }
  void reset() {
    if (connection_) IOServiceClose(connection_);
    connection_ = 0;
  }
  io_connect_t* out() {
    reset();
    return &connection_;
  }

 private:
  io_connect_t connection_ = 0;
};

// Owns one io_object_t: an iterator, a registry entry or a service.
class OwnedIoObject {
 public:
  OwnedIoObject() = default;
  explicit OwnedIoObject(io_object_t object) : object_(object) {}
  OwnedIoObject(OwnedIoObject&& other) noexcept : object_(std::exchange(other.object_, 0)) {}
  OwnedIoObject& operator=(OwnedIoObject&& other) noexcept {
    if (this != &other) reset(std::exchange(other.object_, 0));
    return *this;
  }
  OwnedIoObject(const OwnedIoObject&) = delete;
  OwnedIoObject& operator=(const OwnedIoObject&) = delete;
  ~OwnedIoObject() { reset(); }

  io_object_t get() const { return object_; }
  explicit operator bool() const { return object_ != 0; }
  void reset(io_object_t object = 0) {
    if (object_) IOObjectRelease(object_);
    object_ = object;
  }
  io_object_t* out() {
    reset();
    return &object_;
  }

 private:
  io_object_t object_ = 0;
};

}  // namespace metalstat
