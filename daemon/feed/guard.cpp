#include "daemon/feed/guard.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/feed/escapes.hpp"
#include "daemon/feed/fold.hpp"
#include "daemon/feed/hide.hpp"
#include "daemon/feed/name_parts.hpp"
#include "daemon/feed/redact.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

/// What is looked at before a text is cut: half a number tells it too.
constexpr std::size_t longest_raw = 16 * 1024;

}  // namespace

Masked Guard::hide(std::string_view raw, Applicant type) {
  Masked masked = mask_name(unescape(decode(raw)), type, rules_);
  if (complete_) {
    complete_ = masked.complete;
    add(masked.hidden);
  }
  return masked;
}

void Guard::add(std::vector<Hidden> more) {
  constexpr std::size_t most_names = 256;
  for (Hidden& one : more) {
    const auto same = [&one](const Hidden& known) { return known.name == one.name; };
    if (std::none_of(hidden_.begin(), hidden_.end(), same)) {
      hidden_.push_back(std::move(one));
    }
  }
  complete_ = complete_ && hidden_.size() <= most_names;
  std::stable_sort(hidden_.begin(), hidden_.end(),
                   [](const Hidden& a, const Hidden& b) { return a.name.size() > b.name.size(); });
}

Guard::Safe Guard::free_text(std::string_view raw, std::u32string (*clean)(std::u32string_view),
                             bool look_for_names) const {
  const std::u32string told = tidy(unescape(decode(raw)), longest_raw);
  if (told.empty()) {
    return {};
  }
  if (!complete_) {
    return {encode(rules_.withheld), true};
  }
  std::u32string safe = hide_names(clean(told), hidden_);
  if (look_for_names) {
    // Afterwards: what only looks like a name may hold the beginning of one.
    NameParts parts(rules_);
    parts.add_text(safe);
    if (parts.overflown()) {
      return {encode(rules_.withheld), true};
    }
    safe = hide_names(safe, std::move(parts).hidden());
  }
  safe = tidy(safe, longest_text);
  if (tells_name(safe, hidden_)) {
    return {encode(rules_.withheld), true};
  }
  return {encode(clean(safe)), false};
}

Guard::Safe Guard::text(std::string_view raw) const {
  return free_text(raw, redact, false);
}

Guard::Safe Guard::remark(std::string_view raw) const {
  return free_text(raw, redact, true);
}

Guard::Safe Guard::contact(std::string_view raw) const {
  return free_text(raw, redact_contact, true);
}

Guard::Safe Guard::number(std::string_view raw) const {
  const std::u32string told = tidy(unescape(decode(raw)), longest_raw);
  const std::u32string free = redact_number(told);
  const std::u32string safe = redact_number(tidy(hide_names(free, hidden_), longest_number));
  const bool nothing_else = is_personal_number(told) || may_tell_name(safe);
  return {nothing_else ? std::string() : encode(safe), free != told || nothing_else};
}

Guard::Safe Guard::shown(const Masked& masked) const {
  if (!masked.is_org) {
    return {encode(masked.shown), false};
  }
  const std::u32string safe = hide_names(masked.shown, hidden_);
  return tells_name(safe, hidden_) ? Safe{encode(rules_.nobody), true} : Safe{encode(safe), false};
}

bool Guard::is_telling(std::u32string_view text) const {
  return redact_number(text) != text || may_tell_name(text);
}

bool Guard::may_tell_name(std::u32string_view text) const {
  const auto is_foreign = [](char32_t c) { return c >= 0x80 && is_letter(c); };
  return tells_name(text, hidden_) || (!complete_ && std::any_of(text.begin(), text.end(), is_foreign));
}

}  // namespace lobby::feed
