#include "tests/e2e/approvals_endure.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace lobby::tests {
namespace {

using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr int memory_mb = 64;
constexpr const char* everything = "/approvals?all=true&limit=1000";

double seconds_from(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

/// 1, 2, 4 … s apart, less a fifth, and the one that is on its way.
double most_by_back_off(double time) {
  constexpr double least = 0.8;
  double count = 2;
  for (double pause = least, sum = pause; sum <= time; pause *= 2, sum += pause) {
    ++count;
  }
  return count;
}

struct One {
  Trouble trouble;
  std::string id;
  std::string new_case;  ///< comes after the fault
  std::int64_t asked = 0;
  Clock::time_point since;
  std::string reason;
  boost::json::value last_ok;
};

class Endurance {
 public:
  explicit Endurance(const std::vector<Trouble>& troubles) : lobby_(feeds_of(troubles)) {
    for (const Trouble& trouble : troubles) {
      all_.push_back({trouble, id_of(trouble), "510682SIM-" + id_of(trouble), 0, {}, {}, {}});
    }
  }

  void begin() {
    REQUIRE(ApprovalLobby::within(seconds(60), [this] { return count("ok") == all_.size(); }));
    known_ = numbers(shown());
    rss_ = memory_of(daemon(), "VmRSS");
  }

  void inject() {
    for (One& one : all_) {
      one.asked = asked(one);
      one.since = Clock::now();
      lobby_.put(one.id, "fault", fmt::format(R"({{"kind":"{}"{}}})", one.trouble.kind, one.trouble.more));
      lobby_.put(one.id, "case",
                 fmt::format(R"({{"case_no":"{}","matter_name":"食品经营许可","applicant_type":"person",)"
                             R"("applicant_name":"皇甫试甲乙","status":"accepted",)"
                             R"("accepted_at":"2026-03-16T08:40:00+08:00"}})",
                             one.new_case));
    }
  }

  void notice() {
    const auto then = Clock::now();
    const bool all = ApprovalLobby::within(seconds(40), [this] {
      watch_memory();
      return count("degraded") == all_.size();
    });
    for (One& one : all_) {
      const auto device = lobby_.device(one.id);
      one.reason = device.at("reason").is_string() ? device.at("reason").as_string().c_str() : "";
      one.last_ok = device.at("last_ok");
      CAPTURE(one.id);
      CAPTURE(one.reason);
      CHECK(device.at("state") == "degraded");
      CHECK(one.reason.find(one.trouble.reason) != std::string::npos);
    }
    REQUIRE(all);
    MESSAGE("all noticed after " << seconds_from(then) << " s");
  }

  /// Some more tries of each.
  void hold() {
    const auto before = shown();
    ApprovalLobby::within(seconds(7), [this] {
      watch_memory();
      return false;
    });
    const auto after = shown();
    CHECK(after.at("cases") == before.at("cases"));
    CHECK(after.at("as_of") == before.at("as_of"));
    const auto now = numbers(after);
    CHECK(std::includes(now.begin(), now.end(), known_.begin(), known_.end()));
    for (const One& one : all_) {
      check_held(one, now);
    }
  }

  void end() {
    for (const One& one : all_) {
      lobby_.clear_fault(one.id);
    }
    const auto then = Clock::now();
    std::map<std::string, double> back;
    const bool all = ApprovalLobby::within(seconds(45), [&] {
      watch_memory();
      const auto now = numbers(shown());
      for (const One& one : all_) {
        if (!back.contains(one.id) && lobby_.state(one.id) == "ok" && now.contains(one.new_case)) {
          back[one.id] = seconds_from(then);
        }
      }
      return back.size() == static_cast<std::size_t>(std::count_if(
                                all_.begin(), all_.end(), [](const One& one) { return !one.trouble.stays; }));
    });
    CHECK(all);
    std::string times;
    for (const One& one : all_) {
      CHECK_MESSAGE(back.contains(one.id) != one.trouble.stays, one.id);
      times += fmt::format(" {} {:.1f}", one.id, back.contains(one.id) ? back[one.id] : -1);
    }
    MESSAGE("back after s:" << times);
    for (const One& one : all_) {
      check_requests(one, true);
    }
    constexpr long most_growth = 4 * 1024;
    MESSAGE("lobbyd VmRSS " << rss_ << " kB, at most " << highest_ << " kB; lobby-feed VmHWM at most "
                            << feed_highest_ << " kB");
    // What a sanitizer keeps of freed memory is not the programs'.
    CHECK((is_sanitized || highest_ - rss_ < most_growth));
    CHECK((is_sanitized || feed_highest_ < memory_mb * 1024));
  }

 private:
  static std::string id_of(const Trouble& trouble) {
    std::string id = trouble.kind + "-" + trouble.mapping;
    std::replace(id.begin(), id.end(), '_', '-');
    return id;
  }
  static std::vector<FeedOfSite> feeds_of(const std::vector<Trouble>& troubles) {
    std::vector<FeedOfSite> feeds;
    for (const Trouble& trouble : troubles) {
      FeedOfSite feed;
      feed.id = id_of(trouble);
      feed.mapping = trouble.mapping;
      feed.take = R"("cases")";
      feed.memory_mb = memory_mb;
      feed.total_s = 5;
      feeds.push_back(feed);
    }
    return feeds;
  }
  static std::set<std::string> numbers(const boost::json::object& page) {
    std::set<std::string> all;
    for (const auto& one : page.at("cases").as_array()) {
      all.insert(one.at("case_no").as_string().c_str());
    }
    return all;
  }

  pid_t daemon() { return lobby_.hall().daemon().process().pid(); }
  boost::json::object shown() { return lobby_.get(everything, "supervisor"); }
  std::int64_t asked(const One& one) {
    return lobby_.sim(one.id).at("request_count").to_number<std::int64_t>();
  }
  std::size_t count(std::string_view state) {
    const auto devices = lobby_.hall().client("supervisor").get("/devices").json();
    return static_cast<std::size_t>(
        std::count_if(devices.as_array().begin(), devices.as_array().end(), [&](const auto& device) {
          return device.at("kind") == "feed" && device.at("state").as_string() == state;
        }));
  }
  void watch_memory() {
    highest_ = std::max(highest_, memory_of(daemon(), "VmRSS"));
    for (const pid_t child : children_of(daemon())) {
      feed_highest_ = std::max(feed_highest_, memory_of(child, "VmHWM"));
    }
  }

  void check_held(const One& one, const std::set<std::string>& now) {
    CAPTURE(one.id);
    const auto device = lobby_.device(one.id);
    CHECK(device.at("state") == "degraded");
    CHECK(device.at("reason").as_string().c_str() == one.reason);
    CHECK(device.at("last_ok") == one.last_ok);
    CHECK_FALSE(now.contains(one.new_case));
    std::istringstream lines(lobby_.log());
    int told = 0;
    for (std::string line; std::getline(lines, line);) {
      told += line.starts_with("<4>feed " + one.id + " is ") ? 1 : 0;
    }
    CHECK(told == 1);
    CHECK(lobby_.log().find(fmt::format("<4>feed {} is degraded: {}\n", one.id, one.reason)) !=
          std::string::npos);
    check_requests(one, false);
  }

  void check_requests(const One& one, bool over) {
    if (over && !one.trouble.stays) {
      return;
    }
    const double time = seconds_from(one.since);
    const double most =
        (one.trouble.most_requests != nullptr ? one.trouble.most_requests : most_by_back_off)(time);
    const auto more = asked(one) - one.asked;
    CHECK_MESSAGE(static_cast<double>(more) <= most,
                  one.id << ": " << more << " requests in " << time << " s");
  }

  ApprovalLobby lobby_;
  std::vector<One> all_;
  std::set<std::string> known_;
  long rss_ = 0, highest_ = 0, feed_highest_ = 0;
};

}  // namespace

void endure(const std::vector<Trouble>& troubles) {
  Endurance endurance(troubles);
  endurance.begin();
  endurance.inject();
  endurance.notice();
  endurance.hold();
  endurance.end();
}

}  // namespace lobby::tests
