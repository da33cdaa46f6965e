// Names of notify(3) that carry a state: a number that whoever owns the name has set. It is asked for and
// never waited for. A name that nobody has set has the state 0, so that it cannot be told from one that says
// 0.
//
// Group: notify; name: the name.

#include <notify.h>

#include <optional>

#include "../darwin/clock.h"
#include "../source.h"

namespace metalstat {
namespace {

constexpr const char* kGroup = "notify";

// A name and the token it is registered under; every number from 0 on is one.
class Registration {
 public:
  explicit Registration(std::string name) : name_(std::move(name)) {}
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  ~Registration() { cancel(); }

  const std::string& name() const { return name_; }

  bool register_once(std::vector<Failure>& failures) {
    if (token_) return true;
    int token = 0;
    const uint32_t status = notify_register_check(name_.c_str(), &token);
    if (status == NOTIFY_STATUS_OK) {
      token_ = token;
    } else {
      fail("notify_register_check", status, failures);
    }
    return token_.has_value();
  }

  std::optional<uint64_t> state(std::vector<Failure>& failures) {
    if (!register_once(failures)) return {};
    uint64_t state = 0;
    const uint32_t status = notify_get_state(*token_, &state);
    if (status == NOTIFY_STATUS_OK) return state;
    // The token may be one of a notifyd that has been restarted since.
    cancel();
    fail("notify_get_state", status, failures);
    return {};
  }

 private:
  void cancel() {
    if (token_) notify_cancel(*token_);
    token_.reset();
  }
  void fail(const char* function, uint32_t status, std::vector<Failure>& failures) const {
    failures.push_back({kGroup, std::string(function) + "(\"" + name_ + "\")", status,
                        "registered anew at the next scrape; notifyd answers it"});
  }

  const std::string name_;
  std::optional<int> token_;
};

class Notify final : public Source {
 public:
  explicit Notify(std::vector<std::string> names) {
    for (std::string& name : names) registrations_.push_back(std::make_unique<Registration>(std::move(name)));
  }

  Listing list() override {
    Listing listing;
    listed_.clear();
    for (const auto& registration : registrations_) {
      if (!registration->register_once(listing.failures)) continue;
      Channel channel;
      channel.group = kGroup;
      channel.name = registration->name();
      listing.channels.push_back(std::move(channel));
      listed_.push_back(registration.get());
    }
    channels_ = listing.channels;
    return listing;
  }

  Listing select(const std::vector<uint32_t>& which) override {
    Listing chosen;
    selected_.clear();
    for (uint32_t index : which) {
      if (index >= channels_.size()) continue;
      chosen.channels.push_back(channels_[index]);
      selected_.push_back(listed_[index]);
    }
    size_ = lay_out(chosen.channels);
    if (!clock_.open()) chosen.failures.push_back({"", "mach_timebase_info", 0, kAgain});
    return chosen;
  }

  void read(Reading& reading) override {
    reading.values.assign(size_, kNaN);
    if (reading.values.empty()) return;
    reading.values[0] = clock_.absolute();
    size_t at = 1;
    for (Registration* registration : selected_) {
      reading.values[at] = reading.values[0];
      const std::optional<uint64_t> state = registration->state(reading.failures);
      reading.values[at + 1] = state ? static_cast<double>(*state) : kNaN;
      at += 2;
    }
  }

  Facts facts() override { return {}; }

  void record(Recording& recording) override {
    Raw::Dict states;
    for (const auto& registration : registrations_) {
      const std::optional<uint64_t> state = registration->state(recording.failures);
      if (state) states.emplace_back(registration->name(), *state);
    }
    if (!states.empty()) recording.state = std::move(states);
  }

 private:
  std::vector<std::unique_ptr<Registration>> registrations_;
  Clock clock_;
  std::vector<Channel> channels_;
  std::vector<Registration*> listed_;
  std::vector<Registration*> selected_;
  size_t size_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_notify(std::vector<std::string> names) {
  return std::make_unique<Notify>(std::move(names));
}

}  // namespace metalstat
