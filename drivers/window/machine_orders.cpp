#include <algorithm>
#include <utility>

#include "drivers/window/machine.hpp"

// What a unit is told besides its face: how to rest and how bright to be, kept up; to beep and to show its
// address, once.
namespace lobby::window {

namespace wire = lobby::wire::window_unit;

namespace {

/// What nobody waits for any more is not done.
constexpr std::chrono::seconds once_is_due_for{2};

std::uint16_t in_units(link::Duration length, link::Duration unit, std::uint16_t most) {
  return static_cast<std::uint16_t>(std::clamp<std::int64_t>(length / unit, 0, most));
}

std::vector<std::uint16_t> rest_words(const Manners& manners) {
  std::vector<std::uint16_t> words(wire::rest_count, 0);
  words[0] = manners.rest_after;
  words[1] =
      static_cast<std::uint16_t>(manners.rest_cells.empty() ? wire::RestMode::blank : wire::RestMode::text);
  std::copy_n(manners.rest_cells.begin(), std::min<std::size_t>(manners.rest_cells.size(), wire::text_cells),
              words.begin() + 2);
  return words;
}

}  // namespace

void WindowUnit::Machine::want(Manners manners) {
  if (manners_ != manners) {
    manners_ = std::move(manners);
    manners_due_ = writes_of_manners;
    go_soon();
  }
}

void WindowUnit::Machine::want(Lamps lamps) {
  if (lamps_ != lamps) {
    lamps_ = lamps;
    lamps_due_ = true;
    go_soon();
  }
}

/// A unit that is new, or was lost, knows nothing of what it was told.
void WindowUnit::Machine::tell_again() {
  manners_due_ = manners_ ? writes_of_manners : 0;
  lamps_due_ = lamps_.has_value();
}

/// Is it one of the orders that are in force until others come?
bool WindowUnit::Machine::is_kept_up(std::uint16_t order) {
  return order == wire::reg_rest_after || order == wire::reg_brightness || order == wire::reg_lamps;
}

void WindowUnit::Machine::locate(link::Duration length) {
  do_once(locate_, in_units(length, std::chrono::seconds(1), 600));
}

void WindowUnit::Machine::buzz(link::Duration length) {
  do_once(buzz_, in_units(length, std::chrono::milliseconds(10), wire::longest_beep));
}

void WindowUnit::Machine::do_once(std::optional<Once>& order, std::uint16_t value) {
  order = Once{value, executor_.now() + once_is_due_for};
  go_soon();
}

bool WindowUnit::Machine::is_order_due() {
  for (auto* once : {&locate_, &buzz_}) {
    if (*once && executor_.now() > (*once)->until) {
      once->reset();
    }
  }
  return (can(wire::feature_lamps) && lamps_due_) ||
         (can(wire::feature_rest) && (manners_due_ > 0 || locate_)) || (can(wire::feature_buzzer) && buzz_);
}

void WindowUnit::Machine::write_order() {
  std::vector<std::uint16_t> values;
  bus::Turn turn = bus::Turn::normal;
  if (can(wire::feature_buzzer) && buzz_) {
    order_on_wire_ = wire::reg_buzzer;
    values = {std::exchange(buzz_, std::nullopt)->value};
    turn = bus::Turn::urgent;
  } else if (can(wire::feature_lamps) && lamps_due_) {
    order_on_wire_ = wire::reg_lamps;
    values = {lamps_->lit, lamps_->blink};
    turn = bus::Turn::urgent;
    lamps_due_ = false;
  } else if (locate_) {
    order_on_wire_ = wire::reg_locate;
    values = {std::exchange(locate_, std::nullopt)->value};
  } else if (manners_due_-- == writes_of_manners) {
    order_on_wire_ = wire::reg_rest_after;
    values = rest_words(*manners_);
  } else {
    order_on_wire_ = wire::reg_brightness;
    values = {manners_->brightness};
  }
  exchange(order_, tell(order_on_wire_, std::move(values), turn), &Machine::on_order);
}

void WindowUnit::Machine::on_order(const bus::Reply& reply) {
  hear_status(reply);
  go();
}

}  // namespace lobby::window
