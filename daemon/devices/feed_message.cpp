#include "daemon/devices/feed_message.hpp"

#include <boost/json/parse.hpp>

#include "daemon/devices/feed_lines.hpp"

namespace lobby::devices::feed_lines {
namespace {

namespace json = boost::json;

constexpr std::uint32_t most_count = 100'000'000;
constexpr std::size_t longest_reason = 1024;

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
  std::uint32_t count(std::string_view key) {
    const json::value* value = object_.if_contains(key);
    good_ = good_ && value != nullptr && value->is_int64() && value->get_int64() >= 0 &&
            value->get_int64() <= most_count;
    return good_ ? static_cast<std::uint32_t>(value->get_int64()) : 0;
  }
  Counted counted() {
    return {count("rows"), count("skipped"), count("unknown_status"), count("bad_values")};
  }
  void refuse_if(bool bad) { good_ = good_ && !bad; }
  bool good() const { return good_; }

 private:
  const json::object& object_;
  bool good_ = true;
};

hall::CaseRow read_row(Fields& fields) {
  hall::CaseRow row;
  row.id = fields.text("id");
  row.case_no = fields.text("case_no");
  row.query_code = fields.text("query_code");
  row.matter_name = fields.text("matter_name");
  row.dept_name = fields.text("dept_name");
  row.applicant_type = fields.text("applicant_type");
  row.applicant_display = fields.text("applicant_display");
  row.status = fields.text("status");
  row.status_raw = fields.text("status_raw");
  row.light = fields.text("light");
  row.accepted_at = fields.text("accepted_at");
  row.due_promised = fields.text("due_promised");
  row.finished_at = fields.text("finished_at");
  row.updated_at = fields.text("updated_at");
  fields.refuse_if(row.id.empty());
  return row;
}

std::optional<Message> read(std::string_view kind, Fields& fields) {
  if (kind == "begin") {
    return Begin{fields.flag("full")};
  }
  if (kind == "case") {
    return Case{read_row(fields)};
  }
  if (kind == "removed") {
    Removed removed{fields.text("id")};
    fields.refuse_if(removed.id.empty());
    return removed;
  }
  if (kind == "end") {
    return End{fields.text("cursor"), fields.counted()};
  }
  if (kind == "fault") {
    Fault fault{fields.text("reason"), fields.count("retry_s")};
    fields.refuse_if(fault.reason.size() > longest_reason);
    return fault;
  }
  if (kind == "fresh") {
    return Fresh{fields.counted()};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Message> parse(std::string_view line) {
  if (line.size() > max_line) {
    return std::nullopt;
  }
  json::parse_options options;
  options.max_depth = 1;
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
