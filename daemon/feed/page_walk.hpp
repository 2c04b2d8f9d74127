#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/feed/rows.hpp"

namespace lobby::feed {

/// What one pull brought, over all pages.
struct Pulled {
  bool full = true;  ///< false: the pages did not end within their limit, or hold only what moved
  std::vector<hall::CaseRow> rows;
  std::vector<std::string> removed;
  Counts counts;
  std::string cursor;  ///< for the next pull, once these rows are kept
};

/// Walks the pages of an upstream that has no cursor and lists the newest first, so rows move between pages
/// while they are read: new rows push others to a later page (they come twice, the first one counts),
/// vanished rows pull others to an earlier page (the page before is read once more when the total has
/// shrunk). Ends on a page without new rows or when as many places of the list were read as the upstream says
/// it has.
class PageWalk {
 public:
  static constexpr std::size_t most_rows = 20'000;

  explicit PageWalk(const Paging& paging) : paging_(paging), page_(paging.base) {}

  /// The page to ask for next; nullopt when the walk is over.
  std::optional<std::uint32_t> next() const { return over_ ? std::nullopt : std::optional(page_); }
  /// The answer for the page that next() named.
  void take(Answer answer);
  Pulled result() && { return std::move(pulled_); }

 private:
  std::size_t keep_new(Answer& answer);
  void go_on(std::size_t fresh, const Answer& answer);

  Paging paging_;
  std::uint32_t page_;
  std::uint32_t asked_ = 0;
  bool over_ = false;
  std::optional<std::uint32_t> resume_at_;  ///< while a page is read once more: where the walk goes on
  std::optional<std::uint64_t> total_;
  std::uint64_t places_ = 0;  ///< rows of all pages but those read once more, repeated ones too
  std::set<std::string> seen_;
  Pulled pulled_;
};

}  // namespace lobby::feed
