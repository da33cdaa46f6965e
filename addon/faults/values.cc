// What the sources say, as text: a change of any value, name, order or failure is a change of this text.

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>

#include "../darwin/pool.h"
#include "checks.h"
#include "sources.h"

namespace faults {
namespace {

using darwin_double::Live;
using darwin_double::Machine;
using metalstat::Failure;
using metalstat::Listing;
using metalstat::Raw;
using metalstat::Source;

class Text {
 public:
  void add(const std::string& text) { text_ += text; }
  void number(double value) {
    char text[40];
    std::snprintf(text, sizeof text, " %.17g", value);
    text_ += std::isnan(value) ? " nan" : text;
  }
  void failures(const std::vector<Failure>& failures) {
    for (const Failure& failure : failures)
      text_ += "  failure " + failure.group + " | " + failure.call + " | " + std::to_string(failure.code) +
               " | " + failure.remedy + "\n";
  }
  void listing(const char* what, const Listing& listing) {
    text_ += std::string(what) + "\n";
    for (const metalstat::Channel& channel : listing.channels) {
      text_ += "  " + channel.group + " | " + channel.subgroup + " | " + channel.name + " | " + channel.unit +
               " | " + channel.id + " |";
      number(channel.driver);
      text_ += " | " + std::to_string(channel.at);
      for (const std::string& state : channel.states) text_ += " " + state;
      text_ += "\n";
    }
    failures(listing.failures);
  }
  void raw(const Raw& raw, const std::string& indent = "  ") {
    switch (raw.kind) {
      case Raw::Kind::null:
        text_ += " null\n";
        break;
      case Raw::Kind::boolean:
      case Raw::Kind::natural:
        text_ += " " + std::to_string(raw.bits) + "\n";
        break;
      case Raw::Kind::integer:
        text_ += " " + std::to_string(static_cast<int64_t>(raw.bits)) + "\n";
        break;
      case Raw::Kind::real:
        number(raw.number);
        text_ += "\n";
        break;
      case Raw::Kind::text:
        text_ += " '" + raw.text + "'\n";
        break;
      case Raw::Kind::list:
        text_ += "\n";
        for (const Raw& item : raw.items) {
          text_ += indent + "-";
          this->raw(item, indent + "  ");
        }
        break;
      case Raw::Kind::dict:
        text_ += "\n";
        for (const auto& [name, member] : raw.members) {
          text_ += indent + name + ":";
          this->raw(member, indent + "  ");
        }
        break;
    }
  }
  const std::string& text() const { return text_; }
  // FNV-1a.
  uint64_t digest() const {
    uint64_t digest = 0xcbf29ce484222325;
    for (const char character : text_) digest = (digest ^ static_cast<uint8_t>(character)) * 0x100000001b3;
    return digest;
  }

 private:
  std::string text_;
};

// A source on a machine, and the text of what it says and what that costs: the calls it makes, and what it
// then holds.
class Life {
 public:
  Life(Source& source, Machine& machine, std::string plan)
      : source_(source), machine_(machine), plan_(std::move(plan)) {}

  void facts() {
    const metalstat::Facts facts = source_.facts();
    text_.add("facts\n");
    for (const auto& [name, value] : facts.facts) {
      text_.add("  " + name + " =");
      if (const auto* string = std::get_if<std::string>(&value)) {
        text_.add(" '" + *string + "'");
      } else if (const auto* number = std::get_if<double>(&value)) {
        text_.number(*number);
      } else {
        const auto& bytes = std::get<std::vector<uint8_t>>(value);
        text_.add(" " + metalstat::hexadecimal(bytes.data(), bytes.size()));
      }
      text_.add("\n");
    }
    text_.failures(facts.failures);
    cost();
  }
  // Answers how many channels there are.
  uint32_t list() {
    const Listing listing = source_.list();
    text_.listing("list", listing);
    cost();
    return static_cast<uint32_t>(listing.channels.size());
  }
  void select(const std::vector<uint32_t>& which) {
    text_.listing("select", source_.select(which));
    cost();
  }
  // Every `step`-th channel, and one that is not there.
  void start(uint32_t step) {
    const uint32_t count = list();
    std::vector<uint32_t> which;
    for (uint32_t i = 0; i < count; i += step) which.push_back(i);
    which.push_back(count);
    select(which);
  }
  void read_after(double seconds) {
    machine_.step(seconds);
    metalstat::Reading reading;
    source_.read(reading);
    text_.add("read\n ");
    for (const double value : reading.values) text_.number(value);
    text_.add("\n");
    text_.failures(reading.failures);
    // What is no id has no name.
    ids_.clear();
    for (const double value : reading.values)
      if (value >= 0 && value < 1e15) ids_.push_back(value);
    cost();
  }
  // Of the last reading.
  void names() {
    text_.add("names");
    for (const std::string& name : source_.names(ids_)) text_.add(" '" + name + "'");
    text_.add("\n");
  }
  void record() { tell("record", &Source::record); }
  void probe() { tell("probe", &Source::probe); }

  void begin_faults() {
    std::string error;
    if (!machine_.plan(plan_, error)) text_.add(error + "\n");
    calls_at_fault_ = machine_.calls();
  }
  void end_faults() {
    for (const auto& [function, count] : since(calls_at_fault_)) fallible_.emplace(function, count);
    std::string error;
    machine_.plan("{}", error);
  }

  const Text& text() const { return text_; }
  // Calls of each function that could have had a fault.
  const std::map<std::string, uint64_t>& fallible() const { return fallible_; }

 private:
  void tell(const char* what, void (Source::*method)(metalstat::Recording&)) {
    metalstat::Recording recording;
    (source_.*method)(recording);
    text_.add(what);
    text_.raw(recording.state);
    text_.failures(recording.failures);
    cost();
  }
  std::map<std::string, uint64_t> since(const std::map<std::string, uint64_t>& before) const {
    std::map<std::string, uint64_t> calls = machine_.calls();
    for (const auto& [function, count] : before) calls[function] -= count;
    return calls;
  }
  void cost() {
    text_.add("  calls");
    for (const auto& [function, count] : since(calls_))
      if (count > 0) text_.add(" " + function + " " + std::to_string(count));
    text_.add("\n  holds " + to_text(machine_.live()) + "\n");
    calls_ = machine_.calls();
  }

  Source& source_;
  Machine& machine_;
  const std::string plan_;
  Text text_;
  std::vector<double> ids_;
  std::map<std::string, uint64_t> calls_;
  std::map<std::string, uint64_t> calls_at_fault_;
  std::map<std::string, uint64_t> fallible_;
};

// All that an exporter may do with a source, for some seconds and minutes, and then for hours.
void live_through(Life& life) {
  life.begin_faults();
  life.read_after(0);
  life.facts();
  for (const uint32_t step : {1, 2, 5}) {
    life.start(step);
    for (const double seconds : {0.0, 1.0, 12.0, 60.5, 61.0, 3700.0}) life.read_after(seconds);
    life.names();
    life.record();
    life.read_after(1);
    life.record();
    life.probe();
    life.read_after(1);
    life.probe();
  }
  // Selected without having been listed.
  life.select({0, 1});
  life.read_after(1);
  life.list();
  const uint32_t channels = life.list();
  life.select({});
  life.read_after(1);
  constexpr uint32_t kFew = 12;
  for (uint32_t i = 0; i < std::min(channels, kFew); i++) {
    life.list();
    life.select({i});
    life.read_after(1);
  }
  // Listed twice before it is selected.
  life.list();
  life.start(1);
  constexpr int kReads = 200;
  for (int i = 0; i < kReads; i++) life.read_after(60.005);
}

// In each of these a fault is somewhere; then it is gone, and the source recovers.
void start_with_fault(Life& life) {
  life.begin_faults();
  life.start(1);
  life.read_after(1);
  life.names();
  life.end_faults();
  for (const double seconds : {1.0, 61.0}) life.read_after(seconds);
  life.start(1);
  life.read_after(1);
}

void read_with_fault(Life& life) {
  life.start(1);
  life.read_after(1);
  life.begin_faults();
  for (const double seconds : {1.0, 1.0, 61.0, 61.0}) life.read_after(seconds);
  life.names();
  life.end_faults();
  for (const double seconds : {1.0, 61.0}) life.read_after(seconds);
}

void facts_with_fault(Life& life) {
  life.begin_faults();
  life.facts();
  life.end_faults();
  life.facts();
}

void record_with_fault(Life& life) {
  life.begin_faults();
  life.record();
  life.record();
  life.end_faults();
  life.record();
}

void probe_with_fault(Life& life) {
  life.begin_faults();
  life.probe();
  life.probe();
  life.end_faults();
  life.probe();
}

struct Lived {
  Text text;
  bool is_clean = false;
  std::map<std::string, uint64_t> fallible;
};

Lived live(const std::string& file, const std::string& plan, const char* name, void (*lived)(Life&)) {
  Lived end;
  std::string error;
  const auto machine = Machine::open(file, true, error);
  if (!machine) {
    end.text.add(error + "\n");
    return end;
  }
  Machine::enter(machine.get());
  {
    const metalstat::Pool pool;
    std::vector<Named> sources = make_sources(name);
    Life life(*sources.front().source, *machine, plan);
    lived(life);
    end.text = life.text();
    end.fallible = life.fallible();
  }
  const Live left = machine->live();
  end.is_clean = is_clean(left);
  if (!end.is_clean)
    std::fprintf(stderr, "%s: %s: left open: %s\n", name, plan.c_str(), to_text(left).c_str());
  Machine::enter(nullptr);
  return end;
}

// Ways to fail, as the end of a rule. The codes: EPERM, ENOENT, ESRCH, EINVAL and MIG_ARRAY_TOO_LARGE.
constexpr const char* kWays[] = {"\"how\":\"fail\"",    "\"how\":\"null\"", "\"how\":\"short\"",
                                 "\"how\":\"garbage\"", "\"code\":1",       "\"code\":2",
                                 "\"code\":3",          "\"code\":22",      "\"code\":-307"};

// The nth call of a function fails in each way, once and for ever; or only in some ways, once.
class Faults {
 public:
  Faults(const std::string& file, const char* name, void (*lived)(Life&))
      : file_(file), name_(name), lived_(lived), calm_(live(file, "{}", name, lived)) {}

  // The first calls in all ways, and some of the later ones, as many of a kind have gone before.
  bool print() {
    for (const auto& [function, count] : calm_.fallible) {
      const uint64_t first = std::min<uint64_t>(count, function == "dlsym" ? 30 : 4);
      for (uint64_t nth = 1; nth <= first; nth++) print(function, nth, true);
      const uint64_t later = std::min<uint64_t>(count - first, 6);
      for (uint64_t i = 1; i <= later; i++) print(function, first + (count - first) * i / later, false);
    }
    return is_clean_;
  }

 private:
  void print(const std::string& function, uint64_t nth, bool all) {
    digest_ = 0;
    for (const char* way : kWays) {
      if (all || way == kWays[0] || way == kWays[3]) fail(function, nth, "false", way);
      if (all) fail(function, nth, "true", way);
    }
    std::printf("%s call %" PRIu64 " fails: %016" PRIx64 "\n", function.c_str(), nth, digest_);
  }
  void fail(const std::string& function, uint64_t nth, const char* forever, const char* way) {
    const std::string rule = "{\"function\":\"" + function + "\",\"nth\":" + std::to_string(nth) +
                             ",\"forever\":" + forever + "," + way + "}";
    const Lived faulty = live(file_, "{\"calls\":[" + rule + "]}", name_, lived_);
    digest_ = digest_ * 31 + faulty.text.digest();
    is_clean_ &= faulty.is_clean;
  }

  const std::string& file_;
  const char* const name_;
  void (*const lived_)(Life&);
  const Lived calm_;
  uint64_t digest_ = 0;
  bool is_clean_ = true;
};

bool print_source(const std::string& file, const std::vector<std::string>& plans, const char* name) {
  const Lived whole = live(file, "{}", name, live_through);
  std::printf("== %s\n%s", name, whole.text.text().c_str());
  bool ok = whole.is_clean;
  for (const std::string& plan : plans) {
    const Lived planned = live(file, plan, name, live_through);
    std::printf("%s: %016" PRIx64 "\n", plan.c_str(), planned.text.digest());
    ok &= planned.is_clean;
  }
  for (const auto lived :
       {start_with_fault, read_with_fault, facts_with_fault, record_with_fault, probe_with_fault})
    ok &= Faults(file, name, lived).print();
  return ok;
}

}  // namespace

bool print_values(const std::string& machine, const std::vector<std::string>& plans,
                  const std::string& only) {
  bool ok = true;
  for (const auto& [name, source] : make_sources(only)) ok &= print_source(machine, plans, name);
  return ok;
}

}  // namespace faults
