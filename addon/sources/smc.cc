// The System Management Controller: temperatures, fans and power, each under a key of four characters. A key
// costs one call of 20 to 50 microseconds, so its size and type are asked once and kept.
//
// Group: SMC; subgroup: the key's type; name: the key.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "../darwin/clock.h"
#include "registry_record.h"
#include "smc_client.h"

namespace metalstat {
namespace {

template <class T>
double little(const uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(value);
}

uint16_t big16(const uint8_t* bytes) { return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]); }

uint32_t big32(const uint8_t* bytes) { return uint32_t{big16(bytes)} << 16 | big16(bytes + 2); }

// How the bytes of a type, in the order of memory, make a number. On Apple Silicon integers are
// little-endian: the reports of dkorunic/iSMC have TVGi [si32] as 50 00 00 00, and Linux
// (drivers/mfd/macsmc.c) swaps the bytes of #KEY alone. fpe2 and sp78 are those of Intel Macs, whose SMC is
// big-endian.
struct Type {
  const char* code;
  uint32_t size;
  double (*decode)(const uint8_t* bytes);
};
constexpr Type kTypes[] = {
    {"flt ", 4, little<float>},
    {"ui8 ", 1, little<uint8_t>},
    {"si8 ", 1, little<int8_t>},
    {"flag", 1, little<uint8_t>},
    {"ui16", 2, little<uint16_t>},
    {"si16", 2, little<int16_t>},
    {"ui32", 4, little<uint32_t>},
    {"si32", 4, little<int32_t>},
    {"ioft", 8, [](const uint8_t* bytes) { return little<int64_t>(bytes) / 65536; }},
    {"fpe2", 2, [](const uint8_t* bytes) { return big16(bytes) / 4.0; }},
    {"sp78", 2, [](const uint8_t* bytes) { return static_cast<int16_t>(big16(bytes)) / 256.0; }},
};

const Type* type_of(const SmcClient::Info& info) {
  for (const Type& type : kTypes)
    if (smc_code(type.code) == info.type && type.size == info.size) return &type;
  return nullptr;
}

// All keys that start with a text of at most four characters.
struct Prefix {
  uint32_t first = 0;  // not above any of them
  uint32_t mask = 0;

  explicit Prefix(const std::string& text) {
    for (size_t i = 0; i < std::min<size_t>(text.size(), 4); i++) {
      first |= uint32_t{static_cast<uint8_t>(text[i])} << (24 - 8 * i);
      mask |= uint32_t{0xff} << (24 - 8 * i);
    }
  }
  bool starts(uint32_t key) const { return (key & mask) == first; }
};

using Keys = std::map<uint32_t, uint32_t>;  // by index

bool is_ascending(const Keys& keys) {
  const auto is_misplaced = [](const auto& one, const auto& next) { return next.second <= one.second; };
  return std::adjacent_find(keys.begin(), keys.end(), is_misplaced) == keys.end();
}

// The keys by index, as far as they are known. They are in the order of their characters (dkorunic/iSMC and
// Linux rely on it), so that a prefix is found by halving; all of the index, up to 2,400 keys, takes 0.1 s.
class Index {
 public:
  Index(SmcClient& client, FirstFailure& failure) : client_(client), failure_(failure) {
    uint8_t bytes[sizeof(SmcParam::bytes)];
    if (!client_.read(kSmcKeyCount, sizeof(uint32_t), bytes, failure_)) return;
    count_ = big32(bytes);
    // More than 65,535 are no answer.
    if (count_ <= UINT16_MAX) return;
    failure_.add("IOConnectCallStructMethod(\"#KEY\")", 0);
    count_ = 0;
  }

  // Gets to know all keys with a prefix, provided that the index is in order.
  void find(const Prefix& prefix) {
    uint32_t first = 0;
    for (uint32_t end = count_; first < end;) {
      const uint32_t middle = first + (end - first) / 2;
      const std::optional<uint32_t> key = at(middle);
      if (!key) return;
      if (*key < prefix.first) {
        first = middle + 1;
      } else {
        end = middle;
      }
    }
    for (uint32_t i = first; i < count_; i++) {
      const std::optional<uint32_t> key = at(i);
      if (key && !prefix.starts(*key)) return;
    }
  }

  // An index in another order than expected must not hide keys. Of what was not looked at nothing is known: a
  // disorder that no search has met stays unseen.
  void distrust() {
    if (!is_ascending(known_)) all();
  }

  // All keys by their index.
  const Keys& all() {
    for (uint32_t i = 0; i < count_; i++) at(i);
    return known_;
  }

  const Keys& known() const { return known_; }

 private:
  std::optional<uint32_t> at(uint32_t index) {
    if (const auto known = known_.find(index); known != known_.end()) return known->second;
    uint32_t key = 0;
    if (!client_.key_at(index, key, failure_)) return std::nullopt;
    known_.emplace(index, key);
    return key;
  }

  SmcClient& client_;
  FirstFailure& failure_;
  uint32_t count_ = 0;
  Keys known_;
};

class Smc final : public Source {
 public:
  explicit Smc(SmcWants wants) : wants_(std::move(wants)) {}

  Listing list() override {
    Listing listing;
    listed_.clear();
    FirstFailure failure;
    if (client_.open(failure) == SmcClient::State::open) {
      for (const uint32_t code : wanted(failure)) list_key(code, listing, failure);
    }
    failure.report(listing.failures);
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
    if (selected_.empty()) return;
    FirstFailure failure;
    const SmcClient::State state = client_.open(failure);
    if (state == SmcClient::State::absent)
      failure.add("IOServiceGetMatchingServices(\"AppleSMC\")", 0,
                  "the service is gone; it is looked for again at every scrape");
    size_t at = 1;
    for (const Key& key : selected_) {
      reading.values[at] = reading.values[0];
      if (state == SmcClient::State::open) reading.values[at + 1] = value_of(key, failure);
      at += 2;
    }
    failure.report(reading.failures);
  }

  Facts facts() override { return {}; }

  // All keys, of which the first call asks size and type, and the services of that class.
  void record(Recording& recording) override {
    FirstFailure failure;
    if (client_.open(failure) == SmcClient::State::open) {
      if (all_.empty()) list_all(failure);
      Raw::Dict smc{{"entry", client_.entry()}, {"keys", all_keys(failure)}};
      if (!is_sorted_) smc.emplace_back("sorted", false);
      Raw::List entries;
      record_registry({"AppleSMC"}, entries, recording.failures);
      recording.state = Raw::Dict{{"smc", std::move(smc)}, {"entries", std::move(entries)}};
    }
    failure.report(recording.failures);
  }

  // By the count of the keys, which every SMC has, and the power of the whole Mac.
  void probe(Recording& found) override {
    FirstFailure failure;
    if (client_.open(failure) == SmcClient::State::open) {
      uint8_t bytes[sizeof(SmcParam::bytes)];
      constexpr int kReads = 100;
      const bool has_clock = clock_.open();
      const double begin = clock_.absolute();
      bool counted = true;
      for (int i = 0; i < kReads; i++)
        counted &= client_.read(kSmcKeyCount, sizeof(uint32_t), bytes, failure);
      const double each = (clock_.absolute() - begin) / kReads;
      SmcClient::Info info;
      const uint32_t power = smc_code("PSTR");
      const Type* const type =
          client_.info(power, info, failure) == SmcClient::Found::yes ? type_of(info) : nullptr;
      const double watts = type ? value_of({power, type}, failure) : kNaN;
      found.state = Raw::Dict{
          {"name", client_.name()},
          {"taken", client_.answer_to(sizeof(SmcParam))},
          {"refused", client_.answer_to(sizeof(SmcParam) - sizeof(uint32_t))},
          {"keys", counted ? Raw(big32(bytes)) : Raw()},
          {"watts", std::isfinite(watts) ? Raw(watts) : Raw()},
          {"seconds", has_clock ? Raw(each) : Raw()},
      };
    }
    failure.report(found.failures);
  }

 private:
  struct Recorded {
    uint32_t code;
    SmcClient::Info info;
    bool refuses;
  };

  void list_all(FirstFailure& failure) {
    Index index(client_, failure);
    is_sorted_ = is_ascending(index.all());
    for (const auto& [at, code] : index.known()) {
      SmcClient::Info info;
      if (code == kSmcKeyCount || client_.info(code, info, failure) != SmcClient::Found::yes) continue;
      if (info.size == 0 || info.size > sizeof(SmcParam::bytes)) continue;
      all_.push_back({code, info, client_.refuses(code, info.size)});
    }
  }

  // Null for a key that cannot be read.
  Raw::List all_keys(FirstFailure& failure) {
    Raw::List keys;
    uint8_t bytes[sizeof(SmcParam::bytes)];
    for (const Recorded& key : all_) {
      const bool read = !key.refuses && client_.read(key.code, key.info.size, bytes, failure);
      keys.push_back(Raw::List{smc_text(key.code), smc_text(key.info.type),
                               read ? Raw(hexadecimal(bytes, key.info.size)) : Raw()});
    }
    return keys;
  }

  struct Key {
    uint32_t code;
    const Type* type;
  };

  // In the order of the prefixes and then of the keys, each once.
  std::vector<uint32_t> wanted(FirstFailure& failure) {
    std::vector<uint32_t> codes;
    const auto add = [&](uint32_t code) {
      // The count of the keys is no reading, and has a byte order of its own.
      if (code != kSmcKeyCount && std::find(codes.begin(), codes.end(), code) == codes.end())
        codes.push_back(code);
    };
    if (!wants_.prefixes.empty()) {
      const std::vector<Prefix> prefixes(wants_.prefixes.begin(), wants_.prefixes.end());
      Index index(client_, failure);
      for (const Prefix& prefix : prefixes) index.find(prefix);
      index.distrust();
      for (const Prefix& prefix : prefixes) {
        for (const auto& [at, key] : index.known())
          if (prefix.starts(key)) add(key);
      }
    }
    for (const std::string& key : wants_.keys)
      if (key.size() == 4) add(smc_code(key.c_str()));
    return codes;
  }

  // Not listed: a key that this Mac does not have, that is no number, or that would fail at every read.
  void list_key(uint32_t code, Listing& listing, FirstFailure& failure) {
    auto known = infos_.find(code);
    if (known == infos_.end()) {
      SmcClient::Info info;
      if (client_.info(code, info, failure) != SmcClient::Found::yes) return;
      known = infos_.emplace(code, info).first;
    }
    const Type* const type = type_of(known->second);
    if (!type || client_.refuses(code, type->size)) return;
    Channel channel;
    channel.group = kSmcGroup;
    channel.subgroup = type->code;
    channel.name = smc_text(code);
    listing.channels.push_back(std::move(channel));
    listed_.push_back({code, type});
  }

  double value_of(const Key& key, FirstFailure& failure) {
    uint8_t bytes[sizeof(SmcParam::bytes)];
    if (!client_.read(key.code, key.type->size, bytes, failure)) return kNaN;
    const double value = key.type->decode(bytes);
    return std::isfinite(value) ? value : kNaN;
  }

  SmcWants wants_;
  Clock clock_;
  SmcClient client_;
  std::map<uint32_t, SmcClient::Info> infos_;
  std::vector<Channel> channels_;
  std::vector<Key> listed_;
  std::vector<Key> selected_;
  std::vector<Recorded> all_;
  bool is_sorted_ = true;
  size_t size_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_smc(SmcWants wants) { return std::make_unique<Smc>(std::move(wants)); }

}  // namespace metalstat
