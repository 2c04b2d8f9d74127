// The LED boards: what they show, how old that is, and what those on a video output fetch.
#include <limits>
#include <optional>
#include <utility>

#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {
namespace {

/// Where a page has what it says from; none: the hall itself, which is never old.
std::optional<hall::What> source_of(std::string_view page) {
  if (page == "cases" || page == "totals") {
    return hall::What::cases;
  }
  return page == "openings" || page == "results" || page == "room" ? std::optional(hall::What::bids)
                                                                   : std::nullopt;
}

void put_page(std::string& out, const std::string& page, const Backend& backend) {
  JsonObject object(out);
  const auto source = source_of(page);
  object.add("page", page).add("source", source ? hall::word_of(*source) : std::string_view("hall"));
  if (source) {
    const auto age = backend.age(*source);
    object.add("as_of", age.as_of).add("stale", age.stale());
  } else {
    object.add("as_of", std::optional<hall::Instant>()).add("stale", false);
  }
}

void put_reminder(std::string& out, const std::optional<hall::BoardReminder>& reminder) {
  if (!reminder) {
    out += "null";
    return;
  }
  JsonObject object(out);
  object.add("since", reminder->since).add("due", reminder->due);
  put_array(object.open("texts"), reminder->texts,
            [](std::string& to, hall::DraftId text) { to += std::to_string(text.value); });
  object.add("notices", reminder->notices);
}

void put_board(std::string& out, const hall::BoardState& board, const Backend& backend) {
  JsonObject object(out);
  object.add("id", board.id).add("zone", board.zone).add("group", or_null(board.group));
  auto& pages = object.open("pages");
  put_array(pages, board.pages,
            [&backend](std::string& to, const std::string& page) { put_page(to, page, backend); });
  object.add("over_all", or_null(board.over_all))
      .add("confirmed", board.confirmed)
      .add("confirmed_at", board.confirmed_at)
      .add("publication", board.publication)
      .add("effective_at", board.effective_at)
      .add("off_until", board.off_until);
  put_reminder(object.open("reminder"), board.reminder);
  object.add("missing_characters", std::uint64_t{board.missing});
}

Problem no_such_wall(const std::string& board) {
  return not_found("there is no board `" + board + "` on a video output", "unknown_board");
}

}  // namespace

void get_boards(Desk& desk, Call call) {
  if (const auto problem = QueryFields(call.target.query).finish()) {
    return call.respond(*problem);
  }
  std::string body;
  put_array(body, desk.backend.boards(), [&desk](std::string& out, const hall::BoardState& board) {
    put_board(out, board, desk.backend);
  });
  call.respond_json(std::move(body));
}

void get_board_texts(Desk& desk, Call call) {
  if (const auto problem = QueryFields(call.target.query).finish()) {
    return call.respond(*problem);
  }
  desk.backend.when_durable([&backend = desk.backend, call = std::move(call)] {
    std::vector<const hall::BoardText*> texts;
    for (const auto& text : backend.state().texts) {
      if (!hall::has_ended(text, backend.now())) {
        texts.push_back(&text);
      }
    }
    std::string body;
    put_array(body, texts, [](std::string& out, const hall::BoardText* text) { put(out, *text); });
    call.respond_json(std::move(body));
  });
}

void get_emergency(Desk& desk, Call call) {
  if (const auto problem = QueryFields(call.target.query).finish()) {
    return call.respond(*problem);
  }
  desk.backend.when_durable([&backend = desk.backend, call = std::move(call)] {
    const auto& emergency = backend.state().emergency;
    if (!emergency) {
      return call.respond(not_found("there is no emergency page"));
    }
    std::string body;
    put(body, *emergency);
    call.respond_json(std::move(body));
  });
}

void get_board_program(Desk& desk, Call call) {
  if (const auto problem = QueryFields(call.target.query).finish()) {
    return call.respond(*problem);
  }
  std::string_view known = call.request.if_none_match ? *call.request.if_none_match : std::string_view();
  const bool is_quoted = known.size() > 2 && known.front() == '"' && known.back() == '"';
  known = is_quoted ? known.substr(1, known.size() - 2) : std::string_view();
  auto program = desk.backend.board_program(hall::DeviceId{call.ids.front()}, known);
  if (!program) {
    return call.respond(no_such_wall(call.ids.front()));
  }
  Response response;
  response.headers = "ETag: \"" + program->mark + "\"\r\n";
  if (program->json.empty()) {
    response.status = 304;
  } else {
    response.body = std::move(program->json);
  }
  call.exchange->respond(std::move(response));
}

void post_board_shown(Desk& desk, Call call) {
  BodyFields fields(call.request.body);
  const auto version =
      fields.number("version", Need::required, 0, std::numeric_limits<std::int64_t>::max()).value_or(0);
  if (const auto problem = fields.finish()) {
    return call.respond(*problem);
  }
  if (!desk.backend.board_shown(hall::DeviceId{call.ids.front()}, version)) {
    return call.respond(no_such_wall(call.ids.front()));
  }
  Response response;
  response.status = 204;
  call.exchange->respond(std::move(response));
}

}  // namespace lobby::api
