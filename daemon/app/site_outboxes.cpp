#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

#include "daemon/app/site_reader.hpp"
#include "daemon/app/site_way.hpp"
#include "daemon/feed/mapping.hpp"

namespace lobby::app {
namespace {

/// The number that a text is, wholly.
std::optional<int> number_of(const std::string& text) {
  int number = 0;
  const auto* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && last == end ? std::optional(number) : std::nullopt;
}

/// The target's codes count up or down with the grades; anything else is a slip of the hand.
void check_direction(const TomlFile& file, const toml::table& table,
                     const std::array<std::string, 5>& grades) {
  std::vector<int> numbers;
  for (const auto& grade : grades) {
    if (const auto number = number_of(grade)) {
      numbers.push_back(*number);
    }
  }
  if (numbers.size() == grades.size() && !std::is_sorted(numbers.begin(), numbers.end()) &&
      !std::is_sorted(numbers.rbegin(), numbers.rend())) {
    file.fail(table,
              fmt::format("the grades {} neither rise nor fall from very_good to very_poor: put them in the "
                          "target's order",
                          fmt::join(grades, ", ")));
  }
}

std::array<std::string, 5> grades_of(const TomlFile& file, const toml::table& row) {
  const auto* table = row["grades"].as_table();
  if (table == nullptr) {
    file.fail(
        at(row, "what"),
        "ratings need [outbox.grades], because systems count in both directions (\"5\" for very_good "
        "down to \"1\" for very_poor in some, \"0\" for very_good up to \"5\" for very_poor in others): "
        "write the target's own five codes there");
  }
  std::array<std::string, 5> grades;
  for (std::size_t i = 0; i < grades.size(); ++i) {
    grades[i] = get_text(*table, hall::to_text(static_cast<hall::Score>(i)));
  }
  check_direction(file, *table, grades);
  return grades;
}

/// The mapping whose login gives the token.
std::string login_mapping(const SiteReader& reader, const toml::table& row) {
  const auto& where = at(row, "login");
  if (get_text(row, "auth") != "bearer") {
    reader.file.fail(where, "a login gives the token of auth = \"bearer\": write that, or take it out");
  }
  auto path = find_named_file(reader, where, "mappings", get_text(row, "login"));
  try {
    if (feed::read_mapping(path).auth.kind != feed::Auth::Kind::bearer) {
      reader.file.fail(where,
                       fmt::format("the mapping {} has no [auth.login]: name one that logs in, or take "
                                   "\"login\" out where the token in the file is the token itself",
                                   in_quotes(get_text(row, "login"))));
    }
  } catch (const SiteError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw SiteError(error.what());
  }
  return path;
}

/// Whoever proves who he is has something to do it with, and says how.
void read_proof(const SiteReader& reader, const toml::table& row, devices::OutboxConfig& target) {
  const auto& file = reader.file;
  target.auth = get_text(row, "auth", target.auth);
  target.auth_header = get_text(row, "auth_header", target.auth_header);
  target.app_id = get_text(row, "app_id");
  const bool proves = target.auth != "none";
  if (proves && !has(row, "token_file")) {
    file.fail(at(row, "auth"), fmt::format("auth {} needs a secret: put it into a file, mode 0600, and name "
                                           "it by \"token_file\"",
                                           in_quotes(target.auth)));
  }
  if (!proves && has(row, "token_file")) {
    file.fail(at(row, "token_file"),
              "nobody is shown this secret: say by \"auth\" how it is used, or take "
              "it out");
  }
  if (has(row, "auth_header") && target.auth != "header") {
    file.fail(at(row, "auth_header"), "a header is named, but auth is not \"header\": take one of them out");
  }
  if (has(row, "login")) {
    target.login_mapping = login_mapping(reader, row);
  }
  if (proves) {
    target.token_file = resolve(reader, get_text(row, "token_file")).string();
    require_secret(file, at(row, "token_file"), target.token_file);
  }
}

void read_outbox(SiteReader& reader, const toml::table& row) {
  OutboxSite outbox;
  outbox.target.id.value = reader.devices.take(reader.file, row);
  outbox.target.driver = get_text(row, "what");
  outbox.target.url = get_text(row, "url");
  check_url(reader.file, at(row, "url"), "write the secret into a file and name it by \"token_file\"");
  read_proof(reader, row, outbox.target);
  read_way(reader, row, outbox.target);
  outbox.target.allow_insecure = get_boolean(row, "allow_insecure", outbox.target.allow_insecure);
  outbox.target.interval_s = get_u32(row, "interval_s", outbox.target.interval_s);
  outbox.node = get_text(row, "node");
  if (get_text(row, "what") == "ratings") {
    outbox.what = OutboxSite::What::ratings;
    outbox.grades = grades_of(reader.file, row);
  } else if (has(row, "grades")) {
    reader.file.fail(at(row, "grades"), "grades are for what = \"ratings\": take [outbox.grades] out");
  }
  reader.site.outboxes.push_back(std::move(outbox));
}

void read_export(SiteReader& reader, const toml::table& table) {
  ExportSite out;
  out.dir = resolve(reader, get_text(table, "dir")).string();
  out.interval_s = get_u32(table, "interval_s", out.interval_s);
  std::error_code ec;
  if (!std::filesystem::is_directory(out.dir, ec)) {
    reader.file.fail(at(table, "dir"), fmt::format("there is no folder {}: make it, and let the daemon write "
                                                   "there",
                                                   in_quotes(out.dir)));
  }
  reader.site.exported = std::move(out);
}

}  // namespace

void require_secret(const TomlFile& file, const toml::node& where, const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    file.fail(where, fmt::format("there is no file {}: put the secret there, mode 0600", in_quotes(path)));
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    file.fail(where, fmt::format("others can read {}: run chmod 600 on it", in_quotes(path)));
  }
  // What only the daemon's own user may read is not for us to judge.
  std::string secret;
  if (std::ifstream in(path); in.is_open() && !(in >> secret)) {
    file.fail(where, fmt::format("the file {} is empty: put the secret into it", in_quotes(path)));
  }
}

void read_outboxes(SiteReader& reader) {
  const auto& root = reader.file.root();
  for (const auto* row : get_rows(root, "outbox")) {
    read_outbox(reader, *row);
  }
  if (const auto* table = root["export"].as_table()) {
    read_export(reader, *table);
  }
}

}  // namespace lobby::app
