#include "daemon/feed/push_lines.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "daemon/feed/strict_json.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_batch = 1024 * 1024;
constexpr std::size_t longest_id = 128;
/// Refusals of one line back, so that it stays within 16 KiB: each is an id and 200 characters, of four bytes
/// at most or of one that needs an escape.
constexpr std::size_t refusals_per_line = 12;

std::string posted_line(std::uint64_t batch, const Refused* first, const Refused* last, bool more) {
  json::array rejected;
  for (; first != last; ++first) {
    rejected.push_back(json::object{{"id", first->id}, {"reason", first->reason}});
  }
  json::object line{{"kind", "posted"}, {"batch", batch}, {"rejected", std::move(rejected)}};
  if (more) {
    line["more"] = true;
  }
  return json::serialize(line);
}

std::string fault_line(const Failure& failure, std::chrono::milliseconds retry) {
  constexpr std::size_t longest = 300;
  return json::serialize(json::object{{"kind", "fault"},
                                      {"what", ""},
                                      {"reason", sanitise(failure.reason, longest)},
                                      {"retry_s", std::chrono::ceil<std::chrono::seconds>(retry).count()}});
}

}  // namespace

std::optional<PushLine> read_push_line(std::string_view line) {
  if (line.size() > longest_batch) {
    return std::nullopt;
  }
  const auto parsed = parse_strict(line);
  const auto* value = std::get_if<json::value>(&parsed);
  const auto* object = value == nullptr ? nullptr : value->if_object();
  if (object == nullptr || !object->contains("kind") || object->at("kind") != "post") {
    return std::nullopt;
  }
  const auto* batch = object->if_contains("batch");
  const auto* items = object->if_contains("items");
  if (batch == nullptr || !batch->is_int64() || batch->get_int64() < 0 || items == nullptr ||
      !items->is_array() || items->get_array().empty()) {
    return std::nullopt;
  }
  PushLine out;
  out.batch = static_cast<std::uint64_t>(batch->get_int64());
  for (const auto& item : items->get_array()) {
    const auto* id = item.is_object() ? item.get_object().if_contains("id") : nullptr;
    if (id == nullptr || !id->is_string() || id->get_string().empty() ||
        id->get_string().size() > longest_id) {
      return std::nullopt;
    }
    out.items.push_back(
        {std::string(id->get_string().data(), id->get_string().size()), json::serialize(item)});
  }
  return out;
}

PushDesk::PushDesk(Poster& poster, Write write, std::function<double()> jitter)
    : write_(std::move(write)),
      jitter_(std::move(jitter)),
      push_(poster, [this] { write_(posted_line(batch_, nullptr, nullptr, true)); }) {}

bool PushDesk::on_line(std::string_view line) {
  const auto given = read_push_line(line);
  if (!given) {
    return false;
  }
  batch_ = given->batch;
  const auto outcome = push_.send(given->items);
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    write_(fault_line(*failure, retry_.after(*failure, jitter_())));
    return true;
  }
  static_cast<void>(retry_.after_success(0));
  const auto& refused = std::get<std::vector<Refused>>(outcome);
  const auto* next = refused.data();
  const auto* const end = next + refused.size();
  for (; end - next > std::ptrdiff_t{refusals_per_line}; next += refusals_per_line) {
    write_(posted_line(batch_, next, next + refusals_per_line, true));
  }
  write_(posted_line(batch_, next, end, false));
  return true;
}

}  // namespace lobby::feed
