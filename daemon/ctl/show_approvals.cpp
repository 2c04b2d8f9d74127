#include "daemon/ctl/show_approvals.hpp"

#include "daemon/ctl/show_parts.hpp"

namespace lobby::ctl {
namespace {

namespace json = boost::json;

const std::vector<Column> case_columns{{"case", "case_no"},
                                       {"matter", "matter_name"},
                                       {"department", "dept_name"},
                                       {"applicant", "applicant_display"},
                                       {"status", "status"},
                                       {"light", "light"},
                                       {"card", "card"},
                                       {"accepted", "accepted_at", As::time},
                                       {"due", "due_promised", As::time},
                                       {"our due", "own_due", As::time},
                                       {"finished", "finished_at", As::time}};

/// A table without the columns in which nobody has anything.
std::string list_of(const json::array& rows, const std::vector<Column>& columns) {
  std::vector<Column> kept;
  for (const Column& column : columns) {
    for (const auto& row : rows) {
      if (row.is_object() && !field(row.get_object(), column.path).empty()) {
        kept.push_back(column);
        break;
      }
    }
  }
  return list(rows, kept.empty() ? columns : kept);
}

/// How old is what the answer holds.
std::string age(const json::value& value) {
  const auto& page = value.get_object();
  const std::string as_of = moment(field(page, "as_of"));
  const std::string freshness = field(page, "freshness");
  return "as of " + (as_of.empty() ? std::string("never") : as_of) +
         (freshness.empty() || freshness == "fresh" ? "" : ", " + freshness) + "\n";
}

std::string part(const std::string& title, const json::array& rows, const std::vector<Column>& columns) {
  return "\n" + title + ": " + (rows.empty() ? std::string("none\n") : "\n" + list_of(rows, columns));
}

}  // namespace

std::string show_approvals(const json::value& value) {
  std::string out = age(value);
  if (const auto* totals = value.get_object().if_contains("totals");
      totals != nullptr && totals->is_object()) {
    const auto& counts = totals->get_object();
    out += field(counts, "cases") + " cases, " + field(counts, "accepted_today") + " accepted and " +
           field(counts, "finished_today") + " finished today, " + field(counts, "suppressed") +
           " of suppressed matters\n";
  }
  return out + list_of(items(value, "cases"), case_columns);
}

std::string show_approval(const json::value& value) {
  std::string out = age(value);
  for (const auto& item : items(value, "cases")) {
    if (item.is_object()) {
      out += card(item.get_object(), case_columns);
    }
  }
  return out;
}

std::string show_review(const json::value& value) {
  return age(value) + part("our count differs", items(value, "mismatches"), case_columns) +
         part("returned more than once", items(value, "returned_twice"),
              {{"applicant", "applicant_key"},
               {"matter", "matter_name"},
               {"returns", "returns"},
               {"cases", "cases"},
               {"last", "last_at", As::time}}) +
         part("alerts", items(value, "alerts"),
              {{"case", "case_no"},
               {"card", "card"},
               {"at", "at", As::time},
               {"state", "state"},
               {"matter", "matter_name"},
               {"department", "dept_name"},
               {"days over", "overdue_days"}});
}

std::string show_bids(const json::value& value) {
  return age(value) +
         part("openings", items(value, "openings"),
              {{"project", "project_no"},
               {"name", "project_name"},
               {"section", "section_no"},
               {"opens", "open_at", As::time},
               {"room", "open_room"},
               {"evaluation", "eval_room"},
               {"state", "status"},
               {"bidders", "bidder_count"}}) +
         part("rooms", items(value, "rooms"),
              {{"room", "room"},
               {"state", "state_text"},
               {"project", "project_name"},
               {"next", "next_at", As::time}}) +
         part("notices", items(value, "notices"),
              {{"project", "project_no"},
               {"name", "project_name"},
               {"kind", "notice_type"},
               {"title", "title"},
               {"from", "publish_from"},
               {"to", "publish_to"}});
}

}  // namespace lobby::ctl
