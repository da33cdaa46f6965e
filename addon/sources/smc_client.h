// The connection to the System Management Controller. It asks for keys and for what is in them; it cannot
// write.
#pragma once

#include <optional>

#include "../darwin/owned.h"
#include "../darwin/smc.h"
#include "../source.h"

namespace metalstat {

constexpr const char* kSmcGroup = "SMC";

// The calls of one job fail for the same reason, as a rule: the first failure stands for all.
class FirstFailure {
 public:
  void add(std::string call, int64_t code, const char* remedy = kAgain) {
    if (!failure_) failure_ = Failure{kSmcGroup, std::move(call), code, remedy};
  }
  void report(std::vector<Failure>& failures) const {
    if (failure_) failures.push_back(*failure_);
  }

 private:
  std::optional<Failure> failure_;
};

class SmcClient {
 public:
  enum class State { open, absent, failed };
  // Before the calls of a job. A connection that failed is made anew.
  State open(FirstFailure& failure);

  // Registry id and name of the service that was opened.
  uint64_t entry() const { return entry_; }
  const std::string& name() const { return name_; }

  struct Info {
    uint32_t size = 0;
    uint32_t type = 0;
  };
  enum class Found { yes, no, failed };
  Found info(uint32_t key, Info& info, FirstFailure& failure);
  // `bytes`: 32 of them, of which the key has `size`.
  bool read(uint32_t key, uint32_t size, uint8_t* bytes, FirstFailure& failure);
  // A key may be there to be written, or for Apple only.
  bool refuses(uint32_t key, uint32_t size);
  // How a call with so many bytes, in and out, is answered: the driver may take one size only.
  int64_t answer_to(size_t bytes) const;
  bool key_at(uint32_t index, uint32_t& key, FirstFailure& failure);

 private:
  // The code of a failure: a kern_return_t, else what the SMC answered; 0 for an answer that is none.
  std::optional<int64_t> ask(uint8_t command, SmcParam& param);

  OwnedConnection connection_;
  uint64_t entry_ = 0;
  std::string name_;
  int failed_in_a_row_ = 0;
  int64_t last_code_ = 0;
};

std::string smc_text(uint32_t code);

}  // namespace metalstat
