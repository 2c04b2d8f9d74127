#include "daemon/devices/outbox_lines.hpp"

#include <boost/json/parse.hpp>

#include "daemon/devices/feed_lines.hpp"

namespace lobby::devices::outbox_lines {
namespace {

namespace json = boost::json;

constexpr std::uint32_t most_seconds = 100'000'000;
constexpr std::size_t longest_reason = 1024;

std::optional<std::string> text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string() || value->get_string().size() > longest_reason) {
    return std::nullopt;
  }
  return std::string(value->get_string().data(), value->get_string().size());
}

std::optional<std::uint64_t> number_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(value->get_int64());
}

std::optional<Rejected> rejected_of(const json::value& value) {
  const auto* object = value.if_object();
  auto id = object == nullptr ? std::nullopt : text_of(*object, "id");
  auto reason = object == nullptr ? std::nullopt : text_of(*object, "reason");
  if (!id || id->empty() || !reason) {
    return std::nullopt;
  }
  return Rejected{*std::move(id), *std::move(reason)};
}

std::optional<Message> posted_of(const json::object& object) {
  const auto batch = number_of(object, "batch");
  const auto* list = object.if_contains("rejected");
  const auto* more = object.if_contains("more");
  if (!batch || list == nullptr || !list->is_array() || (more != nullptr && !more->is_bool())) {
    return std::nullopt;
  }
  Posted posted{*batch, {}, more != nullptr && more->get_bool()};
  for (const auto& one : list->get_array()) {
    auto rejected = rejected_of(one);
    if (!rejected) {
      return std::nullopt;
    }
    posted.rejected.push_back(*std::move(rejected));
  }
  return posted;
}

std::optional<Message> fault_of(const json::object& object) {
  auto reason = text_of(object, "reason");
  const auto retry_s = number_of(object, "retry_s");
  if (!reason || !retry_s || *retry_s > most_seconds) {
    return std::nullopt;
  }
  return Fault{*std::move(reason), static_cast<std::uint32_t>(*retry_s)};
}

}  // namespace

std::optional<Message> parse(std::string_view line) {
  if (line.size() > feed_lines::max_line) {
    return std::nullopt;
  }
  json::parse_options options;
  options.max_depth = 3;
  json::error_code error;
  const json::value value = json::parse(line, error, {}, options);
  const auto* object = error ? nullptr : value.if_object();
  const auto kind = object == nullptr ? std::nullopt : text_of(*object, "kind");
  if (kind == "posted") {
    return posted_of(*object);
  }
  return kind == "fault" ? fault_of(*object) : std::nullopt;
}

}  // namespace lobby::devices::outbox_lines
