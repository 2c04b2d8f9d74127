#include "daemon/ctl/show_boards.hpp"

#include "daemon/ctl/show_parts.hpp"

namespace lobby::ctl {
namespace {

namespace json = boost::json;

const std::vector<Column> text_columns{{"text", "id"},
                                       {"board", "board"},
                                       {"until", "until", As::time},
                                       {"written by", "by"},
                                       {"approved by", "approved_by"},
                                       {"says", "text"}};

/// Whoever answers may be no lobbyd.
const json::object& object_of(const json::value& value) {
  static const json::object none;
  return value.is_object() ? value.get_object() : none;
}

std::string joined(const json::array& names) {
  std::string out;
  for (const auto& name : names) {
    if (const auto* text = name.if_string()) {
      out += (out.empty() ? "" : ", ") + std::string(*text);
    }
  }
  return out;
}

std::string pages_of(const json::value& board) {
  json::array names;
  for (const auto& page : items(board, "pages")) {
    if (const auto* one = page.if_object()) {
      names.emplace_back(field(*one, "page"));
    }
  }
  const auto off_until = field(object_of(board), "off_until");
  if (off_until.size() >= 16) {
    return "off until " + off_until.substr(11, 5);
  }
  const auto over_all = field(object_of(board), "over_all");
  return over_all.empty() ? joined(names) : over_all;
}

/// `texts 1, 3, notices until 2026-03-30`.
std::string check_of(const json::value& board) {
  const auto* const reminder = object_of(board).if_contains("reminder");
  if (reminder == nullptr || !reminder->is_object()) {
    return {};
  }
  std::string words;
  for (const auto& text : items(*reminder, "texts")) {
    words += (words.empty() ? "texts " : ", ") + json::serialize(text);
  }
  if (field(reminder->get_object(), "notices") == "true") {
    words += words.empty() ? "notices" : ", notices";
  }
  return words + " until " + field(reminder->get_object(), "due");
}

std::string list_of_boards(const json::array& boards) {
  json::array rows;
  for (const auto& board : boards) {
    if (!board.is_object()) {
      continue;
    }
    json::object row = board.get_object();
    row["shows"] = pages_of(board);
    row["check"] = check_of(board);
    rows.push_back(std::move(row));
  }
  return list(rows, {{"board", "id"},
                     {"zone", "zone"},
                     {"confirmed", "confirmed"},
                     {"at", "confirmed_at", As::time},
                     {"shows", "shows"},
                     {"look at", "check"}});
}

}  // namespace

std::string show_boards(Shape shape, const json::value& value) {
  switch (shape) {
    case Shape::boards:
      return list_of_boards(items(value, ""));
    case Shape::board_texts:
      return list(items(value, ""), text_columns);
    case Shape::board_text:
      return card(object_of(value), text_columns);
    case Shape::draft:
      return card(object_of(value), {{"draft", "draft"}});
    default: {  // emergency
      json::object page = object_of(value);
      page["where"] = joined(items(value, "zones"));
      return card(page, {{"says", "text"}, {"zones", "where"}, {"by", "by"}, {"since", "since", As::time}});
    }
  }
}

}  // namespace lobby::ctl
