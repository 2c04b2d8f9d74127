#include <doctest/doctest.h>
#include <httplib.h>
#include <sys/stat.h>

#include "tests/feed_pull/identity.hpp"
#include "tests/feed_pull/servers.hpp"

namespace lobby::feed {
namespace {

using std::chrono::seconds;

std::unique_ptr<httplib::Server> tls_server(const Identity& own, const std::string& client_ca = "") {
  auto http = std::make_unique<httplib::SSLServer>(own.certificate().c_str(), own.key().c_str(),
                                                   client_ca.empty() ? nullptr : client_ca.c_str());
  REQUIRE(http->is_valid());
  http->Get("/list", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("{}", "application/json");
  });
  return http;
}

Settings settings_for(const LibraryServer& server, const std::string& ca) {
  Settings settings;
  settings.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/list";
  settings.ca_file = ca;
  return settings;
}

std::string outcome_of(const Settings& settings) {
  auto outcome = get(settings, seconds(10));
  const auto* failure = std::get_if<Failure>(&outcome);
  return failure != nullptr ? failure->reason : std::get<Reply>(outcome).body;
}

TEST_CASE("an upstream is trusted by the CA file of the site, and by nothing else") {
  const Identity own;
  const Identity other;
  const LibraryServer server(tls_server(own));
  CHECK(outcome_of(settings_for(server, own.certificate())) == "{}");
  CHECK(outcome_of(settings_for(server, other.certificate())).find("not to be trusted: nobody") !=
        std::string::npos);
  CHECK(outcome_of(settings_for(server, "")).find("not to be trusted: nobody") != std::string::npos);
  CHECK(outcome_of(settings_for(server, "/nonexistent")).find("CA file") != std::string::npos);
  Settings misnamed = settings_for(server, own.certificate());
  misnamed.url.replace(misnamed.url.find("127.0.0.1"), 9, "localhost");
  CHECK(outcome_of(misnamed).find("not to be trusted: it is for another name") != std::string::npos);
}

TEST_CASE("we are known by a certificate, whose key nobody else may read") {
  const Identity own;
  const Identity client;
  const LibraryServer server(tls_server(own, client.certificate()));
  Settings settings = settings_for(server, own.certificate());
  CHECK(outcome_of(settings) != "{}");
  settings.client_cert_file = client.certificate();
  settings.client_key_file = client.key();
  CHECK(outcome_of(settings) == "{}");
  const Identity stranger;
  settings.client_cert_file = stranger.certificate();
  settings.client_key_file = stranger.key();
  CHECK(outcome_of(settings) != "{}");
  settings.client_cert_file = client.certificate();
  CHECK(outcome_of(settings).find("cannot be used") != std::string::npos);  // not its key
  settings.client_key_file = client.key();
  REQUIRE(::chmod(client.key().c_str(), 0640) == 0);
  CHECK(outcome_of(settings).find("chmod 600") != std::string::npos);
}

TEST_CASE("who does not shake hands is left at the deadline") {
  const RawServer server([](int socket, const std::string&) { hear_end(socket); });
  Settings settings;
  settings.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/list";
  settings.total_s = 1;
  const auto start = std::chrono::steady_clock::now();
  auto outcome = get(settings, std::chrono::milliseconds(250));
  CHECK(std::chrono::steady_clock::now() - start < seconds(4));
  REQUIRE(std::holds_alternative<Failure>(outcome));
  CHECK(std::get<Failure>(outcome).reason == "no whole answer within 1 s");
}

}  // namespace
}  // namespace lobby::feed
