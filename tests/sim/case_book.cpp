#include "tests/sim/case_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "tests/sim/case_book_words.hpp"

namespace lobby::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr int first_case_number = 1000;

/// What else such a list holds, by place in the first cases; the oldest is 0.
constexpr std::pair<std::size_t, std::string_view> oddities[] = {
    {3, "reviewing"}, {5, "suspended"},  {7, "void"},      {9, "correcting"},
    {11, "extended"}, {13, "forwarded"}, {15, "returned"}, {17, "not_accepted"},
    {19, "deemed"},   {21, "withdrawn"}, {23, "rejected"}, {25, "pre_rejected"}};
constexpr std::size_t undated_case = 31;

std::int64_t seconds_of(CaseBook::Wall at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace

CaseBook::CaseBook(Wall today, std::string area, std::uint64_t seed, std::string series)
    : today_(today),
      area_(std::move(area)),
      series_(std::move(series)),
      seed_(seed),
      dice_(seed),
      now_(today) {
  first_cases();
}

void CaseBook::first_cases() {
  constexpr std::size_t count = 48;
  for (std::size_t i = count; i-- > 0;) {
    Slot slot = make_slot(day_of(today_) - days(static_cast<int>(i / 2)));
    slot.status = case_word_number(case_way[std::min(case_way.size() - 1, i / 5)]);
    slot.dated = slots_.size() != undated_case;
    for (const auto& [place, word] : oddities) {
      slot.status = place == slots_.size() ? case_word_number(word) : slot.status;
    }
    add(slot);
  }
}

CaseBook::Slot CaseBook::make_slot(Day day) {
  Slot slot;
  slot.number = next_++;
  slot.day = day;
  slot.updated_s = seconds_of(std::min(midnight(day) + hours(10), now_));
  return slot;
}

void CaseBook::add(Slot slot) {
  slot.version = ++version_;
  changed_[slot.version] = static_cast<Index>(slots_.size());
  slots_.push_back(slot);
  ++live_;
}

std::string_view CaseBook::status_of(const Slot& slot) const {
  return slot.own < 0 ? case_words[slot.status]
                      : std::string_view(own_[static_cast<std::size_t>(slot.own)].status);
}

void CaseBook::touch(Index index, Wall at) {
  Slot& slot = slots_[index];
  changed_.erase(slot.version);
  slot.version = ++version_;
  changed_[slot.version] = index;
  slot.updated_s = seconds_of(at);
}

void CaseBook::set_status(Index index, std::string_view word) {
  Slot& slot = slots_[index];
  slot.status = case_word_number(word);
  if (slot.own >= 0) {
    ApprovalCase& one = own_[static_cast<std::size_t>(slot.own)];
    one.status = word;
    if (has_ended(word) && one.finished_at.empty()) {
      one.finished_at = to_rfc3339(now_);
    }
  }
}

void CaseBook::step_one() {
  if (slots_.empty()) {
    return;
  }
  const std::size_t start = dice_.below(slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const auto index = static_cast<Index>((start + i) % slots_.size());
    const auto at = std::find(case_way.begin(), case_way.end(), status_of(slots_[index]));
    if (!slots_[index].deleted && at != case_way.end() && at + 1 != case_way.end()) {
      set_status(index, *(at + 1));
      touch(index, now_);
      return;
    }
  }
}

void CaseBook::advance(Seconds elapsed) {
  while (stepped_ + step <= elapsed) {
    stepped_ += step;
    now_ = std::max(now_, today_ + stepped_);
    step_one();
  }
  while (arrived_ + arrival <= elapsed) {
    arrived_ += arrival;
    if (live_ < most_by_itself) {
      now_ = std::max(now_, today_ + arrived_);
      add(make_slot(day_of(now_)));
      slots_.back().updated_s = seconds_of(now_);
    }
  }
  now_ = std::max(now_, today_ + elapsed);
}

const Applicant& CaseBook::applicant(const Slot& slot, Applicant& made) const {
  if (slot.own >= 0) {
    return own_[static_cast<std::size_t>(slot.own)].applicant;
  }
  return made = make_applicant(slot);
}

void CaseBook::forget(Index index) {
  const Slot& slot = slots_[index];
  if (slot.served) {
    Applicant made;
    for (std::string& secret : secrets_of(applicant(slot, made))) {
      former_.insert(std::move(secret));
    }
  }
}

std::string CaseBook::scale(std::size_t cases) {
  if (cases > most) {
    return fmt::format("cases must be a number from 0 to {}.", most);
  }
  for (Index i = 0; i < slots_.size() && live_ > cases; ++i) {
    if (!slots_[i].deleted) {
      forget(i);
      slots_[i].deleted = true;
      --live_;
    }
  }
  std::erase_if(slots_, [](const Slot& slot) { return slot.deleted; });
  slots_.reserve(cases);
  const auto there_before = static_cast<std::ptrdiff_t>(slots_.size());
  while (live_ < cases) {
    Slot slot = make_slot(day_of(now_) - days(static_cast<int>(dice_.below(31))));
    const bool is_done = day_of(now_) - slot.day > days(10) && dice_.below(10) != 0;
    slot.status = case_word_number(is_done ? "finished" : case_way[dice_.below(case_way.size())]);
    slots_.push_back(slot);
    ++live_;
  }
  // Of a day's cases those that were there before count as the newer ones.
  std::rotate(slots_.begin(), slots_.begin() + there_before, slots_.end());
  std::stable_sort(slots_.begin(), slots_.end(),
                   [](const Slot& left, const Slot& right) { return left.day < right.day; });
  changed_.clear();
  for (Index i = 0; i < slots_.size(); ++i) {
    slots_[i].version = ++version_;
    changed_.emplace_hint(changed_.end(), version_, i);
  }
  ++generation_;
  return {};
}

void CaseBook::shift() {
  ++shifted_;
}

std::vector<CaseBook::Index> CaseBook::select(const Query& query) const {
  std::vector<Index> found;
  found.reserve(slots_.size());
  for (Index i = static_cast<Index>(slots_.size()); i-- > 0;) {
    const Slot& slot = slots_[i];
    if (slot.deleted || (query.since && slot.dated && slot.day < *query.since)) {
      continue;
    }
    if (query.keyword.empty() && slot.own < 0) {
      if (area_.empty() || area_.starts_with(query.area)) {
        found.push_back(i);
      }
      continue;
    }
    const ApprovalCase one = read(i);
    const bool word = query.keyword.empty() || one.case_no.find(query.keyword) != std::string::npos ||
                      one.matter_name.find(query.keyword) != std::string::npos;
    if (word && (one.region_code.empty() || one.region_code.starts_with(query.area))) {
      found.push_back(i);
    }
  }
  if (!found.empty()) {
    std::rotate(found.rbegin(), found.rbegin() + static_cast<std::ptrdiff_t>(shifted_ % found.size()),
                found.rend());
  }
  return found;
}

CaseBook::Changes CaseBook::changes(std::uint64_t after, std::size_t limit) const {
  Changes out;
  out.last = after;
  for (auto at = changed_.upper_bound(after); at != changed_.end(); ++at) {
    // Who begins from nothing has never seen what is gone.
    if (after == 0 && slots_[at->second].deleted) {
      continue;
    }
    if (out.rows.size() == limit) {
      out.more = true;
      break;
    }
    out.rows.push_back(at->second);
    out.last = at->first;
  }
  return out;
}

std::optional<CaseBook::Index> CaseBook::find(std::string_view wanted) const {
  for (Index i = 0; i < slots_.size(); ++i) {
    if (slots_[i].own >= 0 && own_[static_cast<std::size_t>(slots_[i].own)].case_no == wanted) {
      return i;
    }
  }
  const std::string head = series_ + (area_.empty() ? "510682" : area_);
  if (!wanted.starts_with(head) || wanted.size() < head.size() + 8) {
    return std::nullopt;
  }
  const std::string_view tail = wanted.substr(head.size() + 8);
  std::uint32_t number = 0;
  std::from_chars(tail.data(), tail.data() + tail.size(), number);
  for (Index i = 0; i < slots_.size(); ++i) {
    if (slots_[i].own < 0 && slots_[i].number + first_case_number == number) {
      return case_no(slots_[i]) == wanted ? std::optional(i) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string CaseBook::case_no(const Slot& slot) const {
  std::string day = to_text(slot.day);
  std::erase(day, '-');
  return fmt::format("{}{}{}{:04}", series_, area_.empty() ? "510682" : area_, day,
                     first_case_number + slot.number);
}

ApprovalCase CaseBook::read(Index index) const {
  const Slot& slot = slots_[index];
  ApprovalCase one = slot.own < 0 ? make(slot) : own_[static_cast<std::size_t>(slot.own)];
  one.version = slot.version;
  one.deleted = slot.deleted;
  one.updated_at = to_rfc3339(Wall(std::chrono::seconds(slot.updated_s)));
  return one;
}

ApprovalCase CaseBook::serve(Index index) {
  slots_[index].served = true;
  return read(index);
}

std::set<std::string> CaseBook::told_secrets() const {
  std::set<std::string> out = former_;
  Applicant made;
  for (const Slot& slot : slots_) {
    if (slot.served) {
      for (std::string& secret : secrets_of(applicant(slot, made))) {
        out.insert(std::move(secret));
      }
    }
  }
  return out;
}

std::map<std::string, std::size_t> CaseBook::by_status() const {
  std::map<std::string, std::size_t> out;
  for (const Slot& slot : slots_) {
    if (!slot.deleted) {
      ++out[std::string(status_of(slot))];
    }
  }
  return out;
}

}  // namespace lobby::sim
