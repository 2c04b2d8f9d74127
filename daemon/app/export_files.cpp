#include "daemon/app/export_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "daemon/api/secrets.hpp"
#include "daemon/app/export_html.hpp"
#include "daemon/app/export_pages.hpp"

namespace lobby::app {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_file = 32U * 1024 * 1024;
constexpr std::int64_t refresh_ms = 5LL * 60 * 1000;

/// What says how fresh the rest is: it changes without the rest.
constexpr const char* freshness[] = {"as_of", "stale", "freshness", "valid_for_s"};

std::optional<json::object> object_of(const std::string& text) {
  json::error_code error;
  auto value = json::parse(text, error);
  return error || !value.is_object() ? std::nullopt : std::optional(std::move(value.get_object()));
}

std::string version_of(json::object data) {
  for (const auto* key : freshness) {
    data.erase(key);
  }
  constexpr std::size_t bytes = 8;
  return api::to_hex(api::sha256(json::serialize(data)).substr(0, bytes));
}

bool flag_at(const json::object& data, std::string_view key) {
  const auto* value = data.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// Is `later` worth a new file although nothing else has changed?
bool moves(const std::string& earlier, const std::string& later) {
  const auto from = hall::parse_instant(earlier);
  const auto to = hall::parse_instant(later);
  return from && to ? to->utc_ms - from->utc_ms >= refresh_ms : earlier != later;
}

/// What stands in a file; nothing of one that is no file, cannot be read, or is longer than any of ours.
std::optional<std::string> text_of(const std::string& path) {
  std::error_code error;
  const auto size =
      std::filesystem::is_regular_file(path, error) ? std::filesystem::file_size(path, error) : 0;
  std::ifstream in(path, std::ios::binary);
  if (error || size == 0 || size > longest_file || !in.is_open()) {
    return std::nullopt;
  }
  std::string text(size, '\0');
  in.read(text.data(), static_cast<std::streamsize>(size));
  return in.good() ? std::optional(std::move(text)) : std::nullopt;
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool is_open() const { return fd_ >= 0; }
  bool sync() const { return ::fsync(fd_) == 0; }
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t size = ::write(fd_, text.data(), text.size());
      if (size < 0 && errno != EINTR) {
        return false;
      }
      text.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    return true;
  }

 private:
  int fd_;
};

}  // namespace

struct ExportFiles::Kind {
  std::string_view name, title;
  std::string PublicTexts::*text;
  std::string (*body)(const json::object&);
};

const std::array<ExportFiles::Kind, 3> ExportFiles::kinds{
    {{"approvals", "办件公示", &PublicTexts::approvals, approvals_body},
     {"bids", "公共资源交易", &PublicTexts::bids, bids_body},
     {"catalogue", "办事指南", &PublicTexts::catalogue, catalogue_body}}};

std::string replace_file(const std::string& path, const std::string& text) {
  const std::filesystem::path place(path);
  const auto beside = (place.parent_path() / ("." + place.filename().string() + ".new")).string();
  const auto fail = [&beside, &path] {
    auto sentence = fmt::format("{}: {}", path, std::strerror(errno));
    ::unlink(beside.c_str());
    return sentence;
  };
  {
    constexpr mode_t everybody_reads = 0644;
    const File file(
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, everybody_reads));
    if (!file.is_open() || !file.write(text) || !file.sync()) {
      return fail();
    }
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    return fail();
  }
  const File folder(::open(place.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder.is_open() && folder.sync() ? std::string() : fail();
}

ExportFiles::ExportFiles(std::string directory) : directory_(std::move(directory)) {}

std::string ExportFiles::publish(const PublicTexts& texts, hall::Instant now) {
  std::string fault;
  const auto note = [&fault](std::string one) { fault = fault.empty() ? std::move(one) : fault; };
  for (const auto& kind : kinds) {
    note(publish(kind, texts, now));
  }
  html::Frame front{texts.hall, "首页", "index.html", "", "", "", false};
  std::string list = "<ul>\n";
  for (const auto& kind : kinds) {
    list += fmt::format("<li><a href=\"{0}.html\">{1}</a></li>\n", kind.name, kind.title);
  }
  note(write("index.html", html::page(front, list + "</ul>\n")));
  return fault;
}

std::string ExportFiles::publish(const Kind& kind, const PublicTexts& texts, hall::Instant now) {
  const auto& text = texts.*kind.text;
  auto data = object_of(text.empty() ? "{}" : text);
  if (!data) {
    return fmt::format("{}: what is to be published is no JSON object", kind.name);
  }
  Kept& kept = kept_of(kind);
  const auto as_of = html::text_at(*data, "as_of");
  const bool stale = flag_at(*data, "stale");
  if (auto version = version_of(*data); version != kept.version) {
    kept = {std::move(version), hall::to_text(now), as_of, stale};
  } else if (stale != kept.stale || moves(kept.as_of, as_of)) {
    kept.as_of = as_of;
    kept.stale = stale;
  }
  if (!as_of.empty()) {
    (*data)["as_of"] = kept.as_of;
  }
  json::object file{{"data_version", kept.version}, {"published_at", kept.published_at}};
  for (const auto& [key, value] : *data) {
    if (key != "data_version") {
      file[key] = value;
    }
  }
  html::Frame frame{texts.hall, kind.title, {}, kept.version, {}, {}, kept.stale};
  const auto page_name = std::string(kind.name) + ".html";
  frame.file = page_name;
  frame.published_at = html::when_at(file, "published_at");
  frame.as_of = html::when_at(file, "as_of");
  const auto fault = write(std::string(kind.name) + ".json", json::serialize(file) + "\n");
  return fault.empty() ? write(page_name, html::page(frame, kind.body(file))) : fault;
}

/// What was published before the daemon was started goes on.
ExportFiles::Kept& ExportFiles::kept_of(const Kind& kind) {
  const auto [place, is_new] = kept_.try_emplace(std::string(kind.name));
  if (is_new) {
    const auto text = text_of(fmt::format("{}/{}.json", directory_, kind.name));
    if (const auto file = text ? object_of(*text) : std::nullopt) {
      place->second = {html::text_at(*file, "data_version"), html::text_at(*file, "published_at"),
                       html::text_at(*file, "as_of"), flag_at(*file, "stale")};
    }
  }
  return place->second;
}

std::string ExportFiles::write(const std::string& name, const std::string& text) {
  const auto path = directory_ + "/" + name;
  const auto hash = api::sha256(text);
  auto& known = written_[name];
  std::error_code none;
  if (known.empty() || !std::filesystem::is_regular_file(path, none)) {
    known = api::sha256(text_of(path).value_or(""));
  }
  if (known == hash) {
    return {};
  }
  auto fault = replace_file(path, text);
  known = fault.empty() ? hash : std::string();
  return fault;
}

}  // namespace lobby::app
