#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/app/sources.hpp"
#include "daemon/devices/feed_lines.hpp"
#include "tests/fakes/source_life.hpp"
#include "tests/support/daemon.hpp"

namespace lobby::bench {

inline std::string site_of_one_source(const std::string& folder) {
  const auto token = folder + "/token";
  tests::write_file(token, "a-key-for-trials-only\n");
  std::filesystem::permissions(token, std::filesystem::perms::owner_read);
  return tests::bare_site(1, 1) +
         fmt::format(
             "[[feed]]\nid = \"province\"\nmapping = \"native\"\nurl = \"http://127.0.0.1:9/hall\"\n"
             "token_file = \"{}\"\n",
             token);
}

/// Everything of lobbyd that an answer passes, with its files on the disk.
struct House : fakes::SourceLife {
  explicit House(const std::string& folder)
      : SourceLife(folder, app::read_site_text(site_of_one_source(folder),
                                               LOBBY_SOURCE_DIR "/config/sites/bench.toml")) {
    wait([this] { return script != nullptr; });
  }

  template <class Condition>
  void wait(Condition condition) {
    if (!loop.until(condition, std::chrono::seconds(30))) {
      throw std::runtime_error("an answer was not kept");
    }
  }
  void say(const std::string& line) {
    const auto answers = script->written.size();
    script->events.line(line);
    wait([&] { return script->written.size() > answers; });
    if (script->written.back() != R"({"taken":true})") {
      throw std::runtime_error("an answer was refused");
    }
  }
  /// A whole answer, from its first line until it is kept, recorded and can be asked for.
  std::chrono::steady_clock::duration give(bool full, const std::vector<std::string>& rows) {
    const auto before = events.size();
    const auto begin = std::chrono::steady_clock::now();
    say(fmt::format(R"({{"kind":"begin","what":"cases","full":{},"rows":{},"removed":0}})", full,
                    rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i != 0 && i % devices::feed_lines::slice_rows == 0) {
        say(R"({"kind":"more"})");
      }
      script->events.line(rows[i]);
    }
    say(fmt::format(
        R"({{"kind":"end","what":"cases","cursor":"{}","age_ms":9,"rows":{},"skipped":0,"unknown_status":0,)"
        R"("bad_values":0,"clock_off_s":0}})",
        before, rows.size()));
    wait([&] { return events.size() > before; });
    hall::CaseQuery moved;
    moved.since = version;
    const auto page = sources.cases(moved);
    if (page.cases.empty()) {
      throw std::runtime_error("what was recorded is not shown");
    }
    version = page.version;
    return std::chrono::steady_clock::now() - begin;
  }

  std::uint64_t version = 0;
  unsigned turn = 1;  ///< of what the cases say
};

}  // namespace lobby::bench
