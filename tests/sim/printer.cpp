#include "tests/sim/printer.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "display/canvas/png.hpp"
#include "tests/sim/log.hpp"

namespace lobby::sim {
namespace {

constexpr std::size_t kept_bytes = 1024 * 1024;
constexpr std::size_t sheets_in_picture = 6;

template <class Texts>
boost::json::array lines(const Texts& texts) {
  boost::json::array out;
  for (const std::string& text : texts) {
    out.emplace_back(text);
  }
  return out;
}

}  // namespace

PrinterModel::Shape Printer::shape_of(const std::string& profile) {
  PrinterModel::Shape shape;
  if (profile.find("58") != std::string::npos) {
    shape.dots = 384;
  }
  return shape;
}

Printer::Printer(std::string id, PrinterModel::Shape shape, std::unique_ptr<Plug> plug)
    : id_(std::move(id)), model_(shape), plug_(std::move(plug)) {}

Printer::~Printer() {
  stop_ = true;
  wakeup_.signal();
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::string Printer::start() {
  std::string why = plug_->plug_in();
  if (why.empty()) {
    thread_ = std::thread([this] { run(); });
  }
  return why;
}

void Printer::run() {
  while (!stop_) {
    fit_plug();
    serve();
  }
}

void Printer::fit_plug() {
  bool gone = false;
  bool cycled = false;
  {
    const std::lock_guard lock(mutex_);
    gone = model_.faults().has(Fault::gone);
    cycled = std::exchange(power_cycled_, false);
  }
  if (cycled) {
    plug_->hang_up();
  }
  if (gone) {
    plug_->pull_out();
    return;
  }
  const std::string why = plug_->plug_in();
  if (!why.empty() && why != last_fault_) {
    log(id_ + ": " + why);
  }
  last_fault_ = why;
}

void Printer::serve() {
  std::vector<std::uint8_t> answers;
  std::optional<TimePoint> next;
  bool wants_bytes = false;
  bool refuse = false;
  const TimePoint now = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    model_.advance(now);
    answers = model_.take_answers(now);
    next = model_.next(now);
    wants_bytes = model_.room() > 0;
    refuse = model_.faults().has(Fault::refuse);
  }
  if (!answers.empty()) {
    plug_->write(answers);
  }
  std::array<pollfd, 3> waits{{{wakeup_.fd(), POLLIN, 0},
                               {plug_->listen_fd(), POLLIN, 0},
                               {wants_bytes ? plug_->data_fd() : -1, POLLIN, 0}}};
  int timeout = 1000;  // also the pace at which a plug that would not go in is tried again
  if (next) {
    const auto left = std::chrono::ceil<milliseconds>(*next - now).count();
    timeout = static_cast<int>(std::clamp<std::int64_t>(left, 0, 1000));
  }
  ::poll(waits.data(), waits.size(), timeout);
  if (waits[0].revents != 0) {
    wakeup_.drain();
  }
  if (waits[1].revents != 0) {
    plug_->accept(refuse);
  }
  if (waits[2].revents != 0) {
    read_host();
  }
}

void Printer::read_host() {
  std::array<std::uint8_t, 512> buffer{};
  const std::size_t got = plug_->read(buffer);
  const std::lock_guard lock(mutex_);
  const std::span<const std::uint8_t> bytes(buffer.data(), got);
  raw_.insert(raw_.end(), bytes.begin(), bytes.end());
  while (raw_.size() > kept_bytes) {
    raw_.pop_front();
  }
  if (!model_.faults().has(Fault::refuse)) {
    model_.receive(bytes, Clock::now());
  }
}

void Printer::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  model_.inject(fault, slow_by, Clock::now());
  power_cycled_ = power_cycled_ || fault == Fault::power_cycle || fault == Fault::refuse;
  wakeup_.signal();
}

void Printer::clear(std::optional<Fault> fault) {
  const std::lock_guard lock(mutex_);
  model_.clear(fault, Clock::now());
  wakeup_.signal();
}

boost::json::object Printer::describe() {
  const std::lock_guard lock(mutex_);
  boost::json::array sheets;
  for (const PrinterModel::Finished& sheet : model_.sheets()) {
    std::string whole;
    for (const std::string& line : sheet.text) {
      whole += line + "\n";
    }
    sheets.push_back({{"sheet", sheet.number}, {"lines", lines(sheet.text)}, {"text", whole}});
  }
  const PrinterModel::Counts& counts = model_.counts();
  return {{"id", id_},
          {"kind", kind()},
          {"at", plug_->where()},
          {"dots", model_.shape().dots},
          {"columns", model_.shape().dots / 12},
          {"state", model_.state(Clock::now())},
          {"faults", model_.faults().words()},
          {"sheet_count", model_.sheet_count()},
          {"sheets", std::move(sheets)},
          {"hanging", lines(model_.hanging().text())},
          {"bytes", counts.bytes},
          {"bytes_lost", counts.lost},
          {"power_cycles", counts.resets},
          {"ignored_cuts", counts.ignored_cuts},
          {"answers", counts.answers},
          {"not_understood", lines(model_.not_understood())}};
}

std::optional<Device::File> Printer::file(std::string_view name, std::size_t sheet) {
  std::vector<Sheet> shown;
  {
    const std::lock_guard lock(mutex_);
    if (name == "bytes") {
      return File{"application/octet-stream", std::string(raw_.begin(), raw_.end())};
    }
    if (name != "paper.png") {
      return std::nullopt;
    }
    const auto& all = model_.sheets();
    for (const PrinterModel::Finished& one : all) {
      const bool last = one.number + sheets_in_picture > model_.sheet_count();
      if (!one.sheet.rows.empty() && (sheet == 0 ? last : one.number == sheet)) {
        shown.push_back(one.sheet);
      }
    }
    if (sheet == 0 && !model_.hanging().rows.empty()) {
      shown.push_back(model_.hanging());
    }
  }
  if (sheet != 0 && shown.empty()) {
    return std::nullopt;
  }
  const std::lock_guard lock(font_mutex_);
  if (font_ == nullptr) {
    font_ = std::make_unique<display::OutlineFont>();
  }
  const int dots = model_.shape().dots;
  return File{"image/png", display::png(paper_picture(shown, dots, *font_))};
}

}  // namespace lobby::sim
