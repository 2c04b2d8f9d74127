#include "daemon/feed/page_walk.hpp"

#include <utility>

namespace lobby::feed {
namespace {

void add(Counts& sum, const Counts& counts) {
  sum.skipped += counts.skipped;
  sum.unknown_status += counts.unknown_status;
  sum.bad_values += counts.bad_values;
  sum.outside_area += counts.outside_area;
}

}  // namespace

std::size_t PageWalk::keep_new(Answer& answer) {
  std::size_t fresh = 0;
  for (hall::CaseRow& row : answer.rows) {
    if (!seen_.insert(row.id).second) {
      ++pulled_.counts.repeated;
    } else if (pulled_.rows.size() >= most_rows) {
      pulled_.full = false;
    } else {
      ++fresh;
      pulled_.rows.push_back(std::move(row));
    }
  }
  for (std::string& id : answer.removed) {
    if (seen_.insert(id).second) {
      ++fresh;
      pulled_.removed.push_back(std::move(id));
    }
  }
  for (std::string& id : answer.outside) {
    fresh += seen_.insert(std::move(id)).second ? 1 : 0;
  }
  return fresh;
}

void PageWalk::go_on(std::size_t fresh, const Answer& answer) {
  const bool shrunk = total_ && answer.total && *answer.total < *total_;
  total_ = answer.total;
  if (resume_at_) {
    page_ = *std::exchange(resume_at_, std::nullopt);
    over_ = total_ && places_ >= *total_;
  } else if (shrunk && page_ > paging_.base) {
    places_ += answer.items;
    resume_at_ = page_ + 1;
    --page_;
  } else {
    places_ += answer.items;
    over_ = fresh == 0 || (total_ && places_ >= *total_);
    ++page_;
  }
}

void PageWalk::take(Answer answer) {
  if (!resume_at_) {
    add(pulled_.counts, answer.counts);
  }
  pulled_.full = pulled_.full && !answer.partial;
  pulled_.cursor = answer.cursor;
  const std::size_t fresh = keep_new(answer);
  ++asked_;
  if (!paging_.by_page) {
    over_ = true;
    return;
  }
  go_on(fresh, answer);
  if (!over_ && (asked_ >= paging_.max_pages || !pulled_.full)) {
    over_ = true;
    pulled_.full = false;
  }
}

}  // namespace lobby::feed
