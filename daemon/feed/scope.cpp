#include "daemon/feed/scope.hpp"

#include <utility>

namespace lobby::feed {

hall::Instant local_instant(const Mapping& mapping, std::int64_t utc_ms) {
  const auto zone = hall::parse_instant("2000-01-01T00:00:00" + mapping.utc_offset);
  return {utc_ms, zone ? zone->offset_min : 0};
}

Keys::Keys(const Settings& settings, std::string token, int year)
    : area_(settings.area_code), id_key_(std::move(token)) {
  if (!settings.applicant_key.empty()) {
    applicant_key_ = settings.applicant_key + std::to_string(year);
  }
  if (id_key_.empty()) {
    id_key_ = settings.applicant_key;
  }
}

Scope Keys::scope() const {
  return {area_, id_key_, applicant_key_};
}

}  // namespace lobby::feed
