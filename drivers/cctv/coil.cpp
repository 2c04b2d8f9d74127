#include "drivers/cctv/coil.hpp"

#include <algorithm>
#include <utility>

namespace lobby::cctv {
namespace {

using link::Status;

Status worse(Status a, Status b) {
  return a == Status::ok ? b : a;
}

}  // namespace

Fault fault_of(link::Status status) {
  switch (status) {
    case Status::ok:
      return Fault::none;
    case Status::busy:
      return Fault::busy;
    case Status::timeout:
      return Fault::timeout;
    case Status::corrupt:
      return Fault::garbled;
    case Status::refused:
      return Fault::refused;
    case Status::gone:
      break;
  }
  return Fault::unreachable;
}

std::string_view reason_of(link::Status status) {
  constexpr std::string_view words[] = {"",
                                        "the line is taken",
                                        "the board does not answer",
                                        "the board's answer is damaged",
                                        "the board says no",
                                        "the line is away"};
  return words[static_cast<std::size_t>(status)];
}

HeldCoil::HeldCoil(link::Executor& executor, bus::Bus& bus, CoilSettings settings,
                   std::function<void()> changed)
    : executor_(executor),
      bus_(bus),
      settings_(std::move(settings)),
      changed_(std::move(changed)),
      next_(executor) {}

void HeldCoil::ask(bus::Exchange exchange, std::function<void(const bus::Reply&)> done) {
  exchange.address = settings_.board;
  bus_.exchange(std::move(exchange),
                [life = std::weak_ptr<int>(life_), done = std::move(done)](const bus::Reply& reply) {
                  if (!life.expired()) {
                    done(reply);
                  }
                });
}

void HeldCoil::hold(bool on, std::function<void(const Done&)> done) {
  wanted_ = on;
  needs_write_ = true;
  done_ = std::move(done);
  ++order_;
  step();
}

void HeldCoil::keep(bool on) {
  wanted_ = on;
  done_ = nullptr;
  ++order_;
  step();
}

void HeldCoil::look(std::function<void(const Look&)> done) {
  bus::Exchange coil;
  coil.kind = bus::Exchange::Kind::read_coils;
  coil.start = settings_.coil;
  coil.count = 1;
  coil.turn = bus::Turn::normal;
  const auto seen = std::make_shared<Look>();
  seen->at = executor_.now();
  ask(coil, [this, seen, done = std::move(done)](const bus::Reply& reply) {
    seen->status = reply.status;
    if (reply.status == Status::ok) {
      seen->coil = reply.values.front() != 0;
    }
    if (!settings_.contact) {
      done(*seen);
      return;
    }
    bus::Exchange contact;
    contact.kind = bus::Exchange::Kind::read_discrete;
    contact.start = *settings_.contact;
    contact.count = 1;
    contact.turn = bus::Turn::normal;
    ask(contact, [this, seen, done](const bus::Reply& second) {
      seen->status = worse(seen->status, second.status);
      if (second.status == Status::ok) {
        seen->contact = (second.values.front() != 0) != settings_.is_contact_inverted;
      }
      done(*seen);
    });
  });
}

void HeldCoil::write(std::function<void(link::Status)> done) {
  bus::Exchange order;
  order.turn = bus::Turn::urgent;
  if (*wanted_ && settings_.dead_man) {
    const auto& arms = *settings_.dead_man;
    order.kind = arms.is_coil ? bus::Exchange::Kind::write_coil : bus::Exchange::Kind::write;
    order.start = arms.place;
    order.values = arms.words;
  } else {
    order.kind = bus::Exchange::Kind::write_coil;
    order.start = settings_.coil;
    order.values = {*wanted_ ? bus::Exchange::coil_on : bus::Exchange::coil_off};
  }
  ask(std::move(order), [done = std::move(done)](const bus::Reply& reply) { done(reply.status); });
}

/// One after the other: write, when it is to be written; look; wait.
void HeldCoil::step() {
  if (is_stepping_ || !wanted_) {
    return;
  }
  is_stepping_ = true;
  next_.cancel();
  const auto see = [this, order = order_](Status written) {
    look([this, order, written](const Look& look) { looked(order, written, look); });
  };
  if (!std::exchange(needs_write_, false)) {
    see(Status::ok);
    return;
  }
  armed_at_ = executor_.now();
  write([this, see](Status written) {
    last_written_ = written;
    see(written);
  });
}

void HeldCoil::looked(std::uint64_t order, link::Status written, const Look& look) {
  is_stepping_ = false;
  last_ = look;
  if (order != order_) {
    step();
    return;
  }
  const bool is_armed = *wanted_ && settings_.dead_man;
  const bool is_so = written == Status::ok && look.coil == wanted_;
  link::Duration wait = settings_.check_every;
  if (is_so) {
    pause_.reset();
    if (is_armed) {
      const auto left = armed_at_ + settings_.dead_man->every - executor_.now();
      needs_write_ = left <= wait;
      wait = std::clamp(left, link::Duration::zero(), wait);
    }
  } else {
    // Also while nothing can be read: whether it is still armed, or has fallen, nobody knows.
    needs_write_ = written != Status::ok || look.coil != wanted_;
    wait = pause_.next();
  }
  next_.start(wait, [this] { step(); });
  if (const auto done = std::exchange(done_, nullptr)) {
    done({written, look});
  }
  if (changed_) {
    changed_();
  }
}

namespace {

class CoilOutput final : public Output {
 public:
  CoilOutput(link::Executor& executor, bus::Bus& bus, CoilSettings settings, std::function<void()> changed)
      : settings_(settings), coil_(executor, bus, std::move(settings), std::move(changed)) {}

  void want(bool on) override {
    if (coil_.held() != on) {
      coil_.hold(on, nullptr);
    }
  }
  State state() const override {
    const auto& look = coil_.last();
    if (look.at == link::MonoTime{} && !look.coil) {
      return {};
    }
    State out{fault_of(look.status), std::string(reason_of(look.status)), look.coil, false, look.at};
    if (settings_.contact) {
      out.is_on = look.contact;
      out.is_contact = look.contact.has_value();
    }
    if (out.fault == Fault::none && look.coil != coil_.held()) {
      out.fault = Fault::refused;
      out.reason = "the relay is not as it was ordered";
    } else if (out.fault == Fault::none && settings_.contact && look.contact != look.coil) {
      out.fault = Fault::refused;
      out.reason = "the relay's contact does not follow it";
    }
    return out;
  }
  std::string describe() const override {
    return "relay " + std::to_string(settings_.coil) + " of board " + std::to_string(settings_.board.value);
  }

 private:
  CoilSettings settings_;
  HeldCoil coil_;
};

}  // namespace

std::unique_ptr<Output> make_coil_output(link::Executor& executor, bus::Bus& bus, CoilSettings settings,
                                         std::function<void()> changed) {
  return std::make_unique<CoilOutput>(executor, bus, std::move(settings), std::move(changed));
}

}  // namespace lobby::cctv
