#include "drivers/cctv/inputs.hpp"

#include <algorithm>
#include <utility>

#include "drivers/cctv/coil.hpp"

namespace lobby::cctv {
namespace {

constexpr std::uint16_t most_inputs = 64;
/// One answer that does not come is no outage: the line repeats nothing by itself.
constexpr int lost_after = 2;

}  // namespace

Inputs::Inputs(link::Executor& executor, bus::Bus& bus, InputSettings settings,
               std::function<void(const Edge&)> edge, std::function<void()> changed)
    : executor_(executor),
      bus_(bus),
      settings_(settings),
      edge_(std::move(edge)),
      changed_(std::move(changed)),
      next_(executor),
      contacts_(std::clamp<std::uint16_t>(settings.count, 1, most_inputs)) {
  next_.start(link::Duration::zero(), [this] { poll(); });
}

std::optional<bool> Inputs::is_active(std::size_t input) const {
  return state_.fault != Fault::none || input >= contacts_.size() ? std::nullopt : contacts_[input].is;
}

std::string Inputs::describe() const {
  return "inputs " + std::to_string(settings_.first) + " to " +
         std::to_string(settings_.first + contacts_.size() - 1) + " of board " +
         std::to_string(settings_.board.value);
}

void Inputs::poll() {
  bus::Exchange question;
  question.address = settings_.board;
  question.kind = bus::Exchange::Kind::read_discrete;
  question.start = settings_.first;
  question.count = static_cast<std::uint16_t>(contacts_.size());
  bus_.exchange(std::move(question),
                [this, life = std::weak_ptr<int>(life_), asked = executor_.now()](const bus::Reply& reply) {
                  if (!life.expired()) {
                    heard(reply, asked);
                  }
                });
}

void Inputs::heard(const bus::Reply& reply, link::MonoTime asked) {
  if (reply.status != link::Status::ok) {
    lost(reply.status);
    return;
  }
  const auto now = executor_.now();
  pause_.reset();
  failures_ = 0;
  const bool is_back = state_.fault != Fault::none;
  state_ = {Fault::none, {}, now};
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < contacts_.size(); ++i) {
    const bool is_inverted = (settings_.inverted >> i & 1U) != 0;
    look(i, (reply.values[i] != 0) != is_inverted, now, edges);
  }
  const auto passed = now - asked;
  next_.start(std::max(settings_.poll_every - passed, link::Duration::zero()), [this] { poll(); });
  // Either of them may end this.
  const auto life = std::weak_ptr<int>(life_);
  const auto edge = edge_;
  if (const auto changed = changed_; is_back && changed) {
    changed();
  }
  for (const Edge& one : edges) {
    if (!life.expired() && edge) {
      edge(one);
    }
  }
}

void Inputs::look(std::size_t input, bool is, link::MonoTime now, std::vector<Edge>& edges) {
  Contact& one = contacts_[input];
  if (one.seen != is) {
    one.seen = is;
    one.since = now;
    return;
  }
  if (now - one.since < settings_.steady_for) {
    return;
  }
  const bool was_away = std::exchange(one.was_away, false);
  if (one.is == is) {
    return;
  }
  const auto kind = !one.is ? Edge::Kind::first : was_away ? Edge::Kind::missed : Edge::Kind::seen;
  one.is = is;
  edges.push_back({input, is, kind, one.since});
}

void Inputs::lost(link::Status status) {
  next_.start(pause_.next(), [this] { poll(); });
  const bool is_away = status == link::Status::gone || status == link::Status::refused;
  if (status == link::Status::busy || (++failures_ < lost_after && !is_away)) {
    return;
  }
  for (Contact& one : contacts_) {
    one.was_away = true;
    one.seen.reset();
  }
  const auto fault = fault_of(status);
  if (state_.fault == fault && state_.reason == reason_of(status)) {
    return;
  }
  state_.fault = fault;
  state_.reason = reason_of(status);
  if (const auto changed = changed_) {
    changed();
  }
}

}  // namespace lobby::cctv
