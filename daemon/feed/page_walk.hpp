#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/feed/collected.hpp"
#include "daemon/feed/rows.hpp"

namespace lobby::feed {

void add(Counts& sum, const Counts& counts);
/// Keeps the first words of a long list only.
void add(Findings& sum, const Findings& findings);

/// The next request of a walk.
struct Ask {
  std::uint32_t page = 0;
  std::string cursor;
};

/// Which requests make one whole answer, and what becomes of their rows.
///
/// By page, of an upstream that has no cursor and lists the newest first: rows move between pages while they
/// are read. New rows push others to a later page (they come twice, the first one counts), vanished rows pull
/// others to an earlier page (the page before is read once more when the total has shrunk). Ends on a page
/// without new rows or when as many places of the list were read as the upstream says it has. A row that
/// somebody works on meanwhile goes from a page that is not read yet to the head, which is: when rows came
/// twice and fewer are known than there are, the walk begins again, and goes on while it finds new ones. A
/// list that ends before the total that it states is not whole; one that has an id twice is.
///
/// By cursor, of an upstream that lists in the order in which rows moved: what comes twice has moved
/// meanwhile, the last one counts. Goes on while the upstream says that it has more. The cursor never passes
/// a page of which a row was not kept.
class PageWalk {
 public:
  /// `cursor`: where the last kept answer ended; empty: from the start.
  PageWalk(const Resource& resource, std::string cursor, Collected& collected);

  /// What to ask for next; nullopt when the walk is over.
  std::optional<Ask> next() const { return over_ ? std::nullopt : std::optional(ask_); }
  /// The answer to what next() named. A sentence when it cannot be gone on, else empty.
  std::string take(Answer answer);

  /// What was collected is all that the upstream has.
  bool full() const { return from_start_ && missing_.empty(); }
  /// Of a walk that is over: why there is more to be read, the same words as long as it is so; empty: there
  /// is not.
  const std::string& missing() const { return missing_; }
  const std::string& cursor() const { return ask_.cursor; }  ///< for the next pull, once the rows are kept
  const Counts& counts() const { return counts_; }
  const Findings& findings() const { return findings_; }
  std::uint32_t asked() const { return asked_; }

 private:
  std::size_t keep(Answer& answer);
  std::string follow_cursor(const Answer& answer);
  void turn_page(std::size_t fresh, const Answer& answer);
  void look_again(std::size_t fresh);
  void end_early();

  const Resource& resource_;
  Collected& collected_;
  Ask ask_;
  bool from_start_;
  std::string missing_;
  bool room_ = true;
  bool over_ = false;
  std::uint32_t asked_ = 0;
  std::optional<std::uint32_t> resume_at_;  ///< while a page is read once more: where the walk goes on
  std::optional<std::uint64_t> total_;
  std::uint64_t places_ = 0;  ///< rows of all pages but those read once more, repeated ones too
  std::uint64_t known_ = 0;   ///< different ones, with those that could not be read
  std::uint64_t twice_ = 0;   ///< came again on a page that had new ones too
  bool moved_ = false;        ///< some came twice
  bool again_ = false;        ///< from the head once more
  Counts counts_;
  Findings findings_;
};

}  // namespace lobby::feed
