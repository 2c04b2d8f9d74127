#pragma once

#include <cstdint>
#include <string>

#include "daemon/feed/rows.hpp"
#include "daemon/feed/settings.hpp"
#include "daemon/hall/time.hpp"

/// What the rows of a site's answers are read with.
namespace lobby::feed {

/// The site's moment, in the time zone of the mapping.
hall::Instant local_instant(const Mapping& mapping, std::int64_t utc_ms);

/// Secrets that rows are named by. Must outlive the scopes made of it.
class Keys {
 public:
  /// `token`: the content of the token file, empty: none. Applicants are known by another name every year.
  Keys(const Settings& settings, std::string token, int year);
  Scope scope() const;

 private:
  std::string area_, id_key_, applicant_key_;
};

}  // namespace lobby::feed
