#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <boost/json.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "tests/support/daemon.hpp"

// Promise 1: kill -9 at any instant loses nothing that was acknowledged and repeats nothing.

namespace {

using namespace lobby::tests;

/// What one client of the test was told, and what it asked last without being told.
struct Client {
  struct Question {
    std::string path, body, key;
  };
  std::map<std::uint64_t, std::string> tickets;  ///< acknowledged: id → number
  boost::json::value window;                     ///< the last acknowledged answer about its window
  std::optional<Question> unanswered;
  std::uint64_t keys = 0;
};

/// Lets the main thread wait until the clients have been told a number of things.
class Tally {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_one();
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

bool told(Client& client, const Client::Question& question, const Reply& reply) {
  if (reply.status == 0) {
    client.unanswered = question;
    return false;
  }
  client.unanswered.reset();
  if (reply.status == 201) {
    const auto json = reply.json();
    client.tickets[json.at("id").to_number<std::uint64_t>()] = json.at("number").as_string().c_str();
  } else if (reply.status == 200) {
    client.window = reply.json();
  }
  return true;
}

Client::Question next_question(Client& client, int number, std::mt19937& random) {
  const auto key = fmt::format("client-{}-{}", number, ++client.keys);
  if (number % 2 == 0) {
    return {"/tickets", fmt::format(R"({{"service":"s{}","kiosk":"k1"}})", 1 + random() % 4), key};
  }
  const auto state =
      client.window.is_object() ? std::string(client.window.at("state").as_string()) : "closed";
  const auto window = fmt::format("/windows/w{}", number);
  if (state == "closed") {
    return {window + "/open", fmt::format(R"({{"clerk":"c{}"}})", number), key};
  }
  if (state == "called") {
    constexpr const char* verbs[] = {"/start", "/recall", "/no-show"};
    return {window + verbs[random() % 3], "{}", key};
  }
  return {window + (state == "serving" ? "/finish" : "/call-next"), "{}", key};
}

void talk(const Daemon& daemon, Client& client, int number, std::uint32_t seed, Tally& tally) {
  auto api = daemon.client(number % 2 == 0 ? "kiosk" : "clerk");
  std::mt19937 random(seed);
  for (;;) {
    const auto question = next_question(client, number, random);
    if (!told(client, question, api.post(question.path, question.body, question.key))) {
      return;
    }
    tally.add();
  }
}

/// Asks again, by the same key, what was not answered before the kill: done once, whatever happened.
void ask_again(const Daemon& daemon, Client& client, int number) {
  if (client.unanswered) {
    auto api = daemon.client(number % 2 == 0 ? "kiosk" : "clerk");
    const auto question = *client.unanswered;
    REQUIRE(told(client, question, api.post(question.path, question.body, question.key)));
  }
}

void check_nothing_lost(const Daemon& daemon, const std::vector<Client>& clients) {
  auto supervisor = daemon.client("supervisor");
  std::map<std::uint64_t, std::string> acknowledged;
  for (const auto& client : clients) {
    for (const auto& [id, number] : client.tickets) {
      CHECK_MESSAGE(acknowledged.emplace(id, number).second, "ticket ", id, " was given twice");
    }
  }
  std::map<std::uint64_t, std::string> kept;
  std::set<std::string> numbers;
  std::uint64_t seq = 0;
  for (bool more = true; more;) {
    const auto page = supervisor.get(fmt::format("/journal?after={}&limit=5000", seq));
    REQUIRE(page.status == 200);
    more = false;
    std::istringstream lines(page.body);
    for (std::string line; std::getline(lines, line); more = true) {
      const auto event = boost::json::parse(line);
      REQUIRE(event.at("seq").to_number<std::uint64_t>() == ++seq);
      if (event.at("type") == "TicketIssued") {
        const std::string number = event.at("number").as_string().c_str();
        CHECK_MESSAGE(numbers.insert(number).second, "number ", number, " was used twice");
        kept[event.at("ticket").to_number<std::uint64_t>()] = number;
      }
    }
  }
  CHECK(kept == acknowledged);
}

void check_windows(const Daemon& daemon, const std::vector<Client>& clients) {
  const auto hall = daemon.client("clerk").get("/hall").json();
  for (std::size_t i = 1; i < clients.size(); i += 2) {
    if (!clients[i].window.is_object()) {
      continue;
    }
    const auto& answer = clients[i].window.as_object();
    for (const auto& window : hall.at("windows").as_array()) {
      if (window.at("id") == answer.at("id")) {
        CHECK(window.at("state") == answer.at("state"));
        CHECK(window.at("ticket") == answer.at("ticket"));
        CHECK(window.at("clerk") == answer.at("clerk"));
      }
    }
  }
}

}  // namespace

TEST_CASE("kill -9 at any instant loses nothing that was acknowledged and repeats nothing") {
  const bool is_long = std::getenv("LOBBY_LONG") != nullptr;
  const int rounds = is_long ? 300 : 5;
  const auto* given = std::getenv("LOBBY_SEED");
  const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::atoi(given)) : std::random_device{}();
  MESSAGE("LOBBY_SEED=", seed, ", rounds ", rounds);
  std::mt19937 random(seed);

  const TemporaryFolder folder;
  const auto site = folder.path() + "/site.toml";
  const auto state = folder.path() + "/state";
  write_file(site, bare_site(4, 8));
  make_accounts(state);
  std::vector<Client> clients(8);

  for (int round = 0; round < rounds; ++round) {
    const auto clock = fmt::format("2026-03-16T{:02}:{:02}:00+08:00", 9 + round / 60, round % 60);
    {
      Daemon daemon(site, state, clock);
      for (std::size_t i = 0; i < clients.size(); ++i) {
        ask_again(daemon, clients[i], static_cast<int>(i));
      }
      check_windows(daemon, clients);
      check_nothing_lost(daemon, clients);
      Tally tally;
      std::vector<std::thread> threads;
      for (std::size_t i = 0; i < clients.size(); ++i) {
        threads.emplace_back([&, i, thread_seed = random()] {
          talk(daemon, clients[i], static_cast<int>(i), static_cast<std::uint32_t>(thread_seed), tally);
        });
      }
      tally.wait_for(static_cast<int>(random() % 120));
      daemon.process().signal(SIGKILL);
      for (auto& thread : threads) {
        thread.join();
      }
    }
  }
  Daemon daemon(site, state, fmt::format("2026-03-16T{:02}:00:00+08:00", 10 + rounds / 60));
  for (std::size_t i = 0; i < clients.size(); ++i) {
    ask_again(daemon, clients[i], static_cast<int>(i));
  }
  check_windows(daemon, clients);
  check_nothing_lost(daemon, clients);
}

TEST_CASE("sixteen kiosks at once: no number twice in 20,000") {
  const TemporaryFolder folder;
  const auto site = folder.path() + "/site.toml";
  const auto state = folder.path() + "/state";
  write_file(site, bare_site(8, 2));
  make_accounts(state);
  Daemon daemon(site, state, "2026-03-16T09:00:00+08:00");
  constexpr int kiosks = 16;
  constexpr int each = 1250;
  std::vector<std::vector<std::string>> numbers(kiosks);
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int kiosk = 0; kiosk < kiosks; ++kiosk) {
    threads.emplace_back([&, kiosk] {
      auto api = daemon.client("kiosk");
      for (int i = 0; i < each; ++i) {
        const auto reply = api.post("/tickets", fmt::format(R"({{"service":"s{}"}})", 1 + (kiosk + i) % 8));
        if (reply.status == 201) {
          numbers[static_cast<std::size_t>(kiosk)].push_back(reply.json().at("number").as_string().c_str());
        } else {
          ++refused;
        }
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  std::set<std::string> distinct;
  for (const auto& of_kiosk : numbers) {
    distinct.insert(of_kiosk.begin(), of_kiosk.end());
  }
  CHECK(refused == 0);
  CHECK(distinct.size() == std::size_t{kiosks} * each);
}
