// A property of bytes, such as a DVFS table or acc-clusters: any bytes cross unchanged, in a fact and in a
// recording. What they mean is decoded in TypeScript (src/chips/frequencies.ts; test/native/tables.test.ts).

#include "mac.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::vector<uint8_t> bytes(data, data + size);
  const std::string path = "IODeviceTree:/arm-io/pmgr";
  fuzz::on_mac(
      "\"ioregistry\":[{\"id\":7,\"class\":[\"IOService\"],\"name\":\"pmgr\",\"path\":\"" + path +
          "\",\"properties\":{\"table\":{\"data\":\"" + fuzz::hex(bytes) + "\"}}}]",
      metalstat::make_ioregistry({{}, {path + " table"}}), [&](metalstat::Source& source) {
        const metalstat::Facts facts = source.facts();
        fuzz::expect(facts.failures.empty() && facts.facts.size() == 1, "one fact");
        fuzz::expect(std::get<std::vector<uint8_t>>(facts.facts[0].value) == bytes, "the same bytes");
        metalstat::Recording recording;
        source.record(recording);
        const metalstat::Raw& entry = recording.state.items.at(0);
        for (const auto& [name, value] : entry.members) {
          if (name != "properties") continue;
          const metalstat::Raw& table = value.members.at(0).second;
          fuzz::expect(table.members.at(0).second.text == fuzz::hex(bytes), "the same bytes, recorded");
          return;
        }
        fuzz::expect(false, "properties are recorded");
      });
  return 0;
}
