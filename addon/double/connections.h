// Connections of this task to user clients of the kernel: Mach ports, of which each is closed once.
#pragma once

#include <IOKit/IOKitLib.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace darwin_double {

class Connections {
 public:
  io_connect_t open();
  // Both die in the name of `function` if there is no such connection.
  void close(const char* function, io_connect_t connection);
  // Set while a thread is inside.
  std::shared_ptr<std::atomic<bool>> busy(const char* function, io_connect_t connection);

  int64_t live() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<io_connect_t, std::shared_ptr<std::atomic<bool>>> connections_;
  // A name is never used again, so that a stale one is caught; no name of Handles is one of these.
  io_connect_t last_name_ = 0x1005;
};

}  // namespace darwin_double
