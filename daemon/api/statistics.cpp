#include "daemon/api/statistics.hpp"

#include <array>
#include <utility>

#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"

namespace lobby::api {
namespace {

constexpr std::int32_t most_days = 366;
constexpr std::array<std::string_view, 2> formats{"json", "csv"};
constexpr std::array<std::string_view, 2> yes_or_no{"true", "false"};

struct WantedReport {
  hall::StatisticsQuery query;
  bool csv = false;
  bool published = false;
};

std::optional<Problem> read(QueryFields& fields, hall::Date today, WantedReport& wanted) {
  const auto to = fields.date("to");
  wanted.query.from = fields.date("from").value_or(to.value_or(today));
  wanted.query.to = to.value_or(today);
  wanted.query.by = fields.word<hall::StatisticsBy>("by").value_or(hall::StatisticsBy::window);
  wanted.csv = fields.choice("format", formats) == "csv";
  wanted.published = fields.choice("published", yes_or_no) == "true";
  if (auto problem = fields.finish()) {
    return problem;
  }
  const auto days = wanted.query.to.days - wanted.query.from.days + 1;
  if (days < 1) {
    return bad_request("query parameter `from` is later than `to`: " + hall::to_text(wanted.query.from) +
                       " and " + hall::to_text(wanted.query.to));
  }
  if (days > most_days) {
    return bad_request("query parameters `from` and `to` hold " + std::to_string(days) +
                       " days; a report is of " + std::to_string(most_days) + " at most");
  }
  return std::nullopt;
}

StatisticsForm form_of(const WantedReport& wanted, const hall::Site& site) {
  StatisticsForm form;
  form.published = wanted.published;
  const auto add = [&](const auto& things) {
    for (const auto& thing : things) {
      form.names.emplace_back(thing.id.value, thing.name);
    }
  };
  if (wanted.query.by == hall::StatisticsBy::window) {
    add(site.windows);
  } else if (wanted.query.by == hall::StatisticsBy::service) {
    add(site.services);
  }
  return form;
}

Response response_of(const WantedReport& wanted, std::string body) {
  Response response;
  response.body = std::move(body);
  if (wanted.csv) {
    const auto& query = wanted.query;
    response.content_type = "text/csv; charset=utf-8; header=present";
    response.headers = "Content-Disposition: attachment; filename=\"statistics-" + hall::to_text(query.from) +
                       "-" + hall::to_text(query.to) + "-" + std::string(hall::to_text(query.by)) +
                       ".csv\"\r\n";
  }
  return response;
}

}  // namespace

void get_statistics(Desk& desk, Call call) {
  QueryFields fields(call.target.query);
  WantedReport wanted;
  if (const auto problem = read(fields, hall::local_date(desk.backend.now()), wanted)) {
    return call.respond(*problem);
  }
  const auto text = wanted.csv ? &statistics_csv : &statistics_json;
  const auto exchange = call.exchange;
  const bool taken = desk.backend.report(
      wanted.query,
      [text, form = form_of(wanted, desk.backend.site())](const hall::Statistics& statistics) {
        return text(statistics, form);
      },
      [wanted, call = std::move(call)](std::variant<std::string, hall::Refusal> result) {
        if (const auto* refusal = std::get_if<hall::Refusal>(&result)) {
          return call.respond(problem_of(*refusal));
        }
        call.exchange->respond(response_of(wanted, std::get<std::string>(std::move(result))));
      });
  if (!taken) {
    exchange->respond(to_response(rate_limited("many reports are being made; ask again", 2)));
  }
}

}  // namespace lobby::api
