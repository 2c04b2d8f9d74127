#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "daemon/hall/time.hpp"

namespace lobby::app {

/// What may be shown to everybody, as the API answers it to a screen: JSON objects. Empty: there is none, and
/// the page says so.
struct PublicTexts {
  std::string hall;       ///< the name of the hall
  std::string approvals;  ///< GET /approvals, the first 200
  std::string bids;       ///< GET /bids
  std::string catalogue;  ///< GET /catalogue
};

/// Writes the public pages into a folder: `approvals`, `bids` and `catalogue`, each as .json and .html, and
/// index.html. A file is written beside its place, synced and renamed, so that whoever reads it, and whatever
/// a power cut leaves, is the old one or the new one. What has not changed is not written.
///
/// The JSON is the API's with `data_version`, which moves with what it says, `published_at`, the moment when
/// that version was first written, and `as_of`. That everything is still so (a newer `as_of`) is written
/// every five minutes.
class ExportFiles {
 public:
  explicit ExportFiles(std::string directory);

  /// Empty, or what went wrong, one sentence; what could be written was. Blocks.
  std::string publish(const PublicTexts& texts, hall::Instant now);

 private:
  struct Kept {
    std::string version;
    std::string published_at;
    std::string as_of;  ///< RFC 3339; empty: none
    bool stale = false;
  };
  struct Kind;
  static const std::array<Kind, 3> kinds;

  std::string publish(const Kind& kind, const PublicTexts& texts, hall::Instant now);
  Kept& kept_of(const Kind& kind);
  std::string write(const std::string& name, const std::string& text);

  std::string directory_;
  std::map<std::string, Kept> kept_;
  std::map<std::string, std::string> written_;  ///< file → hash of what stands in it
};

/// Replaces a file as a whole. Empty, or what went wrong; then the old file is still there.
std::string replace_file(const std::string& path, const std::string& text);

}  // namespace lobby::app
