#include "runner.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "darwin/pool.h"

namespace metalstat {

struct Runner::State {
  std::mutex mutex;
  std::condition_variable wake;   // the thread: a job or the end
  std::condition_variable ended;  // stop(): the thread is done
  std::deque<Job> jobs;
  bool started = false;
  bool stopping = false;
  bool done = false;
  std::unique_ptr<Source> source;
  std::shared_ptr<Platform> platform;

  void loop() {
    if (platform) platform->enter();
    for (;;) {
      Job job;
      {
        std::unique_lock<std::mutex> lock(mutex);
        wake.wait(lock, [this] { return stopping || !jobs.empty(); });
        if (stopping) break;
        job = std::move(jobs.front());
        jobs.pop_front();
      }
      const Pool pool;
      job(*source);
    }
    {
      const Pool pool;
      source.reset();
    }
    std::lock_guard<std::mutex> lock(mutex);
    jobs.clear();
    done = true;
    ended.notify_all();
  }
};

Runner::Runner(std::unique_ptr<Source> source, std::shared_ptr<Platform> platform)
    : state_(std::make_shared<State>()) {
  state_->source = std::move(source);
  state_->platform = std::move(platform);
}

Runner::~Runner() { stop(std::chrono::steady_clock::now()); }

bool Runner::run(Job job) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  if (state_->stopping) return false;
  state_->jobs.push_back(std::move(job));
  if (!state_->started) {
    state_->started = true;
    // The thread owns the state too, so that it may outlive us in a call that never returns.
    std::thread([state = state_] { state->loop(); }).detach();
  }
  state_->wake.notify_one();
  return true;
}

bool Runner::stop(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock<std::mutex> lock(state_->mutex);
  state_->stopping = true;
  state_->wake.notify_all();
  if (!state_->started) return true;
  return state_->ended.wait_until(lock, deadline, [this] { return state_->done; });
}

}  // namespace metalstat
