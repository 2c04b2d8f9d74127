#include "daemon/feed/page_walk.hpp"

#include <utility>

namespace lobby::feed {

void add(Counts& sum, const Counts& counts) {
  sum.skipped += counts.skipped;
  sum.unknown_status += counts.unknown_status;
  sum.bad_values += counts.bad_values;
  sum.outside_area += counts.outside_area;
  sum.repeated += counts.repeated;
}

void add(Findings& sum, const Findings& findings) {
  constexpr std::size_t most_words = 100;
  const auto join = [](auto& to, const auto& from) {
    for (const auto& [word, count] : from) {
      if (to.size() < most_words || to.contains(word)) {
        to[word] += count;
      }
    }
  };
  join(sum.bad, findings.bad);
  join(sum.unknown, findings.unknown);
  join(sum.skipped, findings.skipped);
}

PageWalk::PageWalk(const Resource& resource, std::string cursor, Collected& collected)
    : resource_(resource),
      collected_(collected),
      ask_{resource.paging.by_page ? resource.paging.base : 0, std::move(cursor)},
      from_start_(ask_.cursor.empty()) {}

/// How many ids were not known before.
std::size_t PageWalk::keep(Answer& answer) {
  const bool newest = resource_.answer.cursor.has_value();
  std::size_t fresh = 0;
  const auto note = [this, &fresh](Collected::Told told) {
    fresh += told == Collected::Told::first ? 1 : 0;
    counts_.repeated += told == Collected::Told::again ? 1 : 0;
    room_ = room_ && told != Collected::Told::no_room;
  };
  for (Row& row : answer.rows) {
    note(collected_.row(std::move(row), newest));
  }
  for (const std::string& id : answer.removed) {
    note(collected_.removed(id, newest));
  }
  for (const std::string& id : answer.outside) {
    // What moved out of the area since the cursor may be held as inside it.
    note(newest && !from_start_ ? collected_.removed(id, newest) : collected_.outside(id, newest));
  }
  return fresh;
}

std::string PageWalk::follow_cursor(const Answer& answer) {
  const bool stays = answer.cursor.empty() || answer.cursor == ask_.cursor;
  if (answer.has_more && stays) {
    return "the upstream says that it has more, but not from where on";
  }
  if (!answer.cursor.empty() && room_) {
    ask_.cursor = answer.cursor;
  }
  over_ = !answer.has_more;
  return {};
}

/// After a page of the walk by pages.
void PageWalk::look_again(std::size_t fresh) {
  const bool lacks = total_ && known_ < *total_;
  if (again_) {
    over_ = fresh == 0 || !lacks;
  } else if (over_ && moved_ && lacks) {
    again_ = true;
    over_ = false;
    ask_.page = resource_.paging.base;
  }
}

void PageWalk::turn_page(std::size_t fresh, const Answer& answer) {
  const bool shrunk = total_ && answer.total && *answer.total < *total_;
  total_ = answer.total;
  if (resume_at_) {
    ask_.page = *std::exchange(resume_at_, std::nullopt);
    over_ = total_ && places_ >= *total_;
  } else if (shrunk && ask_.page > resource_.paging.base) {
    places_ += answer.items;
    resume_at_ = ask_.page + 1;
    --ask_.page;
  } else {
    places_ += answer.items;
    over_ = fresh == 0 || (total_ && places_ >= *total_);
    ++ask_.page;
  }
}

/// The bounds of a walk.
void PageWalk::end_early() {
  if (!room_) {
    over_ = true;
    missing_ = "there are more than " + std::to_string(Collected::most) + " rows";
  } else if (!over_ && asked_ >= resource_.paging.max_pages) {
    over_ = true;
    missing_ = "there are more than max_pages = " + std::to_string(asked_) + " pages";
  } else if (over_ && total_ && known_ + twice_ < *total_) {
    missing_ =
        "the list ends before the total that it states (where that is always too high, the mapping must not "
        "have answer.total)";
  }
}

std::string PageWalk::take(Answer answer) {
  if (!resume_at_) {
    add(counts_, answer.counts);
    add(findings_, answer.findings);
  }
  const std::uint64_t twice_before = counts_.repeated;
  const std::size_t fresh = keep(answer);
  known_ += fresh + (resume_at_ ? 0 : answer.counts.skipped);
  // Beside rows that are new, what came twice was pushed down or stands in the list twice: then the list is
  // as long as it says although fewer are known. A page without new rows is the last one, shown once more.
  twice_ += !resume_at_ && !again_ && fresh > 0 ? counts_.repeated - twice_before : 0;
  moved_ = moved_ || (!resume_at_ && fresh > 0 && counts_.repeated != twice_before);
  ++asked_;
  if (resource_.answer.cursor) {
    if (std::string fault = follow_cursor(answer); !fault.empty()) {
      return fault;
    }
  } else if (resource_.paging.by_page) {
    turn_page(fresh, answer);
    look_again(fresh);
  } else {
    over_ = true;
  }
  end_early();
  return {};
}

}  // namespace lobby::feed
