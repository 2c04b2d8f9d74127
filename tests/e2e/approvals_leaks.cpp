#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <unordered_map>

#include "tests/e2e/approvals_site.hpp"

// What the superior system told of people is nowhere in the hall: not on the disk, not in a log, not in an
// answer, not in the memory of the daemon.

namespace {

using namespace lobby::tests;
using std::chrono::seconds;

/// Finds any of many texts, by their first bytes.
class Search {
 public:
  void add(const std::string& needle) {
    if (needle.size() >= key_size) {
      by_key_[key_of(needle.data())].push_back(needle);
      ++size_;
    }
  }
  std::size_t size() const { return size_; }
  void in(std::string_view text, const std::string& place, std::vector<std::string>& found) const {
    for (std::size_t at = 0; at + key_size <= text.size(); ++at) {
      const auto some = by_key_.find(key_of(text.data() + at));
      if (some == by_key_.end()) {
        continue;
      }
      for (const std::string& needle : some->second) {
        if (text.substr(at, needle.size()) == needle) {
          found.push_back(fmt::format("{} at {} of {}", needle, at, place));
        }
      }
    }
  }

 private:
  static constexpr std::size_t key_size = 5;  // Li Wu
  static std::uint64_t key_of(const char* bytes) {
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < key_size; ++i) {
      key = key << 8U | static_cast<unsigned char>(bytes[i]);
    }
    return key;
  }
  std::unordered_map<std::uint64_t, std::vector<std::string>> by_key_;
  std::size_t size_ = 0;
};

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Private memory that the process may write to.
std::vector<std::pair<std::uint64_t, std::uint64_t>> own_memory(pid_t pid) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> parts;
  std::ifstream maps(fmt::format("/proc/{}/maps", pid));
  for (std::string line; std::getline(maps, line);) {
    char* end = nullptr;
    const std::uint64_t from = std::strtoull(line.c_str(), &end, 16);
    const std::uint64_t to = std::strtoull(end + 1, &end, 16);
    if (std::string_view(end).starts_with(" rw-p")) {
      parts.emplace_back(from, to);
    }
  }
  return parts;
}

class Places {
 public:
  explicit Places(ApprovalLobby& lobby) : lobby_(lobby) {}

  void look(const Search& search, std::vector<std::string>& found) {
    const std::string state = lobby_.hall().folder() + "/state";
    for (const auto& file : std::filesystem::recursive_directory_iterator(state)) {
      if (file.is_regular_file()) {
        see(search, read_file(file.path()), file.path(), found);
      }
    }
    see(search, lobby_.log(), "the log", found);
    look_at_answers(search, found);
    look_at_memory(search, found);
  }
  std::size_t bytes() const { return bytes_; }

 private:
  void see(const Search& search, std::string_view text, const std::string& place,
           std::vector<std::string>& found) {
    bytes_ += text.size();
    search.in(text, place, found);
  }
  void look_at_answers(const Search& search, std::vector<std::string>& found) {
    auto client = lobby_.hall().client("supervisor");
    for (std::uint64_t after = 0;;) {
      const std::string page = client.get(fmt::format("/journal?limit=10000&after={}", after)).body;
      if (page.empty()) {
        break;
      }
      see(search, page, "the journal", found);
      const std::size_t last = page.rfind('\n', page.size() - 2);
      const auto event = boost::json::parse(page.substr(last == std::string::npos ? 0 : last + 1));
      after = event.at("seq").to_number<std::uint64_t>();
    }
    for (const char* path : {"/approvals?all=true&limit=1000", "/approvals?limit=1000", "/review",
                             "/catalogue", "/bids", "/devices", "/hall"}) {
      const Reply reply = client.get(path);
      CHECK_MESSAGE(reply.status == 200, path);
      see(search, reply.body, path, found);
    }
  }
  void look_at_memory(const Search& search, std::vector<std::string>& found) {
    if (is_sanitized) {
      return;  // its shadow is terabytes
    }
    const pid_t pid = lobby_.hall().daemon().process().pid();
    const int memory = ::open(fmt::format("/proc/{}/mem", pid).c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(memory >= 0);
    std::string piece;
    for (const auto& [from, to] : own_memory(pid)) {
      piece.resize(to - from);
      const ssize_t size = ::pread(memory, piece.data(), piece.size(), static_cast<off_t>(from));
      if (size > 0) {
        see(search, std::string_view(piece).substr(0, static_cast<std::size_t>(size)), "the daemon's memory",
            found);
      }
    }
    ::close(memory);
  }

  ApprovalLobby& lobby_;
  std::size_t bytes_ = 0;
};

/// Everything that is told of people by these systems.
std::set<std::string> told_of_people(ApprovalLobby& lobby, const std::vector<FeedOfSite>& feeds) {
  std::set<std::string> all;
  for (const FeedOfSite& feed : feeds) {
    std::istringstream lines(lobby.hall().sim("GET", "/" + feed.id + "/names").body);
    for (std::string line; std::getline(lines, line);) {
      if (characters(line) >= 3) {
        all.insert(line);
      }
    }
  }
  return all;
}

void fill(ApprovalLobby& lobby, const FeedOfSite& feed, std::size_t cases) {
  lobby.put(feed.id, "scale", fmt::format(R"({{"cases":{}}})", cases));
}

}  // namespace

TEST_CASE("nothing of a person is kept anywhere") {
  constexpr std::size_t cases = 2'000;
  const std::vector<FeedOfSite> feeds = [] {
    std::vector<FeedOfSite> two(2);
    two[0].id = "by-cursor";
    two[1].id = "by-page";
    two[1].mapping = "epoint";
    return two;
  }();
  ApprovalLobby lobby(feeds);
  for (const FeedOfSite& feed : feeds) {
    fill(lobby, feed, cases);
  }
  const auto all_cases = [&] {
    return lobby.get("/approvals?all=true&limit=1", "supervisor")
        .at("totals")
        .at("cases")
        .to_number<std::size_t>();
  };
  REQUIRE(lobby.within(seconds(50), [&] { return all_cases() >= 2 * cases; }));
  // Each fault, and then something new: until then the answer that was spoilt has been read.
  for (const char* fault : {"half_names", "wrong_charset", "nan"}) {
    for (const FeedOfSite& feed : feeds) {
      lobby.put(feed.id, "fault", fmt::format(R"({{"kind":"{}"}})", fault));
      lobby.put(
          feed.id, "case",
          fmt::format(R"({{"case_no":"510682SIM-{}","query_code":"428571","matter_name":"食品经营许可",)"
                      R"("applicant_type":"person","applicant_name":"皇甫试甲乙","status":"accepted",)"
                      R"("applicant_id_no":"510682199001010017","applicant_phone":"19900000123",)"
                      R"("accepted_at":"2026-03-16T08:40:00+08:00"}})",
                      fault));
    }
    CHECK(lobby.within(seconds(60), [&] {
      return lobby.state("by-cursor") == "degraded" && lobby.state("by-page") == "degraded";
    }));
    for (const FeedOfSite& feed : feeds) {
      lobby.clear_fault(feed.id);
    }
    CHECK(lobby.within(seconds(90), [&] {
      return lobby.state("by-cursor") == "ok" && lobby.state("by-page") == "ok" &&
             !lobby.find_case(fmt::format("510682SIM-{}", fault)).empty();
    }));
  }

  Places places(lobby);
  std::vector<std::string> found;
  {
    // The search finds what is there: on the disk, in an answer, in memory.
    Search shown;
    shown.add("皇甫**");
    places.look(shown, found);
    const auto in = [&](const char* place) {
      return std::any_of(found.begin(), found.end(),
                         [place](const std::string& one) { return one.find(place) != std::string::npos; });
    };
    CHECK(in("approvals.db"));
    CHECK(in("/approvals?all=true"));
    CHECK((is_sanitized || in("the daemon's memory")));
    found.clear();
  }
  Search hidden;
  auto secrets = told_of_people(lobby, feeds);
  secrets.insert("半某名");
  REQUIRE(secrets.contains("皇甫试甲乙"));
  REQUIRE(secrets.contains("510682199001010017"));
  REQUIRE(secrets.contains("19900000123"));
  for (const std::string& one : secrets) {
    hidden.add(one);
  }
  CHECK(hidden.size() > cases);
  const std::size_t before = places.bytes();
  places.look(hidden, found);
  MESSAGE(hidden.size() << " texts looked for in " << (places.bytes() - before) / 1024 << " KiB");
  CHECK(found.size() == 0);
  constexpr std::size_t most_shown = 20;
  for (std::size_t i = 0; i < std::min(found.size(), most_shown); ++i) {
    FAIL_CHECK(found[i]);
  }
}
