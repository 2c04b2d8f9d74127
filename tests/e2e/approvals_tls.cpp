#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "tests/e2e/approvals_site.hpp"
#include "tests/support/certificates.hpp"

// Sources by TLS, with real programs: whom a hall trusts, and whom it is trusted by.

namespace {

using namespace lobby::tests;
using std::chrono::seconds;

struct Source {
  std::string id;
  std::string reason;             ///< part of what an operator reads; empty: it is good
  bool other_ca = false;          ///< ca_file is of another authority than the one that signed
  Authority::Wanted certificate;  ///< of the system
  bool wants_ours = false;
  std::string ours;  ///< the authority of our own certificate: "right", "wrong"; empty: we show none
};

constexpr const char* no_answer = "ends the TLS connection without an answer: it may want a certificate";

std::vector<Source> sources() {
  constexpr long day_s = 86'400;
  return {
      {"private-ca", "", false, {}, false, ""},
      {"unknown-ca", "nobody who is known has signed it, set ca_file", true, {}, false, ""},
      {"expired", "it has expired", false, {"IP:127.0.0.1", -2 * day_s, -day_s}, false, ""},
      {"not-yet", "it is not valid yet", false, {"IP:127.0.0.1", day_s, 2 * day_s}, false, ""},
      {"other-name",
       "it is for another name than the url's",
       false,
       {"IP:127.0.0.9,DNS:localhost"},
       false,
       ""},
      {"both", "", false, {}, true, "right"},
      {"without-ours", no_answer, false, {}, true, ""},
      {"stranger", no_answer, false, {}, true, "wrong"},
  };
}

/// Certificates of all of them, and the tables of the site that name them.
std::vector<FeedOfSite> feeds_of(const std::vector<Source>& all, const std::string& folder) {
  const Authority right(folder + "/right.crt");
  const Authority wrong(folder + "/wrong.crt");
  std::vector<FeedOfSite> feeds;
  for (const Source& source : all) {
    const std::string base = folder + "/" + source.id;
    right.sign(base + ".pem", base + ".key", source.certificate);
    FeedOfSite feed;
    feed.id = source.id;
    feed.take = R"("cases")";
    feed.scheme = "https";
    feed.total_s = 10;
    feed.more =
        fmt::format("ca_file = \"{}\"\n", source.other_ca ? wrong.certificate() : right.certificate());
    if (source.wants_ours) {
      std::filesystem::copy_file(right.certificate(), base + ".ca");
    }
    if (!source.ours.empty()) {
      (source.ours == "right" ? right : wrong).sign(base + "-hall.crt", base + "-hall.key", {});
      feed.more +=
          fmt::format("client_cert_file = \"{0}-hall.crt\"\nclient_key_file = \"{0}-hall.key\"\n", base);
    }
    feeds.push_back(std::move(feed));
  }
  return feeds;
}

}  // namespace

TEST_CASE("a source is trusted by its certificate, and trusts ours; why not is told") {
  const TemporaryFolder folder;
  const std::vector<Source> all = sources();
  ApprovalLobby lobby(feeds_of(all, folder.path()), {"--certificates", folder.path()});
  // The day of the hall is one in March; certificates go by the machine's clock.
  CHECK(lobby.within(seconds(40), [&] {
    return std::all_of(all.begin(), all.end(), [&](const Source& source) {
      return lobby.state(source.id) == (source.reason.empty() ? "ok" : "degraded");
    });
  }));
  const auto shown = lobby.get("/approvals?all=true&limit=1000", "supervisor");
  CHECK(shown.at("cases").as_array().size() >= 2 * 40);
  for (const Source& source : all) {
    CAPTURE(source.id);
    const auto device = lobby.device(source.id);
    const std::string reason = device.at("reason").is_string() ? device.at("reason").as_string().c_str() : "";
    CHECK_MESSAGE((source.reason.empty() ? reason.empty() : reason.find(source.reason) != std::string::npos),
                  reason);
    if (!source.reason.empty()) {
      // Nothing was asked of it, so no secret was told to a stranger.
      CHECK(lobby.sim(source.id).at("request_count") == 0);
    }
  }
}
