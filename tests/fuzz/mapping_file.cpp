// Any bytes as a mapping: one sentence with its place, or a mapping whose answers never crash and never tell
// more than a line may hold.
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/feed/mapping.hpp"
#include "daemon/feed/rows.hpp"

namespace {

void require(bool good) {
  if (!good) {
    std::abort();
  }
}

constexpr std::string_view body =
    R"({"code":0,"data":{"items":[{"id":"a","caseNo":"S-1","name":"张三丰","status":"1","at":"2026-11-20",
    "limit":5,"list":[{"name":"李四光","from":"2026-11-20"}]},{"id":2}],"next":"c"},"days":[{"date":"2026-01-01"}]})";

void check(const lobby::feed::Mapping& mapping) {
  require(!mapping.resources.empty());
  for (const auto& resource : mapping.resources) {
    require(mapping.find(resource.what) == &resource);
    const auto answer = lobby::feed::read_answer(mapping, resource, {"51", "key", "key"}, body);
    if (const auto* good = std::get_if<lobby::feed::Answer>(&answer)) {
      for (const auto& row : good->rows) {
        require(row.line.size() <= lobby::feed::longest_line);
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check(lobby::feed::parse_mapping({reinterpret_cast<const char*>(data), size}, "m.toml"));
  } catch (const std::runtime_error& error) {
    const std::string_view sentence = error.what();
    require(sentence.starts_with("m.toml:"));
  }
  return 0;
}
