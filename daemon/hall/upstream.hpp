#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/site.hpp"

/// What a superior system says of the catalogue: it goes before the site's own words where it says something
/// (names and limits come from the superior catalogue).
namespace lobby::hall {

struct UpstreamMatter {
  std::string code, name, short_name, dept_name, kind, service_type;
  std::string promised_limit, statutory_limit;  ///< as people read them: 5个工作日
  std::string fee, guide_url, phone;
};
/// How many have booked a slot there, whoever they are.
struct SlotLoad {
  std::string date, start, end, service;
  std::uint32_t booked = 0;
};
struct UpstreamCatalogue {
  std::vector<UpstreamMatter> matters;  ///< those that are enabled, by code
  std::vector<Badge> staff;
  std::vector<SlotLoad> slots;  ///< of today and later
  Age age;                      ///< of the oldest of these
};

/// The site's catalogue with what the upstream says of its matters, by code, and with badges that the site
/// does not have.
Catalogue completed(Catalogue site, const UpstreamCatalogue& upstream);

/// A limit of limits.hpp for people: `5 workday` as 5个工作日, `immediate` as 即办; empty for none.
std::string limit_wording(std::string_view limit);

}  // namespace lobby::hall
