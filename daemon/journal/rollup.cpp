#include "daemon/journal/rollup.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace lobby::journal {
namespace {

using hall::StatisticsBy;

std::string hour_of(hall::Instant at) {
  const int hour = hall::local_minute(at) / 60;
  return {static_cast<char>('0' + hour / 10), static_cast<char>('0' + hour % 10)};
}

}  // namespace

void Cell::add(const Cell& other) {
  served += other.served;
  no_show += other.no_show;
  wait.add(other.wait);
  service.add(other.service);
  for (std::size_t i = 0; i < ratings.size(); ++i) {
    ratings[i] += other.ratings[i];
  }
}

bool Cell::empty() const {
  return served == 0 && no_show == 0 && hall::count_of(ratings) == 0;
}

hall::VisitFigures Cell::figures(std::string key) const {
  hall::VisitFigures figures;
  figures.key = std::move(key);
  figures.served = served;
  figures.no_show = static_cast<std::uint64_t>(std::max<std::int64_t>(no_show, 0));
  figures.wait = wait.figures();
  figures.service = service.figures();
  figures.ratings = ratings;
  return figures;
}

std::string Cell::bytes() const {
  std::string out;
  put_varint(out, served);
  put_varint(out, static_cast<std::uint64_t>(std::max<std::int64_t>(no_show, 0)));
  for (const auto count : ratings) {
    put_varint(out, count);
  }
  wait.write(out);
  service.write(out);
  return out;
}

bool Cell::add_bytes(std::string_view bytes) {
  const auto take = [&bytes](auto& to) {
    std::uint64_t value = 0;
    const bool taken = take_varint(bytes, value);
    to += static_cast<std::remove_reference_t<decltype(to)>>(value);
    return taken;
  };
  if (!take(served) || !take(no_show) || !std::all_of(ratings.begin(), ratings.end(), take)) {
    return false;
  }
  return wait.read(bytes) && service.read(bytes) && bytes.empty();
}

template <class Body, class Count>
void Rollup::at_each(const hall::Event& event, const Body& body, Count count) {
  const hall::Date date = hall::local_date(event.at);
  count(cells_[{StatisticsBy::window, body.window.value, date}]);
  count(cells_[{StatisticsBy::service, body.service.value, date}]);
  count(cells_[{StatisticsBy::hour, hour_of(event.at), date}]);
  count(cells_[{StatisticsBy::clerk, body.clerk.value, date}]);
}

void Rollup::add(const hall::Event& event) {
  if (const auto* finished = std::get_if<hall::ServiceFinished>(&event.body)) {
    at_each(event, *finished, [&](Cell& cell) {
      ++cell.served;
      if (finished->waited_s) {
        cell.wait.add(*finished->waited_s);
      }
      if (finished->served_s) {
        cell.service.add(*finished->served_s);
      }
    });
  } else if (const auto* missed = std::get_if<hall::TicketNoShow>(&event.body)) {
    at_each(event, *missed, [](Cell& cell) { ++cell.no_show; });
  } else if (const auto* rated = std::get_if<hall::ServiceRated>(&event.body)) {
    at_each(event, *rated, [&](Cell& cell) { ++cell.ratings[static_cast<std::size_t>(rated->score)]; });
  }
}

void Rollup::add(const Rollup& other) {
  for (const auto& [key, cell] : other.cells_) {
    cells_[key].add(cell);
  }
}

void Rollup::take_back(const hall::Event& missed) {
  if (const auto* no_show = std::get_if<hall::TicketNoShow>(&missed.body)) {
    at_each(missed, *no_show, [](Cell& cell) { --cell.no_show; });
  }
}

}  // namespace lobby::journal
