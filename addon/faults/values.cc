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

void tell_facts(Source& source, Text& text) {
  const metalstat::Facts facts = source.facts();
  text.add("facts\n");
  for (const auto& [name, value] : facts.facts) {
    text.add("  " + name + " =");
    if (const auto* string = std::get_if<std::string>(&value)) {
      text.add(" '" + *string + "'");
    } else if (const auto* number = std::get_if<double>(&value)) {
      text.number(*number);
    } else {
      const auto& bytes = std::get<std::vector<uint8_t>>(value);
      text.add(" " + metalstat::hexadecimal(bytes.data(), bytes.size()));
    }
    text.add("\n");
  }
  text.failures(facts.failures);
}

// Answers the values, of which names() is asked: what is no id has no name.
std::vector<double> tell_reading(Source& source, Text& text) {
  metalstat::Reading reading;
  source.read(reading);
  text.add("read\n ");
  for (const double value : reading.values) text.number(value);
  text.add("\n");
  text.failures(reading.failures);
  std::vector<double> ids;
  for (const double value : reading.values)
    if (value >= 0 && value < 1e15) ids.push_back(value);
  return ids;
}

void tell_names(Source& source, const std::vector<double>& ids, Text& text) {
  text.add("names");
  for (const std::string& name : source.names(ids)) text.add(" '" + name + "'");
  text.add("\n");
}

void tell_recording(Source& source, Text& text) {
  metalstat::Recording recording;
  source.record(recording);
  text.add("record");
  text.raw(recording.state);
  text.failures(recording.failures);
}

void tell_probe(Source& source, Text& text) {
  metalstat::Recording found;
  source.probe(found);
  text.add("probe");
  text.raw(found.state);
  text.failures(found.failures);
}

void tell_start(Source& source, size_t step, Text& text) {
  const Listing listing = source.list();
  text.listing("list", listing);
  std::vector<uint32_t> which;
  for (size_t i = 0; i < listing.channels.size(); i += step) which.push_back(static_cast<uint32_t>(i));
  // One that is not there.
  which.push_back(static_cast<uint32_t>(listing.channels.size()));
  text.listing("select", source.select(which));
}

// Some seconds, minutes and an hour, with a sleep between.
void live_through(Source& source, Machine& machine, Text& text) {
  tell_reading(source, text);
  tell_facts(source, text);
  for (const size_t step : {1, 2}) {
    tell_start(source, step, text);
    std::vector<double> ids;
    for (const double seconds : {0.0, 1.0, 12.0, 61.0, 61.0, 3700.0}) {
      machine.step(seconds);
      ids = tell_reading(source, text);
    }
    tell_names(source, ids, text);
    tell_recording(source, text);
    machine.step(1);
    tell_recording(source, text);
    tell_probe(source, text);
    machine.step(1);
    tell_probe(source, text);
  }
}

// The same in short, a fault somewhere in it; then without, as it recovers.
void live_with_fault(Source& source, Machine& machine, Text& text) {
  tell_facts(source, text);
  tell_start(source, 1, text);
  std::vector<double> ids;
  for (const double seconds : {0.0, 1.0, 1.0, 61.0, 61.0}) {
    machine.step(seconds);
    ids = tell_reading(source, text);
  }
  tell_names(source, ids, text);
  tell_recording(source, text);
  std::string error;
  machine.plan("{}", error);
  for (const double seconds : {1.0, 61.0}) {
    machine.step(seconds);
    tell_reading(source, text);
  }
  tell_recording(source, text);
}

// What `doctor --first-run` asks for, with a fault somewhere in it; then without.
void probe_with_fault(Source& source, Machine& machine, Text& text) {
  tell_probe(source, text);
  std::string error;
  machine.plan("{}", error);
  machine.step(1);
  tell_probe(source, text);
}

using Life = void (*)(Source&, Machine&, Text&);

struct Lived {
  Text text;
  bool is_clean = false;
  std::map<std::string, uint64_t> calls;
};

Lived live(const std::string& file, const std::string& plan, const char* name, Life life) {
  Lived lived;
  std::string error;
  const auto machine = Machine::open(file, true, error);
  if (!machine || !machine->plan(plan, error)) {
    lived.text.add(error + "\n");
    return lived;
  }
  Machine::enter(machine.get());
  {
    const metalstat::Pool pool;
    std::vector<Named> sources = make_sources(name);
    life(*sources.front().source, *machine, lived.text);
  }
  lived.calls = machine->calls();
  const Live left = machine->live();
  lived.is_clean = is_clean(left);
  if (!lived.is_clean)
    std::fprintf(stderr, "%s: %s: left open: %s\n", name, plan.c_str(), to_text(left).c_str());
  Machine::enter(nullptr);
  return lived;
}

// The first calls, and the later ones of which there are many kinds.
uint64_t tried(const std::string& function, uint64_t count) {
  constexpr uint64_t kFirst = 4;
  constexpr uint64_t kLookups = 30;
  return std::min(count, function == "dlsym" ? kLookups : kFirst);
}

// Ways to fail, as the end of a rule. The codes: EPERM, ENOENT, ESRCH, EINVAL and MIG_ARRAY_TOO_LARGE.
constexpr const char* kWays[] = {"\"how\":\"fail\"",    "\"how\":\"null\"", "\"how\":\"short\"",
                                 "\"how\":\"garbage\"", "\"code\":1",       "\"code\":2",
                                 "\"code\":3",          "\"code\":22",      "\"code\":-307"};

// Each of the calls of a life fails, in all ways.
bool print_faults(const std::string& file, const char* name, Life life) {
  bool ok = true;
  const Lived calm = live(file, "{}", name, life);
  for (const auto& [function, count] : calm.calls) {
    for (uint64_t nth = 1; nth <= tried(function, count); nth++) {
      uint64_t digest = 0;
      for (const char* way : kWays) {
        for (const char* forever : {"false", "true"}) {
          const std::string plan = "{\"calls\":[{\"function\":\"" + function +
                                   "\",\"nth\":" + std::to_string(nth) + ",\"forever\":" + forever + "," +
                                   way + "}]}";
          const Lived faulty = live(file, plan, name, life);
          digest = digest * 31 + faulty.text.digest();
          ok &= faulty.is_clean;
        }
      }
      std::printf("%s call %" PRIu64 " fails: %016" PRIx64 "\n", function.c_str(), nth, digest);
    }
  }
  return ok;
}

bool print_source(const std::string& file, const char* name) {
  const Lived whole =
      live(file, "{\"events\":[{\"at\":13,\"sleep\":60},{\"at\":100,\"sleep\":0.5}]}", name, live_through);
  std::printf("== %s\n%s", name, whole.text.text().c_str());
  bool ok = whole.is_clean;
  for (const Life life : {live_with_fault, probe_with_fault}) ok &= print_faults(file, name, life);
  return ok;
}

}  // namespace

bool print_values(const std::string& machine, const std::string& only) {
  bool ok = true;
  for (const auto& [name, source] : make_sources(only)) ok &= print_source(machine, name);
  return ok;
}

}  // namespace faults
