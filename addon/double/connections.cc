#include "connections.h"

#include "die.h"

namespace darwin_double {

io_connect_t Connections::open() {
  std::lock_guard<std::mutex> lock(mutex_);
  last_name_ += 4;  // as Mach names look
  connections_.emplace(last_name_, std::make_shared<std::atomic<bool>>(false));
  return last_name_;
}

void Connections::close(const char* function, io_connect_t connection) {
  if (*busy(function, connection)) die(function, "a thread is inside", uint64_t{connection});
  std::lock_guard<std::mutex> lock(mutex_);
  connections_.erase(connection);
}

std::shared_ptr<std::atomic<bool>> Connections::busy(const char* function, io_connect_t connection) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto found = connections_.find(connection);
  if (found == connections_.end()) die(function, "not an open connection", uint64_t{connection});
  return found->second;
}

int64_t Connections::live() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int64_t>(connections_.size());
}

}  // namespace darwin_double
