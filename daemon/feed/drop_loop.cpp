#include "daemon/feed/drop_loop.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/feed/charset.hpp"
#include "daemon/feed/page_walk.hpp"
#include "daemon/feed/pull_loop.hpp"
#include "daemon/feed/scope.hpp"
#include "daemon/feed/secrets.hpp"

namespace lobby::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<What> wanted_kinds(const Settings& settings, const Mapping& mapping) {
  std::vector<What> out;
  for (const Resource* resource : wanted_resources(settings, mapping)) {
    out.push_back(resource->what);
  }
  return out;
}

}  // namespace

DropLoop::DropLoop(const Settings& settings, const Mapping& mapping, Desk desk, Clocks clocks)
    : settings_(settings),
      mapping_(mapping),
      desk_(std::move(desk)),
      clocks_(std::move(clocks)),
      folder_(settings.drop_dir, wanted_kinds(settings, mapping)) {}

milliseconds DropLoop::age(std::int64_t written_ms) const {
  return milliseconds(std::max<std::int64_t>(clocks_.files() - written_ms, 0));
}

milliseconds DropLoop::pause() const {
  constexpr seconds often{2};
  return std::min<milliseconds>(seconds(settings_.interval_s), often);
}

std::variant<DropLoop::Reading, Failure> DropLoop::read(const DropFolder::File& file) const {
  const auto bad = [](std::string why) { return Failure{Failure::Kind::trouble, std::move(why), {}}; };
  const Resource* resource = mapping_.find(file.what);
  auto text = file_to_utf8(file.body);
  if (auto* failure = std::get_if<Failure>(&text)) {
    return std::move(*failure);
  }
  Token token = settings_.token_file.empty() ? Token{} : read_token(settings_.token_file);
  if (!token.fault.empty()) {
    return bad(std::move(token.fault));
  }
  const int year = hall::year_month(hall::local_date(local_instant(mapping_, clocks_.hall()))).year;
  const Keys keys(settings_, std::move(token.text), year);
  auto read = read_answer(mapping_, *resource, keys.scope(), std::get<std::string>(text));
  if (auto* fault = std::get_if<AnswerFault>(&read)) {
    return bad(std::move(fault->reason));
  }
  auto& answer = std::get<Answer>(read);
  Reading out;
  out.collected = std::make_unique<Collected>(settings_.spool_dir);
  out.full = file.full && !answer.has_more;
  for (Row& row : answer.rows) {
    out.collected->row(std::move(row), true);
  }
  for (const std::string& id : answer.removed) {
    out.collected->removed(id, true);
  }
  for (const std::string& id : answer.outside) {
    out.full ? out.collected->outside(id, true) : out.collected->removed(id, true);
  }
  if (!out.collected->fault().empty()) {
    return bad(out.collected->fault());
  }
  out.proof = {out.collected->rows(), answer.counts, 0};
  return out;
}

void DropLoop::tell_fault(std::optional<What> what, const std::string& fault) {
  if (what) {
    faults_[*what] = fault;
  }
  desk_.write(fault_line(what, fault, seconds(settings_.interval_s)));
}

bool DropLoop::take(const DropFolder::File& file, bool lies_in_done) {
  auto read_now = read(file);
  if (const auto* failure = std::get_if<Failure>(&read_now)) {
    if (!lies_in_done) {
      const std::string stays = folder_.failed(file);
      tell_fault(file.what, failure->reason + (stays.empty() ? "" : "; " + stays));
    }
    return true;
  }
  const auto& reading = std::get<Reading>(read_now);
  const std::uint64_t sum = reading.collected->fingerprint() + (reading.full ? 1 : 0);
  const auto known = kept_.find(file.what);
  auto delivered = std::optional(Delivered::kept);
  if (known != kept_.end() && known->second.fingerprint == sum) {
    desk_.write(fresh_line(file.what, age(file.written_ms), reading.proof));
  } else {
    delivered = deliver({file.what, reading.full, "", reading.proof}, *reading.collected, desk_,
                        [this, &file] { return age(file.written_ms); });
  }
  if (!delivered) {
    return false;
  }
  if (*delivered != Delivered::kept) {
    folder_.hold(file);
    kept_.erase(file.what);
    return true;
  }
  kept_[file.what] = {file.written_ms, sum, reading.proof};
  faults_.erase(file.what);
  if (std::string stays = lies_in_done ? "" : folder_.done(file); !stays.empty()) {
    tell_fault(file.what, stays);
  }
  return true;
}

bool DropLoop::begin() {
  begun_ = true;
  for (const What what : wanted_kinds(settings_, mapping_)) {
    const auto file = folder_.latest_done(what);
    if (file && !take(*file, true)) {
      return false;
    }
  }
  return true;
}

bool DropLoop::look() {
  const DropFolder::Look found = folder_.look();
  more_ = found.file.has_value();
  if (!found.fault.empty()) {
    tell_fault(found.of, found.fault);
  }
  return !found.file || take(*found.file, false);
}

/// Everything that lobbyd should know of this process, however little happens.
void DropLoop::speak() {
  folder_.again();
  for (const auto& [what, kept] : kept_) {
    if (!faults_.contains(what)) {
      desk_.write(fresh_line(what, age(kept.written_ms), kept.proof));
    }
  }
  for (const auto& [what, fault] : faults_) {
    desk_.write(fault_line(what, fault, seconds(settings_.interval_s)));
  }
  if (kept_.empty() && faults_.empty()) {
    desk_.write(
        fault_line(std::nullopt, "no file has come into the drop folder yet", seconds(settings_.interval_s)));
  }
}

std::optional<milliseconds> DropLoop::step() {
  if (!begun_ && !begin()) {
    return std::nullopt;
  }
  if (!look()) {
    return std::nullopt;
  }
  if (more_) {
    return milliseconds(0);
  }
  waited_ += pause();
  if (waited_ >= seconds(settings_.interval_s)) {
    waited_ = milliseconds(0);
    speak();
  }
  return pause();
}

}  // namespace lobby::feed
