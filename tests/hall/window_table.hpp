#pragma once

#include <doctest/doctest.h>

#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

/// What the contract says under "Window states", for every state of a window and every call at it. Written by
/// hand, from the contract; the hall and the API are each held against it.
namespace lobby::hall::testing {

/// Columns: the state in which a window is called at. `walk-in`: it serves somebody without a ticket; `p-…`:
/// it was paused in that state, and a resume restores it.
/// Cells: the state that follows, as the column of that name; or why not (409): `-shut` window_closed,
/// `-busy` window_busy, `-none` no_ticket_at_window, `-state` wrong_state.
inline constexpr std::string_view window_table_text = R"(
call             | closed | idle    | called   | serving   | walk-in   | p-idle | p-called | p-serving | p-walk-in
open             | idle   | -state  | -state   | -state    | -state    | -state | -state   | -state    | -state
close            | -shut  | closed  | -busy    | -busy     | -busy     | closed | -busy    | -busy     | -busy
call-next        | -shut  | called  | -busy    | -busy     | -busy     | -state | -busy    | -busy     | -busy
call             | -shut  | called  | -busy    | -busy     | -busy     | -state | -busy    | -busy     | -busy
resume-held      | -shut  | called  | -busy    | -busy     | -busy     | -state | -busy    | -busy     | -busy
collect          | -shut  | called  | -busy    | -busy     | -busy     | -state | -busy    | -busy     | -busy
start-service    | -shut  | walk-in | -busy    | -busy     | -busy     | -state | -busy    | -busy     | -busy
recall           | -shut  | -none   | called   | -state    | -none     | -state | -state   | -state    | -state
no-show          | -shut  | -none   | idle     | -state    | -none     | -state | -state   | -state    | -state
start            | -shut  | -none   | serving  | -state    | -none     | -state | -state   | -state    | -state
finish           | -shut  | -none   | idle     | idle      | idle      | -state | -state   | -state    | -state
hold             | -shut  | -none   | idle     | idle      | -none     | -state | -state   | -state    | -state
transfer-service | -shut  | -none   | idle     | idle      | -none     | -state | -state   | -state    | -state
transfer-window  | -shut  | -none   | idle     | idle      | -none     | -state | -state   | -state    | -state
pause            | -shut  | p-idle  | p-called | p-serving | p-walk-in | -state | -state   | -state    | -state
resume           | -shut  | -state  | -state   | -state    | -state    | idle   | called   | serving   | walk-in
take-over        | -shut  | idle    | called   | serving   | walk-in   | p-idle | p-called | p-serving | p-walk-in
help             | closed | idle    | called   | serving   | walk-in   | p-idle | p-called | p-serving | p-walk-in
help-done        | -state | -state  | -state   | -state    | -state    | -state | -state   | -state    | -state
rate             | -none  | -none   | -none    | -none     | -none     | -none  | -none    | -none     | -none
rate-last        | closed | idle    | called   | serving   | walk-in   | p-idle | p-called | p-serving | p-walk-in
)";

/// "call next" of a keypad where the site lets it finish the present ticket first: no path of the API.
inline constexpr std::string_view key_table_text = R"(
call             | closed | idle    | called   | serving   | walk-in   | p-idle | p-called | p-serving | p-walk-in
key-next         | -shut  | called  | called   | called    | called    | -state | -busy    | -busy     | -busy
)";

/// What became of the ticket that stood at the window, where the call was not refused.
inline const std::map<std::string, std::string> ticket_becomes{
    {"recall", "called"},     {"no-show", "no_show"},
    {"start", "serving"},     {"finish", "finished"},
    {"hold", "held"},         {"transfer-service", "waiting"},
    {"key-next", "finished"}, {"transfer-window", "waiting"}};

struct WindowCell {
  std::string call;
  std::string before;  ///< the column
  std::string after;   ///< the column that follows; empty when it is refused
  std::string refused;
};

inline std::vector<WindowCell> window_cells(std::string_view table) {
  const std::map<std::string, std::string> codes{{"-shut", "window_closed"},
                                                 {"-busy", "window_busy"},
                                                 {"-none", "no_ticket_at_window"},
                                                 {"-state", "wrong_state"}};
  std::istringstream lines{std::string{table}};
  std::vector<std::string> columns;
  std::vector<WindowCell> cells;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::vector<std::string> row;
    for (std::string word; words >> word;) {
      if (word != "|") {
        row.push_back(word);
      }
    }
    if (row.empty()) {
      continue;
    }
    if (columns.empty()) {
      columns = row;
      continue;
    }
    REQUIRE(row.size() == columns.size());
    for (std::size_t i = 1; i < row.size(); ++i) {
      const bool refused = row[i].starts_with('-');
      cells.push_back({.call = row[0],
                       .before = columns[i],
                       .after = refused ? "" : row[i],
                       .refused = refused ? codes.at(row[i]) : ""});
    }
  }
  return cells;
}

/// What anybody sees of a window in the state of a column.
struct WindowLooks {
  std::string state;
  bool ticket = false;
  bool walk_in = false;
  friend bool operator==(const WindowLooks&, const WindowLooks&) = default;
};

inline WindowLooks looks_of(const std::string& column) {
  const bool paused = column.starts_with("p-");
  const std::string inner = paused ? column.substr(2) : column;
  const bool walk_in = inner == "walk-in";
  const std::string state = walk_in ? "serving" : inner;
  return {.state = paused ? "paused" : state,
          .ticket = inner == "called" || inner == "serving",
          .walk_in = walk_in};
}

inline std::ostream& operator<<(std::ostream& out, const WindowLooks& looks) {
  return out << looks.state << (looks.ticket ? " with a ticket" : "")
             << (looks.walk_in ? " with a walk-in" : "");
}

}  // namespace lobby::hall::testing
