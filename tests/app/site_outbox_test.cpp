// Outboxes and the export: what the reader takes, what it refuses and where it points.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>

#include "daemon/app/site_file.hpp"
#include "tests/app/site_cases.hpp"

namespace {

using namespace lobby;
using namespace lobby::app::cases;

struct Systems {
  Folder folder;
  std::string secret = folder.write("secret", "hall-1:s3cret\n");
  std::string ca = folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\n");
  std::string open = folder.write("open", "s3cret\n");
  std::string empty = folder.write("empty", "");
  std::string good;
  Systems() {
    REQUIRE(::chmod(secret.c_str(), 0600) == 0);
    REQUIRE(::chmod(empty.c_str(), 0600) == 0);
    REQUIRE(::chmod(open.c_str(), 0644) == 0);
    good = R"(schema = 1
name = "测试大厅"
zone = [{id = "z", name = "一区"}]
service = [{id = "s", name = "业务", zone = "z", prefix = "A", hours = "h"}]
window = [{id = "w", number = 1, name = "w", zone = "z", services = ["s"]}]

[hours.h]
mon = ["08:30-12:00"]

[[outbox]]
id = "supervision"
what = "queue_events"
url = "https://jc.example.gov.cn/api/v1/hall/queue-events"
node = "north"
auth = "hmac-sha256"
app_id = "hall-1"
token_file = ")" +
           secret + R"("
ca_file = ")" +
           ca +
           R"("
interval_s = 10

[[outbox]]
id = "praise"
what = "ratings"
url = "http://10.0.0.7/evaluations"
node = "north"
auth = "none"

[outbox.grades]
very_good = "5"
good = "4"
fair = "3"
poor = "2"
very_poor = "1"

[export]
dir = ")" + folder.path().string() +
           R"("
)";
  }
  app::SiteFile read(const std::string& text) const { return app::read_site_text(text, name); }
};

TEST_CASE("outboxes and the export are read as they are written") {
  const Systems house;
  const auto site = house.read(house.good);
  REQUIRE(site.outboxes.size() == 2);
  const auto& first = site.outboxes[0];
  CHECK(first.what == app::OutboxSite::What::queue_events);
  CHECK(first.node == "north");
  CHECK(first.target.id.value == "supervision");
  CHECK(first.target.driver == "queue_events");
  CHECK(first.target.url == "https://jc.example.gov.cn/api/v1/hall/queue-events");
  CHECK(first.target.auth == "hmac-sha256");
  CHECK(first.target.app_id == "hall-1");
  CHECK(first.target.token_file == house.secret);
  CHECK(first.target.ca_file == house.ca);
  CHECK(first.target.interval_s == 10);
  const auto& second = site.outboxes[1];
  CHECK(second.what == app::OutboxSite::What::ratings);
  CHECK(second.target.auth == "none");
  CHECK(second.target.token_file.empty());
  CHECK(second.target.interval_s == 5);
  CHECK(second.grades[static_cast<std::size_t>(hall::Score::very_good)] == "5");
  CHECK(second.grades[static_cast<std::size_t>(hall::Score::very_poor)] == "1");
  REQUIRE(site.exported);
  CHECK(site.exported->dir == house.folder.path().string());
  CHECK(site.exported->interval_s == 60);
}

TEST_CASE("an outbox is reached as a feed is, and may log in") {
  const Systems house;
  const auto proxy = house.folder.write("proxy", "me:pw\n");
  REQUIRE(::chmod(proxy.c_str(), 0600) == 0);
  const std::string login =
      "schema = 1\nname = \"province\"\n[auth]\nkind = \"bearer\"\n[auth.login]\npath = "
      "\"/oauth/token\"\nfields = { secret = \"{token}\" }\ntoken = \"/token\"\n[answer]\nitems = "
      "\"/days\"\n[calendar]\npath = \"/{year}\"\n[calendar.field.id]\nfrom = "
      "[\"/date\"]\n[calendar.field.date]\nfrom = [\"/date\"]\ntransforms = [{ date = "
      "[\"yyyy-MM-dd\"] }]\n[calendar.field.off]\nfrom = [\"/off\"]\n";
  house.folder.write("mappings/province.toml", login);
  auto text =
      replaced(house.good, "schema = 1", "schema = 1\nconfig_dir = \"" + house.folder.path().string() + "\"");
  text = replaced(text, "auth = \"hmac-sha256\"",
                  "auth = \"bearer\"\nlogin = \"province\"\nbind = \"eth1\"\nproxy = \"10.1.0.1:3128\"\n"
                  "proxy_file = \"" +
                      proxy + "\"\nclient_cert_file = \"" + house.ca + "\"\nclient_key_file = \"" +
                      house.secret + "\"");
  const auto site = house.read(text);
  const auto& target = site.outboxes.at(0).target;
  CHECK(target.auth == "bearer");
  CHECK(target.login_mapping == (house.folder.path() / "mappings/province.toml").string());
  CHECK(target.bind == "eth1");
  CHECK(target.proxy == "10.1.0.1:3128");
  CHECK(target.proxy_file == proxy);
  CHECK(target.client_cert_file == house.ca);
  CHECK(target.client_key_file == house.secret);
}

TEST_CASE("grades may count up as well, or not be numbers at all") {
  const Systems house;
  auto text = house.good;
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"very_good = \"5\"", "very_good = \"0\""},
                                                        {"good = \"4\"", "good = \"1\""},
                                                        {"fair = \"3\"", "fair = \"2\""},
                                                        {"poor = \"2\"", "poor = \"4\""},
                                                        {"very_poor = \"1\"", "very_poor = \"5\""}}) {
    text = replaced(text, from, to);
  }
  CHECK(house.read(text).outboxes[1].grades == std::array<std::string, 5>{"0", "1", "2", "4", "5"});
  CHECK(house.read(replaced(house.good, "fair = \"3\"", "fair = \"一般\"")).outboxes[1].grades[2] == "一般");
}

TEST_CASE("what is wrong with an outbox is said with its place and its remedy") {
  const Systems house;
  const auto quoted = [](const std::string& path) { return "\"" + path + "\""; };
  const std::string what = "what = \"queue_events\"";
  const std::string secret = "token_file = " + quoted(house.secret);
  const std::string grades = R"(
[outbox.grades]
very_good = "5"
good = "4"
fair = "3"
poor = "2"
very_poor = "1"
)";
  check_all(
      house.good,
      {
          {"an id that another device has", "id = \"praise\"", "id = «\"supervision\"»", ""},
          {"an unknown kind", what, "what = «\"cases\"»", "queue_events, ratings"},
          {"an unknown key", what, what + "\n«mapping» = \"epoint\"", ""},
          {"no node", "node = \"north\"\nauth = \"hmac", "auth = \"hmac", "node", "[[outbox]]\nid = \"sup"},
          {"a url that is none", "url = \"http://10", "url = «\"ftp://10.0.0.7/\"»\n#", "http://"},
          {"a password in the url", "url = \"http://10.0.0.7/evaluations\"",
           "url = «\"http://me:pw@10.0.0.7/\"»", "password stands in this address"},
          {"an unknown proof", "auth = \"hmac-sha256\"", "auth = «\"md5\"»", "hmac-sha256, hmac-sm3"},
          {"a proof without a secret", secret, "", "token_file", "\"hmac-sha256\""},
          {"a secret that proves nothing", "auth = \"hmac-sha256\"\n", "", "auth", quoted(house.secret)},
          {"a secret that is not there", quoted(house.secret), "«\"/nowhere/secret\"»", ""},
          {"a secret that others can read", quoted(house.secret), "«" + quoted(house.open) + "»",
           "chmod 600"},
          {"an empty secret", quoted(house.secret), "«" + quoted(house.empty) + "»", "is empty"},
          {"a header without its proof", "app_id = \"hall-1\"", "auth_header = «\"X-Token\"»", "header"},
          {"a login for another proof", "app_id = \"hall-1\"", "login = «\"native\"»", "bearer"},
          {"a login that is none", "auth = \"hmac-sha256\"", "auth = \"bearer\"\nlogin = «\"native\"»",
           "[auth.login]"},
          {"a login that is not there", "auth = \"hmac-sha256\"", "auth = \"bearer\"\nlogin = «\"nowhere\"»",
           "\"nowhere\" is not known"},
          {"a certificate without its key", "interval_s = 10",
           "interval_s = 10\nclient_cert_file = «" + quoted(house.ca) + "»", "need each other"},
          {"a certificate that nobody asks for", "auth = \"none\"",
           "client_cert_file = " + quoted(house.ca) + "\nclient_key_file = «" + quoted(house.secret) + "»",
           "plain http"},
          {"a secret for no proxy", "interval_s = 10",
           "interval_s = 10\nproxy_file = «" + quoted(house.secret) + "»", "\"proxy\""},
          {"certificates that are not there", quoted(house.ca), "«\"/nowhere/ca.pem\"»", ""},
          {"never", "interval_s = 10", "interval_s = «0»", "1 to 3600"},
          {"no grades", grades, "", "\"5\" for very_good down to \"1\"", "\"ratings\""},
          {"no grades, and the other direction", grades, "", "\"0\" for very_good up to \"5\"",
           "\"ratings\""},
          {"a grade is missing", "fair = \"3\"\n", "", "fair", "[outbox.grades]"},
          {"a grade that is a number", "fair = \"3\"", "fair = «3»", "fair"},
          {"an unknown grade", "fair = \"3\"", "fair = \"3\"\n«great» = \"6\"", ""},
          {"an empty grade", "fair = \"3\"", "fair = «\"\"»", "fair"},
          {"grades in no order", "fair = \"3\"", "fair = \"6\"", "neither rise nor fall", "[outbox.grades]"},
          {"grades for what has none", "interval_s = 10\n",
           "interval_s = 10\n«[outbox.grades]»\nvery_good = \"5\"\ngood = \"4\"\nfair = \"3\"\npoor = "
           "\"2\"\nvery_poor = \"1\"\n",
           "grades"},
          {"a folder that is not there", "dir = ", "dir = «\"/nowhere/public\"»\n#", ""},
          {"no folder at all", "dir = ", "#", "dir", "[export]"},
          {"too often", "[export]", "[export]\ninterval_s = «1»", "10 to 86400"},
          {"two exports", "[export]", "[[«export»]]", "[export]"},
      });
}

}  // namespace
