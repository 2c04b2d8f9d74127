#include "daemon/feed/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <utility>
#include <vector>

#include "daemon/feed/canonical.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

constexpr std::size_t most_examples = 3;

std::string example_of(std::string_view name, const json::value& value) {
  constexpr std::size_t longest = 24;
  if (name == "query_code" || name == "applicant_key" || name == "code") {
    return "(there)";
  }
  const std::string whole = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
  const std::u32string text = decode(whole);
  return text.size() <= longest ? whole : encode(text.substr(0, longest - 1)) + "…";
}

bool has_value(const json::value& value) {
  if (const auto* text = value.if_string()) {
    return !text->empty();
  }
  if (const auto* list = value.if_array()) {
    return !list->empty();
  }
  return !(value.is_bool() && !value.get_bool()) && !(value.is_number() && value.to_number<double>() == 0);
}

/// How often a field has a value, and some of them.
struct Column {
  std::size_t rows = 0;
  std::vector<std::string> examples;

  void take(std::string_view name, const json::value& value) {
    if (!has_value(value)) {
      return;
    }
    ++rows;
    std::string example = example_of(name, value);
    if (examples.size() < most_examples &&
        std::find(examples.begin(), examples.end(), example) == examples.end()) {
      examples.push_back(std::move(example));
    }
  }
};

/// The names in the order of a line.
std::vector<std::string> names_of(const Resource& resource) {
  std::vector<std::string> names{"id"};
  for (const FieldRule& rule : rules_of(resource.what)) {
    const bool line_differs = resource.what == What::cases && rule.name == "kind";
    names.emplace_back(line_differs ? "matter_kind" : rule.name);
    if (resource.what == What::cases && rule.kind == FieldKind::status) {
      names.emplace_back("status_raw");
    }
  }
  if (resource.what == What::cases) {
    names.insert(names.end(), {"stops", "suppressed"});
  }
  if (resource.what == What::notices) {
    names.emplace_back("candidates");
  }
  return names;
}

std::string fields_table(const Resource& resource, const std::vector<Row>& rows) {
  std::map<std::string, Column> columns;
  for (const Row& row : rows) {
    const json::value parsed = json::parse(row.line);
    const json::object& line = parsed.get_object();
    columns["id"].take("id", line.at("id"));
    const json::object& fields = resource.what == What::cases ? line : line.at("row").get_object();
    for (const auto& [name, value] : fields) {
      if (name != "id" && name != "kind") {
        columns[std::string(name)].take(name, value);
      }
      if (name == "kind" && resource.what != What::cases) {
        columns["kind"].take(name, value);
      }
    }
  }
  std::string out;
  std::string without;
  for (const std::string& name : names_of(resource)) {
    const Column& column = columns[name];
    if (column.rows == 0) {
      without += (without.empty() ? "" : " ") + name;
    } else {
      out += fmt::format("  {:<18} {:>5}  {}\n", name, column.rows, fmt::join(column.examples, " | "));
    }
  }
  out = out.empty() ? out : fmt::format("  {:<18} {:>5}  {}\n", "field", "rows", "such as") + out;
  return without.empty() ? out : out + "  without a value: " + without + "\n";
}

template <class Counted>
void add_counted(std::string& out, std::string_view title, const Counted& counted, std::string_view unnamed) {
  if (counted.empty()) {
    return;
  }
  out += fmt::format("{}\n", title);
  for (const auto& [word, count] : counted) {
    out += fmt::format("  {:>5}  {}\n", count, word.empty() ? unnamed : std::string_view(word));
  }
}

std::string_view kind_of(AnswerFault::Kind kind) {
  switch (kind) {
    case AnswerFault::Kind::unauthorised:
      return "refused";
    case AnswerFault::Kind::failed:
      return "failed";
    case AnswerFault::Kind::outdated:
      return "outdated cursor";
    default:
      return "unreadable";
  }
}

}  // namespace

std::string explain(const Resource& resource, const Overview& overview) {
  std::string out = fmt::format("{}: {} rows in the answer, {} mapped", hall::word_of(resource.what),
                                overview.items, overview.mapped);
  const auto add = [&out](std::size_t count, std::string_view what) {
    out += count == 0 ? std::string() : fmt::format(", {} {}", count, what);
  };
  add(overview.removed, "removed");
  add(overview.outside, "of another area");
  add(overview.skipped, "skipped");
  out += "\n";
  if (overview.total) {
    out += fmt::format("  the system says that it has {}\n", *overview.total);
  }
  if (overview.partial) {
    out += "  a part of the list" + (overview.hint.empty() ? "" : ": " + overview.hint) + "\n";
  }
  out += fields_table(resource, overview.rows);
  if (overview.rows.size() < overview.mapped) {
    out += fmt::format("  counted in the first {} of them\n", overview.rows.size());
  }
  add_counted(out, "skipped rows", overview.findings.skipped, "");
  add_counted(out, "words that the mapping does not list", overview.findings.unknown,
              "(long ones, or such as may be names)");
  add_counted(out, "values left out or cut", overview.findings.bad, "");
  return out;
}

std::string explain(What what, std::string_view kind, std::string_view reason) {
  return fmt::format("{}: {}: {}\n", hall::word_of(what), kind, reason);
}

Explained explain(const Mapping& mapping, What what, const Scope& scope, std::string_view body) {
  const Resource* resource = mapping.find(what);
  if (resource == nullptr) {
    return {false, fmt::format("the mapping has no {}\n", hall::word_of(what))};
  }
  auto read = read_answer(mapping, *resource, scope, body);
  if (const auto* fault = std::get_if<AnswerFault>(&read)) {
    return {false, explain(what, kind_of(fault->kind), fault->reason)};
  }
  auto& answer = std::get<Answer>(read);
  Overview overview;
  overview.items = answer.items;
  overview.mapped = answer.rows.size();
  overview.removed = answer.removed.size();
  overview.outside = answer.outside.size();
  overview.skipped = answer.counts.skipped;
  overview.total = answer.total;
  overview.partial = answer.partial;
  overview.hint = fmt::format("{}, {}", answer.cursor.empty() ? "no cursor" : "a cursor",
                              answer.has_more ? "there is more" : "there is no more");
  overview.findings = std::move(answer.findings);
  overview.rows = std::move(answer.rows);
  return {true, explain(*resource, overview)};
}

}  // namespace lobby::feed
