#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lobby::sim {

/// A matter of the province's catalogue.
struct ApprovalMatter {
  std::string_view code, name, short_name;
  std::string_view dept_code, dept_name;
  std::string_view kind;
  std::string_view promised, statutory;  ///< limits in the canonical words
  bool for_organisations;
};

std::span<const ApprovalMatter> approval_matters();

}  // namespace lobby::sim
