#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/app/site_file.hpp"
#include "tests/app/site_cases.hpp"

namespace {

using namespace lobby::app::cases;
using lobby::app::SiteError;

/// A whole, good site. Every case below changes one place of it.
const std::string good = R"(schema = 1
name = "测试大厅"
timezone = "Asia/Shanghai"
listen = "127.0.0.1:8080"
hotline = "12345"
call_finishes = true

[hours.office]
mon = ["08:30-12:00", "13:30-17:30"]

[[zone]]
id = "A"
name = "一区"

[[service]]
id = "s1"
name = "业务一"
zone = "A"
prefix = "A"
first = 1
last = 199
hours = "office"

[[service]]
id = "s2"
name = "业务二"
zone = "A"
prefix = "A"
first = 200
last = 299
hours = "office"

[[window]]
id = "w1"
number = 1
name = "一号"
zone = "A"
services = ["s1", "s2"]

[[window]]
id = "w2"
number = 2
name = "二号"
zone = "A"
services = ["s2"]

[[kiosk]]
id = "k1"
name = "取号机"
zone = "A"
printer = "p1"

[[printer]]
id = "p1"
profile = "generic-80"
link = "tcp:127.0.0.1:9101"

[[printer]]
id = "p2"
profile = "generic-58"
link = "serial:/dev/printer"
baud = 9600

[[bus]]
id = "line-1"
port = "/dev/line-1"
parity = "even"

[[unit]]
id = "u1"
profile = "lobby-window-unit"
bus = "line-1"
address = 1
window = "w1"

[[unit]]
id = "u2"
profile = "lobby-window-unit"
bus = "line-1"
address = 2
window = "w2"

[[feed]]
id = "approvals"
mapping = "epoint"
url = "http://127.0.0.1:18081/list"
interval_s = 30

[[board]]
id = "b1"
protocol = "onbon_k"
zone = "A"
link = "tcp:10.0.0.5:5005"

[[recorder]]
id = "c1"
protocol = "isapi"
url = "http://10.0.0.9/"

[[room]]
id = "r1"
name = "评标室"
kind = "evaluation"
cameras = ["c1"]
)";

const std::vector<Case> cases = {
    // keys
    {"unknown key of the file", "hotline = ", "«hotlines» = ", ""},
    {"unknown key of a row", "number = 2", "«numer» = 2\nnumber = 2", ""},
    {"unknown section", "", "[[«windoww»]]\nid = \"w9\"\n", ""},
    {"unknown day", "mon = [", "«monday» = [", ""},
    {"key twice", "number = 2\n", "number = 2\n«number» = 2\n", ""},
    {"missing key of a row", "services = [\"s2\"]\n", "", "services", "[[window]]\nid = \"w2\""},
    {"missing key of the file", "schema = 1", "", "schema", "\nname"},
    {"missing profile", "id = \"p1\"\nprofile = \"generic-80\"\n", "id = \"p1\"\n", "profile",
     "[[printer]]\nid = \"p1\""},
    {"a list written as one table", "[[bus]]\n", "[«bus»]\n", "[[bus]]"},
    {"a section that is no table", "call_finishes = true", "call_finishes = true\nreader = [«1»]",
     "[[reader]]"},
    {"hours that are no table", "[hours.office]", "[hours]\n«noon» = 1\n[hours.office]", ""},
    // types and ranges
    {"text for a number", "number = 2", "number = «\"2\"»", "number"},
    {"fraction for a number", "address = 2", "address = «2.0»", "address"},
    {"text for true or false", "call_finishes = true", "call_finishes = «\"yes\"»", "call_finishes"},
    {"number in a list of words", "services = [\"s1\", \"s2\"]", "services = [\"s1\", «7»]", "services"},
    {"text for a list", "services = [\"s2\"]", "services = «\"s2\"»", "services"},
    {"address above the bus's range", "address = 2", "address = «248»", ""},
    {"address zero", "address = 2", "address = «0»", "address"},
    {"number that is no int64", "address = 2", "address = «99999999999999999999»", ""},
    {"odd baud rate", "baud = 9600", "baud = «9601»", ""},
    {"unknown parity", "parity = \"even\"", "parity = «\"mark\"»", ""},
    {"unknown kind of service", "last = 299", "last = 299\nkind = «\"vip\"»", ""},
    {"unknown kind of room", "kind = \"evaluation\"", "kind = «\"meeting\"»", ""},
    {"empty name", "name = \"一号\"", "name = «\"\"»", "name"},
    {"control character in a name", "name = \"一号\"", "name = «\"\\u001b@号\"»", "control character"},
    {"C1 control character in a name", "name = \"一号\"", "name = «\"一\\u0085号\"»", "\\u0085"},
    {"mark that turns the text around", "name = \"一号\"", "name = «\"一\\u202E号\"»", "\\u202E"},
    {"mark that isolates", "name = \"测试大厅\"", "name = «\"\u2067大厅\"»", "\\u2067"},
    {"blank name", "name = \"一号\"", "name = «\"   \"»", "blank"},
    {"name of ideographic spaces", "name = \"测试大厅\"", "name = «\"　　\"»", "blank"},
    {"id that is no word", "id = \"w2\"", "id = «\"w 2\"»", ""},
    {"id that leads out of a folder", "mapping = \"epoint\"", "mapping = «\"../../etc/passwd\"»", ""},
    {"window without services", "services = [\"s2\"]", "services = «[]»", "services"},
    {"schema of the future", "schema = 1", "schema = «2»", "schema 2"},
    // twice
    {"window id twice", "id = \"w2\"", "id = «\"w1\"»", ""},
    {"device id twice, of two kinds", "id = \"line-1\"", "id = «\"p1\"»", ""},
    {"device id of the program's own", "id = \"b1\"", "id = «\"storage\"»", ""},
    {"window number twice", "number = 2", "number = «1»", "\"w1\""},
    {"two units at one address", "address = 2", "address = «1»", "\"u1\""},
    {"two serial devices on one port", "port = \"/dev/line-1\"", "port = «\"/dev/printer\"»", ""},
    {"two serial devices on one port, written otherwise", "port = \"/dev/line-1\"",
     "port = «\"/dev/./bus//../printer\"»", "\"p2\""},
    {"two network devices at one address, written otherwise", "link = \"tcp:10.0.0.5:5005\"",
     "link = «\"tcp:127.0.0.1:09101\"»", "\"p1\""},
    {"a gateway at a printer's address", "port = \"/dev/line-1\"\nparity = \"even\"",
     "port = «\"tcp:127.0.0.1:9101\"»", "\"p1\""},
    {"gateway without a port", "port = \"/dev/line-1\"\nparity = \"even\"", "port = «\"tcp:10.0.0.7\"»",
     "tcp:HOST:PORT"},
    {"gateway with a parity", "port = \"/dev/line-1\"\nparity = \"even\"",
     "port = \"tcp:10.0.0.7:502\"\nparity = «\"even\"»", "serial links only"},
    {"gateway with a gap", "port = \"/dev/line-1\"\nparity = \"even\"",
     "port = \"tcp:10.0.0.7:502\"\ngap_us = «2000»", "serial links only"},
    {"gap shorter than any line's", "parity = \"even\"", "parity = \"even\"\ngap_us = «100»", ""},
    {"time for late answers beyond all reason", "parity = \"even\"", "parity = \"even\"\nlate_ms = «60000»",
     ""},
    {"direction by somebody else", "parity = \"even\"", "parity = \"even\"\ndirection = «\"kernel\"»", ""},
    {"two network devices at one address", "link = \"tcp:10.0.0.5:5005\"", "link = «\"tcp:127.0.0.1:9101\"»",
     "\"p1\""},
    {"service twice at a window", "services = [\"s1\", \"s2\"]", "services = [\"s2\", \"s1\", «\"s2\"»]", ""},
    {"camera twice in a room", "cameras = [\"c1\"]", "cameras = [\"c1\", «\"c1\"»]", ""},
    // leads nowhere
    {"service that is not there", "services = [\"s1\", \"s2\"]", "services = [\"s1\", «\"s3\"»]", ""},
    {"zone that is not there", "name = \"二号\"\nzone = \"A\"", "name = \"二号\"\nzone = «\"B\"»", ""},
    {"hours that are not there", "last = 299\nhours = \"office\"", "last = 299\nhours = «\"night\"»", ""},
    {"printer that is not there", "printer = \"p1\"", "printer = «\"p9\"»", ""},
    {"kiosk's printer that is a bus", "printer = \"p1\"", "printer = «\"line-1\"»", ""},
    {"bus that is not there", "bus = \"line-1\"\naddress = 2", "bus = «\"line-2\"»\naddress = 2", ""},
    {"window that is not there", "window = \"w2\"", "window = «\"w3\"»", ""},
    {"profile that is not there", "profile = \"generic-58\"", "profile = «\"generic-99\"»", ""},
    {"unit profile that is not there", "profile = \"lobby-window-unit\"", "profile = «\"generic-80\"»", ""},
    {"mapping that is not there", "mapping = \"epoint\"", "mapping = «\"elsewhere\"»", ""},
    {"token file that is not there", "interval_s = 30", "interval_s = 30\ntoken_file = «\"no-such-secret\"»",
     "no-such-secret"},
    {"a secret for no proxy", "interval_s = 30", "interval_s = 30\nproxy_file = «\"/dev/null\"»", ""},
    {"recorder that is not there", "cameras = [\"c1\"]", "cameras = [«\"b1\"»]", ""},
    {"kiosk that is not there", "",
     "[[reader]]\nid = \"r\"\nprotocol = \"id_card\"\nkiosk = «\"k2\"»\nlink = \"serial:/dev/r\"\n", ""},
    {"unknown time zone", "\"Asia/Shanghai\"", "«\"Asia/Shanghaj\"»", ""},
    {"time zone outside the table", "timezone = \"Asia/Shanghai\"", "timezone = «\"../../../etc/passwd\"»",
     ""},
    {"list beside the time zones", "\"Asia/Shanghai\"", "«\"zone.tab\"»", ""},
    {"source of the time zones", "\"Asia/Shanghai\"", "«\"tzdata.zi\"»", ""},
    {"leap seconds for a time zone", "\"Asia/Shanghai\"", "«\"leapseconds\"»", ""},
    {"countries for a time zone", "\"Asia/Shanghai\"", "«\"iso3166.tab\"»", ""},
    {"folder for a time zone", "\"Asia/Shanghai\"", "«\"Asia\"»", ""},
    {"config_dir that is not there", "schema = 1", "schema = 1\nconfig_dir = «\"nowhere\"»", "nowhere"},
    {"service that no window serves", "services = [\"s1\", \"s2\"]", "services = [\"s2\"]", "\"s1\"",
     "\"s1\"\nname"},
    // makes no sense
    {"overlapping numbers", "first = 200", "first = «199»", "A199"},
    {"range inside another", "first = 200\nlast = 299", "first = «10»\nlast = 20", "A10"},
    {"last below first", "last = 299", "last = «20»", ""},
    {"prefix that looks like a digit", "prefix = \"A\"\nfirst = 200", "prefix = «\"O\"»\nfirst = 200", ""},
    {"lower-case prefix", "prefix = \"A\"\nfirst = 200", "prefix = «\"b\"»\nfirst = 200", ""},
    {"hours that are no hours", "\"13:30-17:30\"", "«\"13:30-17:60\"»", ""},
    {"hours without minutes", "\"13:30-17:30\"", "«\"13-17\"»", ""},
    {"hours backwards", "\"13:30-17:30\"", "«\"17:30-13:30\"»", ""},
    {"hours that overlap", "\"13:30-17:30\"", "«\"11:30-17:30\"»", ""},
    {"address to listen at", "listen = \"127.0.0.1:8080\"", "listen = «\"localhost\"»", ""},
    {"port to listen at", "listen = \"127.0.0.1:8080\"", "listen = «\"127.0.0.1:80800\"»", ""},
    {"link of no known kind", "link = \"serial:/dev/printer\"\nbaud = 9600", "link = «\"lpt:/dev/printer\"»",
     "usb:/dev/usb/"},
    {"USB link without a path", "link = \"serial:/dev/printer\"\nbaud = 9600", "link = «\"usb:lp0\"»", "lp0"},
    {"baud rate of a USB link", "link = \"serial:/dev/printer\"\nbaud = 9600",
     "link = \"usb:/dev/usb/lp0\"\nbaud = «9600»", "serial links only"},
    {"two devices on one USB node",
     "link = \"tcp:127.0.0.1:9101\"\n\n[[printer]]\nid = \"p2\"\nprofile = \"generic-58\"\nlink = "
     "\"serial:/dev/printer\"\nbaud = 9600",
     "link = \"usb:/dev/usb/lp0\"\n\n[[printer]]\nid = \"p2\"\nprofile = \"generic-58\"\nlink = "
     "«\"usb:/dev//usb/./lp0\"»",
     "\"p1\""},
    {"flow control of no known kind", "baud = 9600", "baud = 9600\nflow = «\"hardware\"»", "rts_cts"},
    {"flow control of a USB link", "link = \"serial:/dev/printer\"\nbaud = 9600",
     "link = \"usb:/dev/usb/lp0\"\nflow = «\"rts_cts\"»", "serial links only"},
    {"serial link without a path", "link = \"serial:/dev/printer\"", "link = «\"serial:printer\"»",
     "printer"},
    {"network link without a port", "link = \"tcp:10.0.0.5:5005\"", "link = «\"tcp:10.0.0.5\"»", ""},
    {"baud rate of a network link", "link = \"tcp:10.0.0.5:5005\"",
     "link = \"tcp:10.0.0.5:5005\"\nbaud = «9600»", "baud"},
    {"device on a link and a bus", "link = \"tcp:10.0.0.5:5005\"",
     "link = \"tcp:10.0.0.5:5005\"\nbus = «\"line-1\"»\naddress = 9", "b1"},
    {"device on no wire", "id = \"b1\"\nprotocol = \"onbon_k\"\nzone = \"A\"\nlink = \"tcp:10.0.0.5:5005\"\n",
     "id = «\"b1\"»\nprotocol = \"onbon_k\"\n", ""},
    {"board at a unit's address", "protocol = \"onbon_k\"\nzone = \"A\"\nlink = \"tcp:10.0.0.5:5005\"",
     "protocol = \"sign\"\nprofile = \"embedded-art\"\nbus = \"line-1\"\naddress = «2»", "\"u2\""},
    {"url of no web service", "\"http://127.0.0.1:18081/list\"", "«\"ftp://127.0.0.1/list\"»", ""},
    {"url with an impossible port", "\"http://127.0.0.1:18081/list\"", "«\"http://127.0.0.1:999999/list\"»",
     ""},
    {"url with port 0", "\"http://127.0.0.1:18081/list\"", "«\"http://127.0.0.1:0\"»", ""},
    {"url with an empty port", "\"http://127.0.0.1:18081/list\"", "«\"https://[::1]:/list\"»", ""},
    {"url without a host", "\"http://127.0.0.1:18081/list\"", "«\"http://?x=1\"»", ""},
    {"url with a password", "\"http://127.0.0.1:18081/list\"", "«\"http://user:pass@127.0.0.1:999999/list\"»",
     "token_file"},
    {"recorder's url with a password", "\"http://10.0.0.9/\"", "«\"http://admin:12345@10.0.0.9/\"»",
     "password"},
    {"recorder over https", "\"http://10.0.0.9/\"", "«\"https://10.0.0.9/\"»", "http://"},
    {"recorder with a path", "\"http://10.0.0.9/\"", "«\"http://10.0.0.9/ISAPI\"»", "path"},
    {"recorder that speaks what nobody knows", "\"isapi\"", "«\"vhs\"»", "protocol"},
    {"recorder with another one's key", "protocol = \"isapi\"", "protocol = \"isapi\"\nmovie_dir = «\".\"»",
     "motion"},
    {"recorder's user without a password", "protocol = \"isapi\"", "protocol = \"isapi\"\nuser = «\"lobby\"»",
     "password_file"},
    {"recorder's password that is not there", "protocol = \"isapi\"",
     "protocol = \"isapi\"\nuser = \"lobby\"\npassword_file = «\"nowhere\"»", "secret"},
    {"movies that are not there", "protocol = \"isapi\"", "protocol = \"motion\"\nmovie_dir = «\"nowhere\"»",
     "folder"},
    {"one camera with two names", "[[room]]",
     "[[recorder]]\nid = \"c2\"\nprotocol = \"isapi\"\nurl = «\"http://10.0.0.9/\"»\n\n[[room]]", "c1"},
    {"two cameras whose movies cannot be told apart", "[[room]]",
     "[[recorder]]\nid = \"c2\"\nprotocol = \"motion\"\nurl = \"http://10.0.0.8/\"\nmovie_dir = \"/\"\n"
     "movie_prefix = \"12\"\n\n[[recorder]]\nid = \"c3\"\nprotocol = \"motion\"\nurl = \"http://10.0.0.7/\"\n"
     "movie_dir = \"/\"\nmovie_prefix = «\"1\"»\n\n[[room]]",
     "c2"},
    {"room with a policy that nobody knows", "kind = \"evaluation\"",
     "kind = \"evaluation\"\npolicy = «\"hope\"»", "policy"},
    {"proofs that are always too old", "", "[witness]\nlost_after_s = «4»\n", "probe_s"},
    {"stale before it is asked again", "interval_s = 30", "interval_s = 30\nmax_age_s = «20»", ""},
    // no TOML at all
    {"value without a key's sign", "number = 2", "number «2»", "TOML"},
    {"text without an end", "hotline = \"12345\"", "hotline = \"12345«»", "TOML"},
    {"byte that is no UTF-8", "hotline = \"12345\"", "hotline = \"«\xff»12345\"", "0xFF"},
};

const std::string good_profile = R"(schema = 1
title = "Test"
columns = 48
cut = [0x1D, 0x56, 0x42, 0x00]
confirm = "none"
)";

}  // namespace

TEST_CASE("the site that the cases start from is good") {
  CHECK(refusal(good) == "accepted");
}

TEST_CASE("whatever is wrong is one sentence with the exact place") {
  CHECK(cases.size() >= 25);
  check_all(good, cases);
}

TEST_CASE("an error in a profile names the profile's file and line") {
  const Folder folder;
  const auto site = folder.path() / "sites" / "x.toml";
  folder.write("profiles/printers/generic-58.toml", good_profile);
  folder.write("profiles/units/lobby-window-unit.toml",
               "schema = 1\ntitle = \"T\"\nprotocol = \"window_unit\"\nmap_version = 1\n");
  const std::vector<Case> wrong = {
      {"range", "columns = 48", "columns = «480»", "columns"},
      {"unknown key", "columns = 48", "columns = 48\n«colums» = 48", ""},
      {"choice", "\"none\"", "«\"always\"»", ""},
      {"byte", "0x42", "«0x142»", "cut"},
      {"type", "cut = [0x1D, 0x56, 0x42, 0x00]", "cut = «\"1D 56\"»", "cut"},
      {"schema", "schema = 1", "schema = «7»", "schema 7"},
      {"syntax", "title = \"Test\"", "title = \"Test«»", "TOML"},
  };
  for (const auto& each : wrong) {
    CAPTURE(each.what);
    const auto marked = unmark(replaced(good_profile, each.from, each.to));
    const auto profile = folder.write("profiles/printers/generic-80.toml", marked.text);
    const auto sentence = refusal(good, site);
    CHECK_MESSAGE(sentence.starts_with(profile + ":" + std::to_string(marked.line) + ":" +
                                       std::to_string(marked.column) + ": "),
                  sentence);
    CHECK(sentence.find(each.word.empty() ? marked.word : each.word) != std::string::npos);
  }
}

TEST_CASE("an error in a mapping names the mapping's file") {
  const Folder folder;
  const auto mapping = folder.write("mappings/epoint.toml", "paging = 7 7\n");
  folder.write("profiles/printers/generic-80.toml", good_profile);
  folder.write("profiles/printers/generic-58.toml", good_profile);
  folder.write("profiles/units/lobby-window-unit.toml",
               "schema = 1\ntitle = \"T\"\nprotocol = \"window_unit\"\nmap_version = 1\n");
  const auto sentence = refusal(good, folder.path() / "sites" / "x.toml");
  CHECK_MESSAGE(sentence.starts_with(mapping + ":1:"), sentence);
}

TEST_CASE("a file that cannot be read is a sentence too") {
  const Folder folder;
  const auto read = [](const std::string& path) {
    try {
      static_cast<void>(lobby::app::read_site(path));
    } catch (const SiteError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const auto missing = (folder.path() / "none.toml").string();
  CHECK(read(missing).starts_with(missing + ":1:1: cannot be read"));
  CHECK(read(folder.path().string()).starts_with(folder.path().string() + ":1:1: cannot be read"));
  const auto huge = folder.write("huge.toml", "# " + std::string(2'000'000, 'x') + "\n");
  CHECK(read(huge).starts_with(huge + ":1:1: "));
  const auto deep = folder.write("deep.toml", "a = " + std::string(100'000, '['));
  CHECK(read(deep).find("TOML") != std::string::npos);
  const auto empty = folder.write("empty.toml", "");
  CHECK(read(empty).starts_with(empty + ":1:1: "));
}

TEST_CASE("a secret that others can read is refused") {
  const Folder folder;
  const auto secret = folder.write("secret", "abc");
  const auto text = replaced(good, "interval_s = 30", "interval_s = 30\ntoken_file = \"" + secret + "\"");
  std::filesystem::permissions(secret, std::filesystem::perms(0640));
  CHECK(refusal(text).find("chmod 600") != std::string::npos);
  std::filesystem::permissions(secret, std::filesystem::perms(0600));
  CHECK(refusal(text) == "accepted");
}

TEST_CASE("an empty secret is refused, and no secret is repeated") {
  const Folder folder;
  for (const std::string nothing : {"", " \n\n"}) {
    const auto secret = folder.write("secret", nothing);
    std::filesystem::permissions(secret, std::filesystem::perms(0600));
    const auto marked =
        unmark(replaced(good, "interval_s = 30", "interval_s = 30\ntoken_file = «\"" + secret + "\"»"));
    const auto sentence = refusal(marked.text);
    CHECK_MESSAGE(sentence.starts_with(name + ":" + std::to_string(marked.line) + ":" +
                                       std::to_string(marked.column) + ": "),
                  sentence);
    CHECK(sentence.find("is empty") != std::string::npos);
  }
  const auto sentence =
      refusal(replaced(good, "http://127.0.0.1:18081/list", "http://user:s3cret@127.0.0.1/list"));
  CHECK(sentence.find("token_file") != std::string::npos);
  CHECK(sentence.find("s3cret") == std::string::npos);
}

TEST_CASE("addresses of web services that are good") {
  for (const std::string url :
       {"http://10.0.0.9", "https://sp.example.cn:8443/a?b=c@d", "http://[::1]:80/x"}) {
    CHECK(refusal(replaced(good, "http://127.0.0.1:18081/list", url)) == "accepted");
  }
}

TEST_CASE("rows may be written on one line each") {
  const std::string text = R"(schema = 1
name = "大厅"
zone = [{id = "A", name = "一区"}]
service = [{id = "s", name = "业务", zone = "A", prefix = "", hours = "h"}]
window = [
  {id = "w1", number = 1, name = "一号", zone = "A", services = ["s"]},
  {id = "w2", number = «1», name = "二号", zone = "A", services = ["s"]},
]
[hours.h]
sun = ["00:00-24:00"]
)";
  const auto marked = unmark(text);
  CHECK(marked.line == 7);
  CHECK(refusal(marked.text).starts_with(name + ":7:" + std::to_string(marked.column) + ": "));
  const auto site = lobby::app::read_site_text(
      replaced(marked.text, "number = 1, name = \"二", "number = 2, name = \"二"), name);
  CHECK(site.hall.services[0].hours[6][0] == lobby::hall::Hours{0, 1440});
  CHECK(site.hall.services[0].prefix.empty());
}

TEST_CASE("how a printer is wired is read") {
  const std::string_view wire = "link = \"serial:/dev/printer\"\nbaud = 9600";
  const auto link_of = [&](const std::string& other) {
    return lobby::app::read_site_text(replaced(good, std::string(wire), other), name)
        .devices.printers[1]
        .link;
  };
  using lobby::link::Flow;
  CHECK(std::get<lobby::devices::SerialPort>(link_of(std::string(wire))).flow == Flow::none);
  const std::pair<std::string, Flow> flows[] = {{"none", Flow::none},
                                                {"xon_xoff", Flow::xon_xoff},
                                                {"rts_cts", Flow::rts_cts},
                                                {"dtr_dsr", Flow::dtr_dsr}};
  for (const auto& [word, flow] : flows) {
    const auto port = std::get<lobby::devices::SerialPort>(
        link_of("link = \"serial:/dev/printer\"\nbaud = 115200\nflow = \"" + word + "\""));
    CHECK(port.flow == flow);
    CHECK(port.baud == 115200);
  }
  CHECK(std::get<lobby::devices::UsbNode>(link_of("link = \"usb:/dev/usb/../usb/printer-1\"")).path ==
        "/dev/usb/printer-1");
}

TEST_CASE("services that share a prefix and a whole range share the sequence") {
  CHECK(refusal(replaced(good, "first = 200\nlast = 299", "first = 1\nlast = 199")) == "accepted");
  CHECK(refusal(replaced(good, "prefix = \"A\"\nfirst = 200", "prefix = \"B\"\nfirst = 1")) == "accepted");
}

TEST_CASE("a profile folder elsewhere is named by config_dir") {
  const Folder folder;
  const auto text = replaced(good, "schema = 1", "schema = 1\nconfig_dir = \"" LOBBY_SOURCE_DIR "/config\"");
  CHECK(refusal(text, folder.path() / "x.toml") == "accepted");
}
