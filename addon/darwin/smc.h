// The user client of the System Management Controller. No SDK describes it. Layout and commands are those of
// the AppleSMC structs that Apple once published with its PowerManagement sources (SMCParamStruct), which
// every public reader of the SMC uses (exelban/stats, dkorunic/iSMC, vladkens/macmon). There is also a
// command that writes, 6; it has no name here, so that nothing can send it.
#pragma once

#include <cstddef>
#include <cstdint>

// The only function of the user client that takes the struct below: kSMCHandleYPCEvent.
constexpr uint32_t kSmcSelector = 2;

// SmcParam::command
constexpr uint8_t kSmcReadKey = 5;
constexpr uint8_t kSmcKeyByIndex = 8;  // the index in `data32`, the answer in `key`
constexpr uint8_t kSmcKeyInfo = 9;

// SmcParam::result, which says more than the kern_return_t of the call. The last two by
// acidanthera/VirtualSMC, which stands for the firmware of an SMC.
constexpr uint8_t kSmcSuccess = 0;
constexpr uint8_t kSmcKeyNotFound = 0x84;
constexpr uint8_t kSmcNotReadable = 0x85;
constexpr uint8_t kSmcSizeMismatch = 0x87;
constexpr uint8_t kSmcIndexRange = 0xB8;

// Four characters, the first in the highest byte: keys compare like their texts.
constexpr uint32_t smc_code(const char* text) {
  uint32_t code = 0;
  for (int i = 0; i < 4; i++) code = code << 8 | static_cast<uint8_t>(text[i]);
  return code;
}

// The number of keys, itself included: big-endian, unlike other numbers.
constexpr uint32_t kSmcKeyCount = smc_code("#KEY");

struct SmcParam {
  uint32_t key;
  struct {
    uint8_t major, minor, build, reserved;
    uint16_t release;
  } version;
  struct {
    uint16_t version, length;
    uint32_t cpu, gpu, memory;
  } limits;
  struct {
    uint32_t size;
    uint32_t type;  // as smc_code()
    uint8_t attributes;
  } info;
  uint8_t result;
  uint8_t status;
  uint8_t command;
  uint32_t data32;
  uint8_t bytes[32];
};

// A struct of 76 bytes, which is what comes of Swift's packing, is refused with kIOReturnBadArgument.
static_assert(sizeof(SmcParam) == 80);
static_assert(offsetof(SmcParam, version) == 4 && offsetof(SmcParam, limits) == 12);
static_assert(offsetof(SmcParam, info) == 28 && offsetof(SmcParam, result) == 40);
static_assert(offsetof(SmcParam, command) == 42 && offsetof(SmcParam, data32) == 44);
static_assert(offsetof(SmcParam, bytes) == 48);
