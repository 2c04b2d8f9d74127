#include "tests/e2e/approvals_site.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace lobby::tests {
namespace {

std::string table_of(const FeedOfSite& feed, const std::string& secret) {
  std::string table = fmt::format(
      "\n[[feed]]\nid = \"{}\"\nmapping = \"{}\"\nurl = \"{}://127.0.0.1:{}/hall\"\n"
      "interval_s = 5\nmax_age_s = {}\nexpire_after_s = {}\nmemory_mb = {}\ntotal_s = {}\n",
      feed.id, feed.mapping, feed.scheme, free_port(), feed.max_age_s, feed.expire_after_s, feed.memory_mb,
      feed.total_s);
  if (feed.has_secret) {
    table += "token_file = \"" + secret + "\"\n";
  }
  if (feed.mapping == "native") {
    table += "app_id = \"hall-1\"\n";
  }
  if (!feed.take.empty()) {
    table += "take = [" + feed.take + "]\n";
  }
  return table + feed.more;
}

}  // namespace

ApprovalLobby::ApprovalLobby(const std::vector<FeedOfSite>& feeds,
                             const std::vector<std::string>& sim_options) {
  const std::string secret = secrets_.path() + "/secret";
  write_file(secret, "hall-1:a-key-for-trials-only\n");
  std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
  hall_ = std::make_unique<WholeLobby>(
      [&](std::string& text) {
        text.erase(text.find("[[feed]]"));
        for (const FeedOfSite& feed : feeds) {
          text += table_of(feed, secret);
        }
      },
      sim_options);
}

boost::json::object ApprovalLobby::get(const std::string& path, const std::string& role) {
  const Reply reply = hall_->client(role).get(path);
  REQUIRE_MESSAGE(reply.status == 200, path << ": " << reply.body);
  return reply.json().as_object();
}

boost::json::object ApprovalLobby::find_case(const std::string& case_no) {
  const auto page = get("/approvals?limit=1000");
  for (const auto& one : page.at("cases").as_array()) {
    if (one.at("case_no").as_string().c_str() == case_no) {
      return one.as_object();
    }
  }
  return {};
}

boost::json::object ApprovalLobby::device(const std::string& id) {
  const auto devices = hall_->client("supervisor").get("/devices").json();
  for (const auto& one : devices.as_array()) {
    if (one.at("id").as_string().c_str() == id) {
      return one.as_object();
    }
  }
  return {};
}

std::string ApprovalLobby::state(const std::string& id) {
  return hall_->device_state(id);
}

boost::json::object ApprovalLobby::sim(const std::string& id) {
  return hall_->sim("GET", "/" + id).json().as_object();
}

void ApprovalLobby::put(const std::string& id, const std::string& what, const std::string& body) {
  const Reply reply = hall_->sim("POST", "/" + id + "/" + what, body);
  REQUIRE_MESSAGE(reply.status == 200, id << " " << what << " " << body << ": " << reply.body);
}

void ApprovalLobby::clear_fault(const std::string& id) {
  REQUIRE(hall_->sim("DELETE", "/" + id + "/fault").status == 200);
}

std::string ApprovalLobby::log() const {
  return read_file(hall_->folder() + "/state.log");
}

bool ApprovalLobby::within(std::chrono::seconds time, const std::function<bool()>& holds) {
  std::mutex mutex;
  std::condition_variable never;
  const auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) {
    if (holds()) {
      return true;
    }
    std::unique_lock lock(mutex);
    never.wait_for(lock, std::chrono::milliseconds(50));
  }
  return holds();
}

EventReader::EventReader(WholeLobby& hall, const std::string& query)
    : client_("http://" + hall.daemon().address()),
      thread_([this, query, token = token_of(hall.folder() + "/state", "screen")] {
        client_.set_read_timeout(60);
        client_.Get("/api/v1/events" + query, {{"Authorization", "Bearer " + token}},
                    [this](const char* bytes, std::size_t size) {
                      const std::lock_guard lock(mutex_);
                      text_.append(bytes, size);
                      return true;
                    });
      }) {}

EventReader::~EventReader() {
  client_.stop();
  thread_.join();
}

std::string EventReader::text() const {
  const std::lock_guard lock(mutex_);
  return text_;
}

long memory_of(pid_t pid, const std::string& line) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string each; std::getline(status, each);) {
    if (each.starts_with(line + ":")) {
      return std::stol(each.substr(line.size() + 1));
    }
  }
  return 0;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> found;
  for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid))) {
    std::ifstream children(task.path().string() + "/children");
    for (pid_t child = 0; children >> child;) {
      found.push_back(child);
    }
  }
  return found;
}

}  // namespace lobby::tests
