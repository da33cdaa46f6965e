#include "smc_client.h"

#include <mach/mach.h>

#include <cstring>

#include "../darwin/services.h"

namespace metalstat {
namespace {

// On Apple Silicon several services are an AppleSMC; the one of this name has the keys (vladkens/macmon).
constexpr const char* kEndpoint = "AppleSMCKeysEndpoint";

// When so many calls have failed one after the other, the rest of the job is not even tried: where each call
// waits for its timeout, hundreds of keys would take minutes.
constexpr int kPatience = 3;

constexpr const char* kNotOpened = "opened again by itself; a process in a sandbox is not let in";

std::string call_for(uint32_t key) { return "IOConnectCallStructMethod(\"" + smc_text(key) + "\")"; }

bool is_name(uint32_t code) {
  for (const char character : smc_text(code))
    if (character < ' ' || character > '~') return false;
  return true;
}

struct Service {
  OwnedIoObject object;
  std::string name;
};

// All that are an AppleSMC, the one with the keys first.
std::vector<Service> services(io_iterator_t iterator) {
  std::vector<Service> found;
  // reset() gives it another one. NOLINTNEXTLINE(bugprone-use-after-move)
  for (OwnedIoObject service(IOIteratorNext(iterator)); service; service.reset(IOIteratorNext(iterator))) {
    io_name_t name = {};
    const bool named = IORegistryEntryGetName(service.get(), name) == KERN_SUCCESS;
    const bool first = named && std::strcmp(name, kEndpoint) == 0;
    found.insert(first ? found.begin() : found.end(), {std::move(service), named ? name : ""});
  }
  return found;
}

}  // namespace

std::string smc_text(uint32_t code) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text.push_back(static_cast<char>(code >> shift));
  return text;
}

SmcClient::State SmcClient::open(FirstFailure& failure) {
  if (connection_ && failed_in_a_row_ == 0) return State::open;
  failed_in_a_row_ = 0;
  connection_.reset();
  OwnedIoObject iterator;
  if (const auto error = services_of("AppleSMC", iterator)) {
    failure.add(error->call, error->code);
    return State::failed;
  }
  if (!iterator) return State::absent;
  const std::vector<Service> found = services(iterator.get());
  if (found.empty()) return State::absent;
  kern_return_t refused = KERN_SUCCESS;
  for (const auto& [service, name] : found) {
    const kern_return_t result = IOServiceOpen(service.get(), mach_task_self(), 0, connection_.out());
    if (result == KERN_SUCCESS && connection_) {
      entry_ = 0;
      IORegistryEntryGetRegistryEntryID(service.get(), &entry_);
      name_ = name;
      return State::open;
    }
    if (refused == KERN_SUCCESS) refused = result;
  }
  failure.add("IOServiceOpen(\"AppleSMC\")", refused, kNotOpened);
  return State::failed;
}

std::optional<int64_t> SmcClient::ask(uint8_t command, SmcParam& param) {
  if (failed_in_a_row_ >= kPatience) return last_code_;
  param.command = command;
  SmcParam answer{};
  size_t size = sizeof answer;
  const kern_return_t result =
      IOConnectCallStructMethod(connection_.get(), kSmcSelector, &param, sizeof param, &answer, &size);
  if (result != KERN_SUCCESS || size != sizeof answer) {
    failed_in_a_row_++;
    return last_code_ = result;
  }
  failed_in_a_row_ = 0;
  param = answer;
  if (answer.result != kSmcSuccess) return answer.result;
  return std::nullopt;
}

SmcClient::Found SmcClient::info(uint32_t key, Info& info, FirstFailure& failure) {
  SmcParam param{};
  param.key = key;
  const std::optional<int64_t> code = ask(kSmcKeyInfo, param);
  if (!code) info = {param.info.size, param.info.type};
  if (!code) return Found::yes;
  if (failed_in_a_row_ == 0 && *code == kSmcKeyNotFound) return Found::no;
  failure.add(call_for(key), *code);
  return Found::failed;
}

bool SmcClient::read(uint32_t key, uint32_t size, uint8_t* bytes, FirstFailure& failure) {
  SmcParam param{};
  param.key = key;
  param.info.size = size;
  const std::optional<int64_t> code = ask(kSmcReadKey, param);
  if (code) failure.add(call_for(key), *code);
  std::memcpy(bytes, param.bytes, sizeof param.bytes);
  return !code;
}

bool SmcClient::refuses(uint32_t key, uint32_t size) {
  SmcParam param{};
  param.key = key;
  param.info.size = size;
  const std::optional<int64_t> code = ask(kSmcReadKey, param);
  return code && failed_in_a_row_ == 0 && *code == kSmcNotReadable;
}

int64_t SmcClient::answer_to(size_t bytes) const {
  SmcParam param{}, answer{};
  param.key = kSmcKeyCount;
  param.command = kSmcKeyInfo;
  size_t size = bytes;
  return IOConnectCallStructMethod(connection_.get(), kSmcSelector, &param, bytes, &answer, &size);
}

bool SmcClient::key_at(uint32_t index, uint32_t& key, FirstFailure& failure) {
  SmcParam param{};
  param.data32 = index;
  std::optional<int64_t> code = ask(kSmcKeyByIndex, param);
  if (!code && !is_name(param.key)) code = 0;
  if (code) failure.add("IOConnectCallStructMethod(key " + std::to_string(index) + ")", *code);
  key = param.key;
  return !code;
}

}  // namespace metalstat
