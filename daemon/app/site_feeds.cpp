#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "daemon/app/site_reader.hpp"
#include "daemon/app/site_way.hpp"
#include "daemon/feed/mapping.hpp"

namespace lobby::app {
namespace {

/// Its reader lives with lobby-feed, which will read the file again.
std::vector<hall::What> resources_of(const std::string& path) {
  try {
    std::vector<hall::What> out;
    for (const auto& resource : feed::read_mapping(path).resources) {
      out.push_back(resource.what);
    }
    return out;
  } catch (const std::runtime_error& error) {
    throw SiteError(error.what());
  }
}

/// What the source has and the site wants, in the order of the words.
std::vector<hall::What> wanted(SiteReader& reader, const toml::table& row,
                               const std::vector<hall::What>& offered) {
  if (!has(row, "take")) {
    return offered;
  }
  std::vector<hall::What> out;
  for (const std::string& word : texts_once(reader.file, row, "take")) {
    const auto what = hall::what_of(word);
    if (!what || std::find(offered.begin(), offered.end(), *what) == offered.end()) {
      reader.file.fail(at(row, "take"),
                       fmt::format("the mapping {} has no {}: take it out, or add its table to the mapping",
                                   in_quotes(get_text(row, "mapping")), word));
    }
    out.push_back(*what);
  }
  if (out.empty()) {
    reader.file.fail(at(row, "take"), "a feed that takes nothing is no feed: name what is taken");
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Where the answers come from: an address, or a folder that another program fills.
void read_transport(SiteReader& reader, const toml::table& row, devices::FeedConfig& feed) {
  if (has(row, "url") == has(row, "drop_dir")) {
    reader.file.fail(has(row, "url") ? at(row, "drop_dir") : static_cast<const toml::node&>(row),
                     "a feed has either \"url\" or \"drop_dir\": write one of the two");
  }
  if (has(row, "drop_dir")) {
    const auto folder = resolve(reader, get_text(row, "drop_dir"));
    if (std::error_code ignored; !std::filesystem::is_directory(folder, ignored)) {
      reader.file.fail(at(row, "drop_dir"),
                       fmt::format("there is no folder {}: make it, and let the daemon's "
                                   "user write there",
                                   in_quotes(folder.string())));
    }
    feed.drop_dir = folder.string();
    return;
  }
  feed.url = get_text(row, "url");
  check_url(reader.file, at(row, "url"), "write the token into a file and name it by \"token_file\"");
}

void check_times(const SiteReader& reader, const toml::table& row, const devices::FeedConfig& feed) {
  if (feed.max_age_s < feed.interval_s) {
    reader.file.fail(
        at(row, has(row, "max_age_s") ? "max_age_s" : "interval_s"),
        fmt::format("what is {} s old is stale, but the feed asks only every {} s: make \"max_age_s\" "
                    "longer than \"interval_s\"",
                    feed.max_age_s, feed.interval_s));
  }
  if (feed.expire_after_s < feed.max_age_s) {
    reader.file.fail(
        at(row, has(row, "expire_after_s") ? "expire_after_s" : "max_age_s"),
        fmt::format("what is {} s old is not shown any more, but is labelled only after {} s: make "
                    "\"expire_after_s\" longer than \"max_age_s\"",
                    feed.expire_after_s, feed.max_age_s));
  }
}

}  // namespace

void read_feed(SiteReader& reader, const toml::table& row) {
  devices::FeedConfig feed;
  feed.id.value = reader.devices.take(reader.file, row);
  feed.driver = get_text(row, "mapping");
  feed.mapping_file = find_named_file(reader, at(row, "mapping"), "mappings", feed.driver);
  feed.resources = wanted(reader, row, resources_of(feed.mapping_file));
  read_transport(reader, row, feed);
  feed.token_file = secret_file(reader, row, "token_file");
  read_way(reader, row, feed);
  feed.app_id = get_text(row, "app_id");
  feed.allow_insecure = get_boolean(row, "allow_insecure", false);
  feed.area_code = get_text(row, "area_code");
  feed.interval_s = get_u32(row, "interval_s", feed.interval_s);
  feed.max_age_s = get_u32(row, "max_age_s", feed.max_age_s);
  feed.expire_after_s = get_u32(row, "expire_after_s", std::max(feed.expire_after_s, feed.max_age_s));
  feed.memory_mb = get_u32(row, "memory_mb", feed.memory_mb);
  feed.total_s = get_u32(row, "total_s", feed.total_s);
  check_times(reader, row, feed);
  reader.site.devices.feeds.push_back(std::move(feed));
}

}  // namespace lobby::app
