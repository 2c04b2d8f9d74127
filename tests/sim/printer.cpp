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
constexpr std::size_t torn_in_picture = 2;
constexpr std::size_t torn_told = 20;
constexpr std::int64_t most_rows = 1'000'000;

template <class Texts>
boost::json::array lines(const Texts& texts) {
  boost::json::array out;
  for (const std::string& text : texts) {
    out.emplace_back(text);
  }
  return out;
}

}  // namespace

PrinterModel::Shape Printer::shape_of(const PrinterEnd& end, const std::string& config_dir) {
  PrinterModel::Shape shape;
  if (end.profile.find("58") != std::string::npos) {
    shape.dots = 384;
  }
  shape.flow_bytes = end.flow_bytes && !end.tcp && !end.usb;
  shape.taken_after = milliseconds(1500);
  return read_printer_shape(config_dir + "/profiles/printers/" + end.profile + ".toml", std::move(shape));
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
    model_.advance(Clock::now());
    gone = model_.faults().has(Fault::gone) || (model_.is_booting() && plug_->needs_power());
    cycled = std::exchange(power_cycled_, false);
  }
  if (gone) {
    plug_->pull_out();
    return;
  }
  if (cycled) {
    plug_->hang_up();
  }
  const std::string why = plug_->plug_in();
  if (!why.empty() && why != last_fault_) {
    log(id_ + ": " + why);
  }
  last_fault_ = why;
}

std::size_t Printer::carried(TimePoint now) {
  constexpr std::size_t portion = 512;
  constexpr double burst_s = 0.02;  // of a thread that was not woken in time
  const double rate = plug_->bytes_per_s();
  if (rate == 0) {
    return portion;
  }
  const double passed = std::chrono::duration<double>(now - std::exchange(credited_, now)).count();
  credit_ = std::min(credit_ + passed * rate, std::max(4.0, rate * burst_s));
  return std::min(portion, static_cast<std::size_t>(credit_));
}

void Printer::serve() {
  std::vector<std::uint8_t> answers;
  std::optional<TimePoint> next;
  std::size_t most = 0;
  bool held = false;
  bool refuse = false;
  const TimePoint now = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    model_.advance(now);
    answers = model_.take_answers(now);
    next = model_.next(now);
    // A wire carries on whether or not there is room; a connection is held up by its far end.
    most = plug_->bytes_per_s() != 0 ? carried(now) : std::min(carried(now), model_.room());
    held = model_.is_holding_off();
    refuse = model_.faults().has(Fault::refuse);
  }
  if (!answers.empty()) {
    plug_->write(answers);
  }
  const bool listens = !(held && plug_->host_obeys_flow());
  std::array<pollfd, 3> waits{{{wakeup_.fd(), POLLIN, 0},
                               {plug_->listen_fd(), POLLIN, 0},
                               {most > 0 && listens ? plug_->data_fd() : -1, POLLIN, 0}}};
  // Also the pace at which a plug that would not go in is tried again; a slow line's next byte is sooner.
  std::int64_t timeout = most == 0 && plug_->bytes_per_s() != 0 ? 1 : 1000;
  if (next) {
    timeout = std::clamp<std::int64_t>(std::chrono::ceil<milliseconds>(*next - now).count(), 0, timeout);
  }
  ::poll(waits.data(), waits.size(), static_cast<int>(timeout));
  if (waits[0].revents != 0) {
    wakeup_.drain();
  }
  if (waits[1].revents != 0) {
    plug_->accept(refuse);
  }
  if (waits[2].revents != 0) {
    read_host(most);
  }
}

void Printer::read_host(std::size_t most) {
  std::array<std::uint8_t, 512> buffer{};
  const std::size_t got = plug_->read(std::span(buffer).first(std::min(most, buffer.size())));
  credit_ -= static_cast<double>(got);
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

std::string Printer::set_details(Fault fault, const boost::json::object& body) {
  using Lie = PrinterModel::Lie;
  constexpr std::array<std::pair<std::string_view, Lie>, 4> lies{
      {{"done", Lie::done}, {"later", Lie::later}, {"earlier", Lie::earlier}, {"status", Lie::status}}};
  const std::lock_guard lock(mutex_);
  if (fault == Fault::paper_out) {
    const boost::json::value* const rows = body.if_contains("rows");
    rows_left_.reset();
    if (rows != nullptr) {
      if (!rows->is_int64() || rows->get_int64() < 0 || rows->get_int64() > most_rows) {
        return "rows must be a number of dot rows from 0 to 1000000.";
      }
      rows_left_ = static_cast<int>(rows->get_int64());
    }
  } else if (fault == Fault::lie) {
    const boost::json::value* const how = body.if_contains("how");
    const std::string_view word = how == nullptr     ? std::string_view("done")
                                  : how->is_string() ? std::string_view(how->get_string())
                                                     : std::string_view();
    const auto found =
        std::find_if(lies.begin(), lies.end(), [&](const auto& each) { return each.first == word; });
    if (found == lies.end()) {
      return "how must be done, later, earlier or status.";
    }
    model_.lie_by(found->second);
  }
  return {};
}

std::string Printer::press(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const TimePoint now = Clock::now();
  std::string why;
  if (key == "reload") {
    model_.reload(std::nullopt, now);
  } else if (key != "take") {
    why = "At a printer one can reload and take.";
  } else if (!model_.take(now)) {
    why = "There is no ticket in the outlet.";
  }
  wakeup_.signal();
  return why;
}

void Printer::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  if (const auto rows = std::exchange(rows_left_, std::nullopt); rows && fault == Fault::paper_out) {
    model_.advance(Clock::now());
    model_.end_roll_in(*rows);
  } else {
    model_.inject(fault, slow_by, Clock::now());
  }
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
    sheets.push_back({{"sheet", sheet.number},
                      {"lines", lines(sheet.text)},
                      {"text", whole},
                      {"fate", to_text(sheet.fate)}});
  }
  boost::json::array torn;
  for (std::size_t i = model_.torn().size() - std::min(model_.torn().size(), torn_told);
       i < model_.torn().size(); ++i) {
    torn.push_back(lines(model_.torn()[i].text));
  }
  const Outlet& outlet = model_.outlet();
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
          {"torn_count", model_.torn().size()},
          {"torn", std::move(torn)},
          {"outlet", outlet.has_paper()  ? "presented"
                     : outlet.is_empty() ? "empty"
                                         : "inside"},
          {"taken", outlet.counts().taken},
          {"retracted", outlet.counts().retracted},
          {"ejected", outlet.counts().ejected},
          {"waiting", model_.waiting()},
          {"buffer_clears", counts.clears},
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
    const auto& torn = model_.torn();
    for (std::size_t i = torn.size() - std::min(torn.size(), torn_in_picture); sheet == 0 && i < torn.size();
         ++i) {
      shown.push_back(torn[i].sheet);
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
