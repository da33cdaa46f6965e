// One thread per OS facility: a facility that hangs holds its own thread and nothing else.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "source.h"

namespace metalstat {

// What a thread needs before it calls the OS. On a Mac nothing; the double says which machine the thread
// works for.
class Platform {
 public:
  virtual ~Platform() = default;
  virtual void enter() = 0;
};

class Runner {
 public:
  using Job = std::function<void(Source&)>;

  Runner(std::unique_ptr<Source> source, std::shared_ptr<Platform> platform);
  // Does not wait: call stop() first if the source's OS objects must be gone.
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Queues a job for the facility's thread, which is started by the first one. False after stop().
  bool run(Job job);

  // Lets the running job end until `deadline`, closes the source on its own thread and ends the thread. False
  // if the job still hangs: the thread is then left behind with all that it uses, and touches nothing of ours
  // again.
  bool stop(std::chrono::steady_clock::time_point deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace metalstat
