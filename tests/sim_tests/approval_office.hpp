#pragma once

#include <doctest/doctest.h>
#include <httplib.h>
#include <stdlib.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/sim/approvals.hpp"
#include "tests/sim_tests/village.hpp"

namespace lobby::sim {

/// An approval system of one shape behind a socket, on Monday, 2026-03-16.
struct Office {
  std::filesystem::path folder;
  int port = free_port();
  WallClock clock{*parse_rfc3339("2026-03-16T09:00:00+08:00")};
  std::unique_ptr<Approvals> system;
  std::unique_ptr<httplib::Client> http;

  /// `token`: what the site's token file holds; empty: the site names none.
  explicit Office(const std::string& mapping, const std::string& token = "") {
    std::string name = "/tmp/lobby-office-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    FeedEnd end{"approvals", {"127.0.0.1", static_cast<std::uint16_t>(port)}, "/api", "", "510682", mapping};
    if (!token.empty()) {
      end.token_file = (folder / "token").string();
      std::ofstream(end.token_file) << token << "\n";
    }
    system = std::make_unique<Approvals>(end, clock, 3);
    REQUIRE(system->start() == "");
    http = std::make_unique<httplib::Client>("127.0.0.1", port);
    http->set_tcp_nodelay(true);
  }
  ~Office() {
    http.reset();
    system.reset();
    std::filesystem::remove_all(folder);
  }
  Office(const Office&) = delete;
  Office& operator=(const Office&) = delete;

  void fault(const std::string& body) const {
    const boost::json::object told = boost::json::parse(body).as_object();
    const std::string kind(told.at("kind").get_string());
    const auto one = parse_fault(kind);
    REQUIRE_MESSAGE(one, kind);
    REQUIRE(system->can_have(*one));
    REQUIRE(system->set_details(*one, told) == "");
    system->inject(*one, milliseconds(0));
  }
  void mend() const { system->clear(std::nullopt); }
  void put(const char* what, const std::string& body) const {
    CHECK(system->put(what, boost::json::parse(body).as_object()) == "");
  }
  httplib::Result get(const std::string& target, const httplib::Headers& headers = {}) const {
    return http->Get(target.c_str(), headers);
  }
  boost::json::value json(const std::string& target, const httplib::Headers& headers = {}) const {
    const httplib::Result result = get(target, headers);
    REQUIRE(result);
    CHECK(result->status == 200);
    return boost::json::parse(result->body);
  }
  std::string names() const { return system->file("names", 0)->body; }
};

}  // namespace lobby::sim
