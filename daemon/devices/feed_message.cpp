#include "daemon/devices/feed_message.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/devices/feed_lines.hpp"

namespace lobby::devices::feed_lines {
namespace {

namespace json = boost::json;

constexpr std::uint32_t most_count = 100'000'000;
constexpr std::int64_t most_clock_s = 10'000'000'000;
constexpr std::size_t longest_reason = 1024;

bool is_plain(const json::object& object, bool inside = false) {
  const auto fits = [inside](const json::value& value) {
    if (const json::array* list = value.if_array()) {
      return !inside && std::all_of(list->begin(), list->end(), [](const json::value& item) {
        return item.is_object() && is_plain(item.get_object(), true);
      });
    }
    return value.is_string();
  };
  return std::all_of(object.begin(), object.end(), [&fits](const auto& pair) { return fits(pair.value()); });
}

class Fields {
 public:
  explicit Fields(const json::object& object) : object_(object) {}

  std::string text(std::string_view key) {
    const json::value* value = object_.if_contains(key);
    if (value == nullptr || !value->is_string()) {
      good_ = false;
      return {};
    }
    return {value->get_string().data(), value->get_string().size()};
  }
  bool flag(std::string_view key) {
    const json::value* value = object_.if_contains(key);
    good_ = good_ && value != nullptr && value->is_bool();
    return good_ && value->get_bool();
  }
  bool flag_or(std::string_view key, bool otherwise) {
    return object_.if_contains(key) == nullptr ? otherwise : flag(key);
  }
  std::uint32_t count(std::string_view key) {
    const json::value* value = object_.if_contains(key);
    good_ = good_ && value != nullptr && value->is_int64() && value->get_int64() >= 0 &&
            value->get_int64() <= most_count;
    return good_ ? static_cast<std::uint32_t>(value->get_int64()) : 0;
  }
  std::int64_t age(std::string_view key) {
    const json::value* value = object_.if_contains(key);
    good_ = good_ && value != nullptr && value->is_int64() && value->get_int64() >= 0 &&
            value->get_int64() <= feed_lines::oldest_ms;
    return good_ ? value->get_int64() : 0;
  }
  std::int64_t signed_count(std::string_view key) {
    const json::value* value = object_.if_contains(key);
    good_ = good_ && value != nullptr && value->is_int64() && value->get_int64() >= -most_clock_s &&
            value->get_int64() <= most_clock_s;
    return good_ ? value->get_int64() : 0;
  }
  Counted counted() {
    return {count("rows"),
            count("skipped"),
            count("unknown_status"),
            count("bad_values"),
            signed_count("clock_off_s"),
            age("age_ms")};
  }
  hall::What what() {
    const auto what = hall::what_of(text("what"));
    good_ = good_ && what;
    return what.value_or(hall::What::cases);
  }
  /// An object of texts, and of lists of objects of texts; as it came, in few bytes.
  std::string fields(std::string_view key) {
    const json::value* value = object_.if_contains(key);
    good_ = good_ && value != nullptr && value->is_object() && is_plain(value->get_object());
    return good_ ? json::serialize(*value) : std::string();
  }
  void refuse_if(bool bad) { good_ = good_ && !bad; }
  bool good() const { return good_; }

 private:
  const json::object& object_;
  bool good_ = true;
};

hall::CaseRow read_row(Fields& fields) {
  hall::CaseRow row;
  each_text(row, [&fields](const char* name, std::string& text) { text = fields.text(name); });
  row.return_count = fields.count("return_count");
  row.suppressed = fields.flag("suppressed");
  fields.refuse_if(row.id.empty());
  return row;
}

std::optional<Message> read_answer_line(std::string_view kind, Fields& fields) {
  if (kind == "begin") {
    Begin begin{{fields.what(), fields.flag("full"), fields.count("rows")}};
    fields.count("removed");
    return begin;
  }
  if (kind == "end") {
    const auto what = fields.what();
    return End{what, fields.text("cursor"), fields.counted(), fields.flag_or("whole", true)};
  }
  if (kind == "fresh") {
    const auto what = fields.what();
    return Fresh{what, fields.counted()};
  }
  if (kind == "fault") {
    const std::string what = fields.text("what");
    Fault fault{hall::what_of(what), fields.text("reason"), fields.count("retry_s")};
    fields.refuse_if(fault.reason.size() > longest_reason || (!what.empty() && !fault.what));
    return fault;
  }
  return std::nullopt;
}

std::optional<Message> read(std::string_view kind, Fields& fields) {
  if (kind == "case") {
    return Case{read_row(fields)};
  }
  if (kind == "record") {
    Record record{{fields.text("id"), fields.fields("row")}};
    fields.refuse_if(record.record.id.empty());
    return record;
  }
  if (kind == "removed") {
    Removed removed{fields.text("id")};
    fields.refuse_if(removed.id.empty());
    return removed;
  }
  if (kind == "more") {
    return More{};
  }
  return read_answer_line(kind, fields);
}

}  // namespace

std::optional<Message> parse(std::string_view line) {
  if (line.size() > max_line) {
    return std::nullopt;
  }
  json::parse_options options;
  options.max_depth = 4;  // a row, a list, its objects
  json::error_code error;
  const json::value value = json::parse(line, error, {}, options);
  const json::object* object = error ? nullptr : value.if_object();
  if (object == nullptr) {
    return std::nullopt;
  }
  Fields fields(*object);
  const std::string kind = fields.text("kind");
  auto message = read(kind, fields);
  return fields.good() ? message : std::nullopt;
}

}  // namespace lobby::devices::feed_lines
