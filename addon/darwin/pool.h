// An autorelease pool. Frameworks autorelease on threads of ours; without a pool of its own a thread keeps
// such objects until it ends.
#pragma once

// libobjc exports these and no header declares them.
extern "C" void* objc_autoreleasePoolPush(void);
extern "C" void objc_autoreleasePoolPop(void* pool);

namespace metalstat {

class Pool {
 public:
  Pool() : pool_(objc_autoreleasePoolPush()) {}
  ~Pool() { objc_autoreleasePoolPop(pool_); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

 private:
  void* pool_;
};

}  // namespace metalstat
