#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "daemon/api/csv.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/statistics.hpp"

namespace lobby::api {
namespace {

using hall::DurationFigures;
using hall::VisitFigures;
using hall::Withheld;

std::size_t place_of(const StatisticsForm& form, const std::string& key) {
  const auto it =
      std::find_if(form.names.begin(), form.names.end(), [&](const auto& name) { return name.first == key; });
  return static_cast<std::size_t>(it - form.names.begin());
}

std::string name_of(const StatisticsForm& form, const std::string& key) {
  const auto place = place_of(form, key);
  return place < form.names.size() ? form.names[place].second : std::string();
}

/// Before anything is withheld: what is alike stays in the order of its keys.
void put_in_order(hall::Statistics& statistics, const StatisticsForm& form) {
  std::stable_sort(statistics.rows.begin(), statistics.rows.end(),
                   [&](const VisitFigures& a, const VisitFigures& b) {
                     return place_of(form, a.key) < place_of(form, b.key);
                   });
}

// --- one figure as text, the same in both forms; nullopt: there is none, or it is withheld ---

using Figure = std::optional<std::string>;

std::string mean_of(const DurationFigures& of) {
  const auto tenths = (of.sum * 20 + of.count) / (of.count * 2);
  return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

struct Named {
  std::string_view name;
  Figure figure;
};

std::array<Named, 4> durations(const DurationFigures& of, bool shown) {
  if (!shown || of.count == 0) {
    return {{{"mean", {}}, {"p50", {}}, {"p90", {}}, {"max", {}}}};
  }
  return {{{"mean", mean_of(of)},
           {"p50", std::to_string(of.p50)},
           {"p90", std::to_string(of.p90)},
           {"max", std::to_string(of.max)}}};
}

std::vector<Named> ratings(const hall::Ratings& of, bool shown) {
  const auto count = hall::count_of(of);
  const auto figure = [&](std::uint64_t value) { return shown ? Figure(std::to_string(value)) : Figure(); };
  std::vector<Named> all{{"count", figure(count)}};
  for (std::size_t i = 0; i < of.size(); ++i) {
    all.push_back({hall::Words<hall::Score>::text[i], figure(of[i])});
  }
  const auto share = hall::satisfied_share(of);
  all.push_back({"satisfied", shown && count > 0
                                  ? Figure(fmt::format("{}.{:04}", share / 10'000, share % 10'000))
                                  : Figure()});
  return all;
}

// --- JSON ---

template <class Figures>
void put_figures(JsonObject& object, const Figures& figures) {
  for (const auto& [name, figure] : figures) {
    object.open(name) += figure.value_or("null");
  }
}

/// The figures of a row, behind what it begins with.
void put_row(JsonObject& row, const VisitFigures& figures, const Withheld& withheld) {
  const auto count = [&](std::uint64_t value) { return withheld.row ? std::nullopt : std::optional(value); };
  row.add("served", count(figures.served)).add("no_show", count(figures.no_show));
  for (const auto& [name, of] : {std::pair{"wait_s", figures.wait}, {"service_s", figures.service}}) {
    JsonObject inner(row.open(name));
    put_figures(inner, durations(of, !withheld.row));
  }
  {
    JsonObject inner(row.open("ratings"));
    put_figures(inner, ratings(figures.ratings, !withheld.ratings));
    inner.add("suppressed", withheld.ratings);
  }
  row.add("suppressed", withheld.row);
}

// --- CSV ---

void put_heads(CsvTable& table) {
  for (const char* head : {"by", "key", "name", "served", "no_show"}) {
    table.text(head);
  }
  for (const char* of : {"wait", "service"}) {
    for (const auto& one : durations({}, false)) {
      table.text(fmt::format("{}_{}_s", of, one.name));
    }
  }
  for (const auto& one : ratings({}, false)) {
    table.text(one.name == "count" ? "ratings" : one.name);
  }
  table.text("suppressed");
  table.end_row();
}

void put_row(CsvTable& table, const VisitFigures& row, const Withheld& withheld) {
  table.plain(withheld.row ? "" : std::to_string(row.served));
  table.plain(withheld.row ? "" : std::to_string(row.no_show));
  const auto put = [&](const auto& figures) {
    for (const auto& one : figures) {
      table.plain(one.figure.value_or(""));
    }
  };
  put(durations(row.wait, !withheld.row));
  put(durations(row.service, !withheld.row));
  put(ratings(row.ratings, !withheld.ratings));
  table.text(withheld.row ? "row" : withheld.ratings ? "ratings" : "");
  table.end_row();
}

}  // namespace

std::string statistics_json(hall::Statistics statistics, const StatisticsForm& form) {
  put_in_order(statistics, form);
  const auto withheld = hall::withheld(statistics, form.published);
  const auto& query = statistics.query;
  std::string out;
  {
    JsonObject object(out);
    object.add("from", query.from).add("to", query.to).add("by", query.by);
    object.add("published", form.published).add("seq", statistics.seq);
    auto of_row = withheld.begin();
    put_array(object.open("rows"), statistics.rows, [&](std::string& to, const VisitFigures& row) {
      JsonObject one(to);
      one.add("key", or_null(std::string_view(row.key)));
      one.add("name", or_null(std::string_view(name_of(form, row.key))));
      put_row(one, row, *of_row++);
    });
    JsonObject total(object.open("total"));
    put_row(total, statistics.total, withheld.back());
  }
  return out;
}

std::string statistics_csv(hall::Statistics statistics, const StatisticsForm& form) {
  put_in_order(statistics, form);
  const auto withheld = hall::withheld(statistics, form.published);
  CsvTable table;
  put_heads(table);
  for (std::size_t i = 0; i < statistics.rows.size(); ++i) {
    const auto& row = statistics.rows[i];
    table.text(hall::to_text(statistics.query.by)).text(row.key).text(name_of(form, row.key));
    put_row(table, row, withheld[i]);
  }
  table.text("total").text("").text("");
  put_row(table, statistics.total, withheld.back());
  return table.take();
}

}  // namespace lobby::api
