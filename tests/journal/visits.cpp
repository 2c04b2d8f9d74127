#include "tests/journal/visits.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "daemon/journal/ledger.hpp"

namespace lobby::tests {

void Visits::add(hall::Instant at, hall::Body body) {
  now_ = at;
  events_.push_back({events_.size() + 1, at, "clerk-1", std::move(body)});
}

void Visits::add_day(hall::Date date, std::size_t tickets) {
  const bool late = random_() % 2 == 0;
  now_ = {(std::int64_t{date.days} * 1440 + (late ? 23 * 60 : 8 * 60) - 480) * 60'000, 480};
  add(now_, hall::DayOpened{.date = date, .next_ticket = {tickets_ + 1}});
  for (std::size_t i = 0; i < tickets; ++i) {
    now_.utc_ms += static_cast<std::int64_t>(random_() % (7'200'000 / tickets));
    hall::AboutTicketAtWindow about;
    about.service = {word("s", 3)};
    about.window = {word("w", 12)};
    if (random_() % 5 != 0) {
      about.ticket = {++tickets_};
      about.number = "A" + std::to_string(tickets_);
      hall::TicketIssued issued;
      static_cast<hall::AboutTicket&>(issued) = about;
      add(now_, issued);
    }
    visit(about);
  }
}

void Visits::visit(hall::AboutTicketAtWindow about) {
  const hall::ClerkId clerk{random_() % 10 == 0 ? "" : word("c", 4)};
  const auto waited = static_cast<std::uint32_t>(random_() % 3 == 0 ? random_() % 7200 : random_() % 300);
  const bool has_ticket = about.ticket.value != 0;
  while (has_ticket && random_() % 4 == 0) {
    add(now_, hall::TicketNoShow{about, "no answer", clerk, waited});
    if (random_() % 2 == 0) {
      return;
    }
    now_.utc_ms += 60'000;
    add(now_, hall::TicketReinstated{about, now_});
    about.window = {word("w", 12)};
  }
  do {
    hall::ServiceFinished finished;
    static_cast<hall::AboutTicketAtWindow&>(finished) = about;
    finished.clerk = clerk;
    finished.served_s = static_cast<std::uint32_t>(random_() % 1500);
    if (has_ticket) {
      finished.waited_s = waited;
    }
    if (random_() % 20 == 0) {  // as lines of older days
      finished.served_s.reset();
      finished.waited_s.reset();
    }
    add(now_, finished);
    if (random_() % 3 == 0) {
      add(now_,
          hall::ServiceRated{about, static_cast<hall::Score>(random_() % 5), hall::RatedVia::keypad, clerk});
    }
    if (!has_ticket || random_() % 8 != 0) {
      return;
    }
    now_.utc_ms += 1000;
    add(now_, hall::TicketReinstated{about, now_});  // it had ended as notified
  } while (true);
}

namespace {

struct Pile {
  std::vector<std::uint32_t> wait, service;
  hall::VisitFigures figures;
};

hall::DurationFigures sorted_figures(std::vector<std::uint32_t> all) {
  hall::DurationFigures figures;
  std::sort(all.begin(), all.end());
  for (const auto one : all) {
    figures.sum += one;
  }
  figures.count = all.size();
  const auto nearest_rank = [&](double share) {
    return all.at(static_cast<std::size_t>(std::ceil(share * static_cast<double>(all.size()))) - 1);
  };
  if (!all.empty()) {
    figures.p50 = nearest_rank(0.5);
    figures.p90 = nearest_rank(0.9);
    figures.max = all.back();
  }
  return figures;
}

/// `2026-03-16` and `09` of an event, read off its text.
std::string date_of(const hall::Event& event) {
  return hall::to_text(event.at).substr(0, 10);
}

std::string key_of(const hall::Event& event, const hall::AboutTicketAtWindow& about,
                   const hall::ClerkId& clerk, hall::StatisticsBy by) {
  switch (by) {
    case hall::StatisticsBy::window:
      return about.window.value;
    case hall::StatisticsBy::service:
      return about.service.value;
    case hall::StatisticsBy::clerk:
      return clerk.value;
    default:
      return hall::to_text(event.at).substr(11, 2);
  }
}

hall::VisitFigures total_of(Pile& pile, const std::string& key) {
  pile.figures.key = key;
  pile.figures.wait = sorted_figures(pile.wait);
  pile.figures.service = sorted_figures(pile.service);
  return pile.figures;
}

}  // namespace

hall::Statistics recount(const std::vector<hall::Event>& events, const hall::StatisticsQuery& query) {
  std::map<std::string, Pile> piles;
  Pile all;
  std::map<std::uint64_t, const hall::Event*> missed;
  const auto in = [&](const hall::Event& event) {
    return date_of(event) >= hall::to_text(query.from) && date_of(event) <= hall::to_text(query.to);
  };
  const auto at = [&](const hall::Event& event, const auto& body) -> std::vector<Pile*> {
    return in(event) ? std::vector{&piles[key_of(event, body, body.clerk, query.by)], &all}
                     : std::vector<Pile*>{};
  };
  for (const auto& event : events) {
    if (const auto* finished = std::get_if<hall::ServiceFinished>(&event.body)) {
      missed.erase(finished->ticket.value);
      for (auto* pile : at(event, *finished)) {
        ++pile->figures.served;
        if (finished->waited_s) {
          pile->wait.push_back(*finished->waited_s);
        }
        if (finished->served_s) {
          pile->service.push_back(*finished->served_s);
        }
      }
    } else if (const auto* no_show = std::get_if<hall::TicketNoShow>(&event.body)) {
      missed[no_show->ticket.value] = &event;
      for (auto* pile : at(event, *no_show)) {
        ++pile->figures.no_show;
      }
    } else if (const auto* back = std::get_if<hall::TicketReinstated>(&event.body)) {
      if (const auto it = missed.find(back->ticket.value); it != missed.end()) {
        for (auto* pile : at(*it->second, std::get<hall::TicketNoShow>(it->second->body))) {
          --pile->figures.no_show;
        }
        missed.erase(it);
      }
    } else if (const auto* rated = std::get_if<hall::ServiceRated>(&event.body)) {
      for (auto* pile : at(event, *rated)) {
        ++pile->figures.ratings[static_cast<std::size_t>(rated->score)];
      }
    }
  }
  hall::Statistics statistics;
  statistics.query = query;
  statistics.seq = events.size();
  for (auto& [key, pile] : piles) {
    const auto figures = total_of(pile, key);
    if (figures.served + figures.no_show + hall::count_of(figures.ratings) > 0) {
      statistics.rows.push_back(figures);
    }
  }
  statistics.total = total_of(all, "");
  return statistics;
}

void write_journal(const std::string& file, const char* vfs, const std::vector<hall::Event>& events,
                   std::uint64_t from) {
  journal::Ledger ledger(file, vfs);
  if (const auto refusal = ledger.open()) {
    throw std::runtime_error{*refusal};
  }
  journal::Batch batch;
  for (auto i = static_cast<std::size_t>(from - 1); i < events.size(); ++i) {
    batch.events.push_back(journal::to_line(events[i]));
  }
  if (!ledger.store({&batch})) {
    throw std::runtime_error{ledger.fault()};
  }
}

std::string text_of(const hall::Statistics& statistics) {
  std::ostringstream out;
  const auto put = [&](const hall::VisitFigures& row) {
    out << row.key << ": " << row.served << ' ' << row.no_show;
    for (const auto& one : {row.wait, row.service}) {
      out << " | " << one.count << ' ' << one.sum << ' ' << one.p50 << ' ' << one.p90 << ' ' << one.max;
    }
    out << " |";
    for (const auto count : row.ratings) {
      out << ' ' << count;
    }
    out << '\n';
  };
  std::for_each(statistics.rows.begin(), statistics.rows.end(), put);
  put(statistics.total);
  return out.str();
}

hall::StatisticsQuery days(const char* from, const char* to, hall::StatisticsBy by) {
  return {hall::parse_date(from).value(), hall::parse_date(to).value(), by};
}

}  // namespace lobby::tests
