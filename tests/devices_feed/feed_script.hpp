#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/devices/feed_lines.hpp"
#include "daemon/devices/feeds.hpp"
#include "tests/fakes/scripted_process.hpp"
#include "tests/fakes/virtual_executor.hpp"

/// Feeds whose processes are scripts, in virtual time.
namespace lobby::devices::script {

using fakes::Script;
using fakes::ScriptedProcess;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline std::string case_line(const std::string& id) {
  std::string line = R"({"kind":"case","return_count":0,"suppressed":false)";
  hall::CaseRow row;
  each_text(row, [&](const char* name, const std::string&) {
    line += std::string(",\"") + name + "\":\"" + (std::string_view(name) == "id" ? id.c_str() : name) + "\"";
  });
  return line + "}";
}

inline std::string begin_line(int rows, const char* what = "cases") {
  return std::string(R"({"kind":"begin","what":")") + what + R"(","full":true,"rows":)" +
         std::to_string(rows) + R"(,"removed":0})";
}

inline std::string end_line(int rows, const char* what = "cases") {
  return std::string(R"({"kind":"end","what":")") + what + R"(","cursor":"c9","age_ms":0,"rows":)" +
         std::to_string(rows) + R"(,"skipped":2,"unknown_status":1,"bad_values":0,"clock_off_s":0})";
}

inline std::string fresh(const char* what = "cases", int age_ms = 0, int clock_off_s = 0) {
  return std::string(R"({"kind":"fresh","what":")") + what + R"(","age_ms":)" + std::to_string(age_ms) +
         R"(,"rows":7,"skipped":0,"unknown_status":0,"bad_values":0,"clock_off_s":)" +
         std::to_string(clock_off_s) + "}";
}

inline const std::string more_line = R"({"kind":"more"})";
inline const std::string fresh_line = fresh();
inline const std::string yes = R"({"taken":true})";
inline const std::string no = R"({"taken":false})";

inline std::string fault_line(const std::string& reason, int retry_s) {
  return R"({"kind":"fault","what":"","reason":")" + reason + R"(","retry_s":)" + std::to_string(retry_s) +
         "}";
}

struct Desk {
  explicit Desk(int count = 1) {
    for (int i = 0; i < count; ++i) {
      FeedConfig config;
      config.id.value = i == 0 ? "approvals" : "approvals-" + std::to_string(i);
      config.driver = "epoint";
      config.mapping_file = "/m/epoint.toml";
      config.url = "http://h/p";
      config.token_file = "/secret/token";
      config.area_code = "510682";
      config.resources = {hall::What::cases, hall::What::bids};
      configs.push_back(config);
    }
    Feeds::Sink sink;
    sink.begin = [this](const hall::DeviceId&, const hall::AnswerHead& head, Feeds::Taken taken) {
      asked.push_back({"begin", head, {}, {}, std::move(taken)});
    };
    sink.slice = [this](const hall::DeviceId&, hall::AnswerSlice rows, Feeds::Taken taken) {
      asked.push_back({"slice", {}, std::move(rows), {}, std::move(taken)});
    };
    sink.end = [this](const hall::DeviceId&, std::string cursor, Feeds::Taken taken) {
      asked.push_back({"end", {}, {}, std::move(cursor), std::move(taken)});
    };
    sink.broken = [this](const hall::DeviceId&) { ++broken; };
    feeds = std::make_unique<Feeds>(
        executor, configs,
        Feeds::Ports{
            [this](const FeedConfig& config, Feeds::ProcessEvents events) {
              scripts.push_back(std::make_shared<Script>(Script{config, std::move(events), {}, false}));
              return std::make_unique<ScriptedProcess>(scripts.back());
            },
            [](const FeedConfig& config) { return "settings of " + config.id.value; },
            [this] { return now(); }, std::move(sink)},
        roster);
    executor.run_for(milliseconds(1));
  }

  Script& child() { return *scripts.back(); }
  void say(const std::string& line) {
    child().events.line(line);
    executor.drain();
  }
  /// What was asked last, answered.
  void answer(bool kept, const std::string& reason = "") {
    REQUIRE_FALSE(asked.empty());
    const auto taken = asked.back().taken;
    taken(kept, reason);
    executor.drain();
  }
  /// A whole answer, up to the question whether all of it is kept.
  void batch(const std::vector<std::string>& ids) {
    say(begin_line(static_cast<int>(ids.size())));
    answer(true);
    for (const std::string& id : ids) {
      say(case_line(id));
    }
    say(end_line(static_cast<int>(ids.size())));
    answer(true);
    REQUIRE(asked.back().part == "end");
  }
  hall::Age age(hall::What what = hall::What::cases) const { return feeds->age(what); }
  const hall::DeviceView& device(std::size_t i = 0) { return *roster.find(configs[i].id); }
  hall::Instant now() const {
    return {executor.now().time_since_epoch() / milliseconds(1) + 1'800'000'000'000, 480};
  }

  struct Asked {
    std::string part;
    hall::AnswerHead head;
    hall::AnswerSlice rows;
    std::string cursor;
    Feeds::Taken taken;
  };
  fakes::VirtualExecutor executor;
  std::vector<FeedConfig> configs;
  std::vector<hall::ReportDevice> changes;
  Roster roster{[this] { return now(); },
                [this](const hall::ReportDevice& change) { changes.push_back(change); }};
  std::vector<std::shared_ptr<Script>> scripts;
  std::vector<Asked> asked;
  int broken = 0;
  std::unique_ptr<Feeds> feeds;
};

}  // namespace lobby::devices::script
