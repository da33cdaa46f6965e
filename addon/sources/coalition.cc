// Resource coalitions: an app with its helpers, or a daemon, for which the kernel sums up what its processes
// have used, those that have ended included. A row a coalition; readable without root, for all users (xnu,
// bsd/kern/sys_coalition.c, which notes that a privilege check is missing: one day it may be there).
//
// Group "coalition". Column "id", then the 64-bit words of coalition_resource_usage by their index. How many
// of them this kernel has is seen by what it leaves of a buffer that was filled before.

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "../darwin/dylib.h"
#include "../darwin/process_api.h"
#include "../table.h"

namespace metalstat {
namespace {

constexpr const char* kGroup = "coalition";
constexpr size_t kWords = 64;  // 45 on macOS 26
constexpr uint64_t kUntouched = 0xA5C3A5C3A5C3A5C3;
constexpr size_t kAtFirst = 1024;

// It is of another type or that of corpses, or it is gone.
bool is_usual(int error) { return error == EINVAL || error == ESRCH; }

class Coalitions final : public TableSource {
 public:
  Listing list() override {
    std::vector<Failure> failures;
    // Where macOS has no such functions there is nothing to list.
    if (!open() || !list_ids(failures)) return {{}, std::move(failures)};
    size_t words = 0;
    int refused = 0;
    for (size_t i = 0; i < ids_.size() && words == 0; i++) words = read_usage(ids_[i].id, refused);
    if (words == 0) {
      if (refused != 0) failures.push_back(refusal(refused));
      return {{}, std::move(failures)};
    }
    std::vector<std::string> names{"id"};
    for (size_t word = 0; word < words; word++) names.push_back(std::to_string(word));
    columns_ = names.size();
    return list_columns(names);
  }

  Facts facts() override { return {}; }

  // A coalition whose usage is refused is there without words.
  void record(Recording& recording) override {
    if (!open() || !list_ids(recording.failures)) return;
    size_t most = 0;
    int refused = 0;
    Raw::List coalitions;
    for (const CoalitionInfo& listed : ids_) {
      // Not filled in.
      if (listed.id == 0 || listed.id > INT64_MAX) continue;
      errno = 0;
      const size_t count = read_usage(listed.id, refused);
      if (count == 0 && errno == ESRCH) continue;
      most = std::max(most, count);
      Raw::Dict coalition{{"id", listed.id}};
      Raw::Dict words;
      for (size_t word = 0; word < count; word++)
        if (words_[word] != 0) words.emplace_back(std::to_string(word), words_[word]);
      if (count > 0) coalition.emplace_back("words", std::move(words));
      coalitions.push_back(std::move(coalition));
    }
    if (refused != 0) recording.failures.push_back(refusal(refused));
    if (most > 0)
      recording.state =
          Raw::Dict{{"bytes", uint64_t{most * sizeof(uint64_t)}}, {"coalitions", std::move(coalitions)}};
  }

  void probe(Recording& found) override {
    Raw::List missing;
    const bool is_there = dylib_.open(COALITION_LIBRARY);
#define LOOK(result, name, parameters) \
  if (!is_there || !dylib_.has(#name)) missing.push_back(#name);
    COALITION_FUNCTIONS(LOOK)
#undef LOOK
    found.state = Raw::Dict{{"missing", std::move(missing)}};
  }

 protected:
  const char* group() const override { return kGroup; }

  bool read_rows(Reading& reading) override {
    if (!list_ids(reading.failures)) return false;
    int refused = 0;
    for (const CoalitionInfo& coalition : ids_) {
      const size_t words = read_usage(coalition.id, refused);
      if (words == 0) continue;
      row_.assign(columns_, kNaN);
      row_[0] = static_cast<double>(coalition.id);
      for (size_t word = 0; word < words && word + 1 < columns_; word++)
        row_[word + 1] = static_cast<double>(words_[word]);
      add(reading, row_);
    }
    if (refused != 0) reading.failures.push_back(refusal(refused));
    return true;
  }

 private:
  static Failure refusal(int error) {
    return {kGroup, "coalition_info_resource_usage", error,
            "this macOS does not let it be read; what apps use is then not known"};
  }

  bool open() {
    if (!dylib_.open(COALITION_LIBRARY)) return false;
    bool all = true;
#define FIND(result, name, parameters) all &= dylib_.find(#name, name);
    COALITION_FUNCTIONS(FIND)
#undef FIND
    return all;
  }

  bool list_ids(std::vector<Failure>& failures) {
    return list_all(ids_, kAtFirst, {kGroup, "proc_listcoalitions", kAgain}, failures,
                    [this](CoalitionInfo* ids, int bytes) {
                      return proc_listcoalitions(kListCoalitionsOfType, kCoalitionTypeResource, ids, bytes);
                    });
  }

  // Words that the kernel filled in; 0 if it gave none, with the error in `refused` if that is not usual.
  size_t read_usage(uint64_t id, int& refused) {
    std::fill(std::begin(words_), std::end(words_), kUntouched);
    if (coalition_info_resource_usage(id, words_, sizeof words_) != 0) {
      if (!is_usual(errno)) refused = errno;
      return 0;
    }
    size_t words = kWords;
    while (words > 0 && words_[words - 1] == kUntouched) words--;
    return words;
  }

  Dylib dylib_;
#define DECLARE(result, name, parameters) result(*name) parameters = nullptr;
  COALITION_FUNCTIONS(DECLARE)
#undef DECLARE
  std::vector<CoalitionInfo> ids_;
  uint64_t words_[kWords];
  std::vector<double> row_;
  size_t columns_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_coalition() { return std::make_unique<Coalitions>(); }

}  // namespace metalstat
