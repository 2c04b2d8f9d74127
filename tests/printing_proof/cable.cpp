#include "tests/printing_proof/cable.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace lobby::proof {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Answers = PaperPrinter::Answers;

std::string hex(const Bytes& bytes) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string out;
  for (const auto byte : bytes) {
    out += {' ', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

constexpr Duration opens_within = milliseconds(20);
constexpr Duration tries_again = milliseconds(200);

}  // namespace

class Cable::Link final : public link::ByteLink {
 public:
  explicit Link(std::shared_ptr<Cable> cable)
      : cable_(std::move(cable)), life_(std::make_shared<bool>(true)) {}
  void start(Listener& listener) override {
    cable_->listener_ = &listener;
    cable_->life_ = life_;
    cable_->open(life_);
  }
  void send(Bytes bytes, std::function<void(link::Status)> done) override {
    cable_->send(std::move(bytes), std::move(done), false);
  }
  // NOLINTNEXTLINE(modernize-use-override)
  virtual void send_now(Bytes bytes, std::function<void(link::Status)> done) {
    cable_->send(std::move(bytes), std::move(done), true);
  }
  // NOLINTNEXTLINE(modernize-use-override)
  virtual std::uint32_t bytes_per_s() const { return cable_->kind_.bytes_per_s; }
  bool is_up() const override { return cable_->up_ && cable_->life_ == life_; }
  std::string describe() const override { return "proof"; }

 private:
  std::shared_ptr<Cable> cable_;
  std::shared_ptr<bool> life_;
};

Cable::Cable(link::Executor& executor, WireKind kind, Mangling mangling, std::uint64_t seed)
    : executor_(executor), kind_(kind), mangling_(mangling), random_(seed), pump_(executor) {}

std::unique_ptr<link::ByteLink> Cable::make_link() {
  return std::make_unique<Link>(shared_from_this());
}

void Cable::open(std::weak_ptr<bool> life) {
  executor_.after(opens_within, [this, life = std::move(life)] {
    if (life.expired() || life.lock() != life_ || up_) {
      return;
    }
    if (lost_ || (kind_.sees_power && !printer_->is_on())) {
      executor_.after(tries_again, [this, life] { open(life); });
      return;
    }
    note("link up");
    up_ = true;
    up_since_ = executor_.now();
    ++connection_;
    last_answer_ = {};
    printer_->host_is(true);
    listener_->link_up();
  });
}

void Cable::program_killed() {
  listener_ = nullptr;
  life_.reset();
  up_ = false;
  printer_->host_is(false);
  for (auto* queue : {&urgent_, &sends_}) {
    for (auto& each : *queue) {
      each.done = nullptr;
    }
  }
  if (!kind_.outlives) {
    drop_sends(false);
  }
}

void Cable::note(const std::string& text) const {
  if (trace) {
    trace(text);
  }
}

void Cable::lose(Duration span) {
  note("link lost");
  lost_ = true;
  executor_.after(span, [this] { lost_ = false; });
  if (!up_) {
    drop_sends(false);
    return;
  }
  up_ = false;
  printer_->host_is(false);
  drop_sends(true);
  if (listener_ != nullptr) {
    const std::weak_ptr<bool> life = life_;
    listener_->link_down("connection lost");
    open(life);
  }
}

void Cable::drop_sends(bool tell) {
  for (auto* queue : {&urgent_, &sends_}) {
    for (auto& each : std::exchange(*queue, {})) {
      printer_->lost_bytes();
      if (tell) {
        done(each, link::Status::gone);
      }
    }
  }
  pump_.cancel();
}

// --- to the printer ---
void Cable::done(Send& send, link::Status status) {
  if (send.done) {
    executor_.post([done = std::exchange(send.done, nullptr), life = std::weak_ptr<bool>(life_), status] {
      if (!life.expired()) {
        done(status);
      }
    });
  }
}

void Cable::send(Bytes bytes, std::function<void(link::Status)> done_with, bool now) {
  Send next{std::move(bytes), 0, std::move(done_with)};
  if (!up_) {
    done(next, link::Status::gone);
    return;
  }
  if (kind_.buffers) {
    done(next, link::Status::ok);
  }
  const bool only_asks =
      std::getenv("LOBBY_ALL") == nullptr && next.bytes.size() == 3 && next.bytes[0] == 0x10;
  if (trace && !only_asks) {
    note((now ? "send now:" : "send:") + hex(next.bytes));
  }
  (now ? urgent_ : sends_).push_back(std::move(next));
  if (!pump_.pending()) {
    pump_.start({}, [this] { pump(); });
  }
}

void Cable::pump() {
  const bool amid = !sends_.empty() && sends_.front().at > 0;
  auto& queue = !amid && !urgent_.empty() ? urgent_ : sends_;
  if (queue.empty()) {
    return;
  }
  constexpr Duration looks_again = milliseconds(5);
  if (&queue == &sends_ && !printer_->takes_bytes()) {
    pump_.start(looks_again, [this] { pump(); });
    return;
  }
  auto& front = queue.front();
  const auto byte = front.bytes[front.at++];
  if (front.at == front.bytes.size()) {
    done(front, link::Status::ok);
    queue.pop_front();
  }
  if (!urgent_.empty() || !sends_.empty()) {
    pump_.start(nanoseconds(1'000'000'000 / kind_.bytes_per_s), [this] { pump(); });
  }
  give(byte);
}

void Cable::give(std::uint8_t byte) {
  job_seen_ = job_seen_ || (last_ == 0x1B && byte == 0x40);
  last_ = byte;
  printer_->receive(byte);
  if (job_seen_) {
    on_job_byte(++job_bytes_);
  }
}

// --- from the printer ---
void Cable::answer(Answers kind, Bytes bytes) {
  if (!up_) {
    return;
  }
  if (kind == Answers::id) {
    old_ids_.push_back(bytes);
  }
  answers_ += job_seen_ ? 1 : 0;
  const bool suffers = mangling_.only == 0 || (job_seen_ && answers_ == mangling_.only);
  mangle(kind, std::move(bytes), suffers ? odds_of(kind) : Mangling::Odds{});
}

Mangling::Odds& Cable::odds_of(Answers kind) {
  switch (kind) {
    case Answers::in_order:
      return mangling_.in_order;
    case Answers::id:
      return mangling_.id;
    case Answers::other:
      return mangling_.other;
    default:
      return mangling_.status;
  }
}

void Cable::mangle(Answers kind, Bytes bytes, const Mangling::Odds& odds) {
  if (chance(odds.invent)) {
    deliver(falsified(kind, bytes), {});
  }
  if (chance(odds.drop)) {
    if (trace) {
      note("answer dropped:" + hex(bytes));
    }
    return;
  }
  if (chance(odds.falsify)) {
    bytes = falsified(kind, bytes);
  }
  const auto most = (kind == Answers::id ? mangling_.id_late : mangling_.status_late).count();
  const auto late = [&] {
    return nanoseconds(static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most)));
  };
  if (chance(odds.duplicate)) {
    deliver(bytes, chance(500) ? late() : Duration{});
  }
  constexpr Duration out_of_turn = milliseconds(50);
  deliver(std::move(bytes), chance(odds.delay) ? late() : chance(odds.reorder) ? out_of_turn : Duration{});
}

/// Another answer of the same kind; of ids one that is older, or that nobody ever gave out.
Bytes Cable::falsified(Answers kind, const Bytes& bytes) {
  Bytes out = bytes;
  switch (kind) {
    case Answers::id:
      if (old_ids_.size() > 1 && chance(600)) {
        return old_ids_[random_() % (old_ids_.size() - 1)];
      }
      out[2 + random_() % 4] = static_cast<std::uint8_t>(0x21 + random_() % 94);
      return out;
    case Answers::in_order:
      out[0] = static_cast<std::uint8_t>(random_() & 0x6F);
      return out;
    case Answers::real_time:
      out[0] = static_cast<std::uint8_t>((random_() & 0x6C) | (out.size() == 1 ? 0x12 : 0x10));
      return out;
    default:
      out[random_() % out.size()] ^= static_cast<std::uint8_t>(1U << random_() % 8);
      return out;
  }
}

/// In turn, unless it is late.
void Cable::deliver(Bytes bytes, Duration late) {
  if (kind_.flow_bytes && chance(mangling_.flow)) {
    const auto at = static_cast<std::ptrdiff_t>(random_() % (bytes.size() + 1));
    bytes.insert(bytes.begin() + at, {0x13, 0x11});
  }
  auto when = executor_.now() + kind_.latency + late;
  if (late == Duration{}) {
    when = last_answer_ = std::max(when, last_answer_);
  }
  const bool apart = bytes.size() > 1 && chance(mangling_.split);
  const auto connection = connection_;
  if (apart) {
    const auto half = static_cast<std::ptrdiff_t>(1 + random_() % (bytes.size() - 1));
    const Bytes first(bytes.begin(), bytes.begin() + half);
    bytes.erase(bytes.begin(), bytes.begin() + half);
    executor_.after(when - executor_.now(), [this, first, connection] { receive(first, connection); });
    when += milliseconds(20);
    last_answer_ = late == Duration{} ? std::max(when, last_answer_) : last_answer_;
  }
  executor_.after(when - executor_.now(), [this, bytes, connection] { receive(bytes, connection); });
}

void Cable::receive(Bytes bytes, std::uint64_t connection) {
  if (up_ && connection == connection_) {
    const bool all_is_well = std::getenv("LOBBY_ALL") == nullptr && bytes.size() == 1 && bytes[0] == 0x12;
    if (trace && !all_is_well) {
      note("answer:" + hex(bytes));
    }
    listener_->link_bytes(bytes);
  }
}

}  // namespace lobby::proof
