#include "tests/architecture/rules.hpp"

#include <algorithm>
#include <cctype>
#include <regex>
#include <sstream>

namespace lobby::architecture {
namespace {

constexpr int most_lines = 600;

std::string at_line(const File& file, int line) {
  return file.path + ":" + std::to_string(line) + ": ";
}

bool in_any(std::string_view room, const std::vector<std::string_view>& rooms) {
  return std::any_of(rooms.begin(), rooms.end(), [&](std::string_view one) {
    return one.ends_with('/') ? room.starts_with(one) : room == one;
  });
}

/// A library, by how its headers begin, and the rooms that are its place (`tests/` = every room of the
/// tests).
struct Library {
  std::string_view prefix;
  std::vector<std::string_view> rooms;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> all{
      {"SDL", {"display/screen", "tests/bench"}},
      {"httplib.h", {"daemon/feed", "daemon/ctl", "display/screen", "tests/"}},
      {"modbus", {"drivers/bus", "tests/"}},
      {"libserialport.h", {"drivers/link"}},
      {"sqlite3.h", {"daemon/journal", "tests/"}},
      {"toml", {"daemon/app", "daemon/feed", "tests/"}},
      {"boost/beast", {"daemon/api", "drivers/http", "tests/"}},
      {"boost/asio",
       {"drivers/link", "drivers/http", "daemon/devices", "daemon/api", "daemon/app", "tests/"}},
      {"boost/json",
       {"daemon/journal", "daemon/devices", "daemon/api", "daemon/app", "daemon/feed", "daemon/ctl",
        "display/page", "drivers/cctv", "tests/"}},
      {"openssl/", {"daemon/api", "daemon/app", "daemon/feed", "daemon/evidence", "drivers/http", "tests/"}},
      {"ft2build.h", {"display/canvas"}},
      {"freetype", {"display/canvas"}},
      {"png.h", {"display/canvas", "tests/"}},
      {"qrencode.h", {"drivers/printer", "tests/"}},
      {"pugixml.hpp", {"daemon/feed", "drivers/cctv", "tests/sim"}},
      {"yaml-cpp", {"tests/"}},
      {"doctest", {"tests/"}},
  };
  return all;
}

/// The hall and its flows see nothing of the world, the wire format nothing of a host.
Faults purity_faults(const File& file, const std::string& room, const Include& include) {
  static const std::set<std::string> world{"fstream", "iostream", "filesystem",   "thread",
                                           "mutex",   "random",   "future",       "atomic",
                                           "csignal", "cstdio",   "shared_mutex", "condition_variable"};
  static const std::set<std::string> freestanding{
      "array", "bit",         "compare",          "concepts", "cstddef", "cstdint",
      "span",  "type_traits", "initializer_list", "limits",   "optional"};
  Faults faults;
  if (!include.angle) {
    return faults;
  }
  const bool standard = include.name.find_first_of("./") == std::string::npos;
  if (room == "daemon/hall" || room == "daemon/flows") {
    if (!standard || world.contains(include.name)) {
      faults.push_back(at_line(file, include.line) + room + " is pure and may not include <" + include.name +
                       ">");
    }
  } else if (room.starts_with("firmware/") && !freestanding.contains(include.name)) {
    faults.push_back(at_line(file, include.line) + room + " is freestanding and may not include <" +
                     include.name + ">");
  }
  return faults;
}

bool is_library_here(const File& file, const std::string& room, const Include& include) {
  if (include.name.starts_with("CLI/")) {
    return file.path.ends_with("/main.cpp");
  }
  for (const Library& library : libraries()) {
    if (include.name.starts_with(library.prefix)) {
      return in_any(room, library.rooms);
    }
  }
  return true;
}

/// The statement around a position: from behind the last `;`, `{` or `}` to the next `;` outside parentheses,
/// or to the block that follows a condition.
std::string statement_around(const std::string& code, std::size_t at) {
  const auto before = code.find_last_of(";{}", at);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  int depth = 0;
  char last = ' ';
  for (std::size_t end = at; end < code.size(); ++end) {
    const char c = code[end];
    depth += static_cast<int>(c == '(') - static_cast<int>(c == ')');
    const bool block = c == '{' && last == ')';
    if (depth <= 0 && (c == ';' || block)) {
      return code.substr(begin, end - begin);
    }
    last = std::isspace(static_cast<unsigned char>(c)) != 0 ? last : c;
  }
  return code.substr(begin);
}

}  // namespace

const std::map<std::string, std::set<std::string>>& allowed_rooms() {
  static const std::set<std::string> pictures{"display/canvas", "display/page", "display/ticket",
                                              "display/voice"};
  static const std::set<std::string> wires{"drivers/link",   "drivers/bus",   "drivers/http",
                                           "drivers/window", "drivers/kiosk", "drivers/printer",
                                           "drivers/board",  "drivers/cctv",  "firmware/wire"};
  static const auto all = [] {
    std::map<std::string, std::set<std::string>> table{
        {"firmware/wire", {}},
        {"firmware/core", {"firmware/wire"}},
        {"firmware/board", {"firmware/wire", "firmware/core"}},
        {"drivers/link", {}},
        {"drivers/bus", {"drivers/link", "firmware/wire"}},
        {"drivers/http", {"drivers/link"}},
        {"drivers/window", {"drivers/link", "drivers/bus", "firmware/wire"}},
        {"drivers/kiosk", {"drivers/link", "drivers/bus", "firmware/wire"}},
        {"drivers/printer", {"drivers/link"}},
        {"drivers/board", {"drivers/link", "drivers/bus"}},
        {"drivers/cctv", {"drivers/link", "drivers/http", "drivers/bus"}},
        {"display/canvas", {}},
        {"display/page", {"display/canvas"}},
        {"display/ticket", {"display/canvas"}},
        {"display/voice", {"display/canvas"}},
        {"display/screen", pictures},
        {"daemon/hall", {}},
        {"daemon/flows", {"daemon/hall"}},
        {"daemon/journal", {"daemon/hall"}},
        {"daemon/devices", {"daemon/hall"}},
        {"daemon/api", {"daemon/hall"}},
        {"daemon/feed", {"daemon/hall"}},
        {"daemon/evidence", {}},
        {"daemon/ctl", {"daemon/hall", "daemon/api", "daemon/evidence", "drivers/link"}},
        {"daemon/app",
         {"daemon/hall", "daemon/flows", "daemon/journal", "daemon/devices", "daemon/api", "daemon/feed",
          "daemon/evidence"}},
        {"tests/sim", {"firmware/wire", "firmware/core"}},
    };
    for (const char* room : {"daemon/devices", "daemon/app", "tests/sim"}) {
      table[room].insert(pictures.begin(), pictures.end());
      table[room].insert(wires.begin(), wires.end());
    }
    return table;
  }();
  return all;
}

bool may_include(const std::string& from, const std::string& to) {
  if (from == to) {
    return true;
  }
  const auto& table = allowed_rooms();
  const auto it = table.find(from);
  if (it == table.end()) {
    return from.starts_with("tests/");
  }
  return it->second.contains(to);
}

Faults include_faults(const File& file) {
  Faults faults;
  const std::string room = room_of(file.path);
  if (!room.starts_with("tests/") && !allowed_rooms().contains(room)) {
    return {at_line(file, 1) + "there is no room " + room + " in the design"};
  }
  for (const Include& include : includes_of(file.text)) {
    for (auto& fault : purity_faults(file, room, include)) {
      faults.push_back(std::move(fault));
    }
    if (include.angle) {
      if (!is_library_here(file, room, include)) {
        faults.push_back(at_line(file, include.line) + "<" + include.name + "> has no place in " + room);
      }
      continue;
    }
    const std::string target = room_of(include.name);
    if (include.name.find('/') == std::string::npos || include.name.starts_with('.')) {
      faults.push_back(at_line(file, include.line) + "\"" + include.name +
                       "\" is not named from the project's root");
    } else if (!may_include(room, target)) {
      faults.push_back(at_line(file, include.line) + room + " may not include " + include.name);
    }
  }
  return faults;
}

Faults coroutine_faults(const File& file) {
  static const std::regex coroutine(R"(\bco_(await|return|yield)\b)");
  // Captures by value: anything between the brackets of a lambda but a bare &, or & with names behind it.
  static const std::regex by_value(R"((^|[^\w\]\)])\[\s*(?!\s*\]|&)[^\]]*\]\s*[\(\{])");
  static const std::regex mixed(R"((^|[^\w\]\)])\[\s*&[^\]]*(,\s*[A-Za-z_*=])[^\]]*\]\s*[\(\{])");
  static const std::regex braces(R"([\w>\(,=\s]\{)");
  const std::string room = room_of(file.path);
  const bool allowed = room == "daemon/api" || room == "drivers/http";
  const std::string code = code_of(file.text);
  Faults faults;
  for (std::sregex_iterator it(code.begin(), code.end(), coroutine), end; it != end; ++it) {
    const auto at = static_cast<std::size_t>(it->position());
    const std::string where = at_line(file, line_at(code, at));
    if (!allowed) {
      faults.push_back(where + "coroutines are for daemon/api and drivers/http; use a callback");
    } else if (it->str() == "co_await") {
      const std::string statement = statement_around(code, at);
      if (std::regex_search(statement, braces)) {
        faults.push_back(where +
                         "braces in a statement with co_await; g++ 12 destroys such a temporary twice");
      }
      if (std::regex_search(statement, by_value) || std::regex_search(statement, mixed)) {
        faults.push_back(where + "a lambda that captures by value in a statement with co_await");
      }
    }
  }
  return faults;
}

Faults time_faults(const File& file) {
  static const std::regex clock(
      R"(\b(system_clock|steady_clock|high_resolution_clock)\s*::\s*now\b|\b(localtime|gmtime)(_r)?\s*\()"
      R"(|\b(gettimeofday|clock_gettime)\s*\(|\btime\s*\(\s*(nullptr|NULL|0|&))");
  static const std::regex wait(R"(\b(sleep_for|sleep_until|usleep|nanosleep)\s*\(|::\s*sleep\s*\()");
  const std::string room = room_of(file.path);
  const bool given = room == "daemon/hall" || room == "daemon/flows" ||
                     (room.starts_with("display/") && room != "display/screen");
  const bool test = room.starts_with("tests/");
  const std::string code = code_of(file.text);
  Faults faults;
  const auto look = [&](const std::regex& pattern, const std::string& sentence) {
    for (std::sregex_iterator it(code.begin(), code.end(), pattern), end; it != end; ++it) {
      faults.push_back(at_line(file, line_at(code, static_cast<std::size_t>(it->position()))) + sentence);
    }
  };
  if (given) {
    look(clock, "time is given to " + room + ", never taken");
  }
  if (test) {
    look(wait, "a test that waits for real time; use virtual time, or wait for the thing itself");
  }
  return faults;
}

Faults shape_faults(const File& file) {
  Faults faults;
  if (lines_of(file.text) > most_lines) {
    faults.push_back(at_line(file, most_lines) + "has " + std::to_string(lines_of(file.text)) + " lines; " +
                     std::to_string(most_lines) + " is the most");
  }
  if (!file.path.ends_with(".cpp") && file.text.find("#pragma once\n") == std::string::npos) {
    faults.push_back(at_line(file, 1) + "a header begins with #pragma once");
  }
  return faults;
}

Faults target_faults(std::string_view cmake_text) {
  static const std::regex call(R"(\blobby_room\(([^)]*)\))");
  std::map<std::string, std::string> room_of_target;
  for (const auto& [room, uses] : allowed_rooms()) {
    std::string target = "lobby_" + room;
    std::replace(target.begin(), target.end(), '/', '_');
    room_of_target[target] = room;
  }
  Faults faults;
  const std::string text(cmake_text);
  for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it) {
    std::istringstream words((*it)[1].str());
    std::string room, word;
    words >> room;
    while (words >> word) {
      const auto used = room_of_target.find(word);
      if (used != room_of_target.end() && !may_include(room, used->second)) {
        faults.push_back(
            "CMakeLists.txt:" + std::to_string(line_at(text, static_cast<std::size_t>(it->position()))) +
            ": " + room + " may not use " + used->second);
      }
    }
  }
  return faults;
}

}  // namespace lobby::architecture
