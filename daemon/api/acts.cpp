#include "daemon/api/acts.hpp"

#include <algorithm>
#include <utility>

#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/personal.hpp"
#include "daemon/api/router.hpp"
#include "daemon/api/secrets.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {
namespace {

/// Only what is certainly something else is refused: scripts rarely set the type.
bool may_be_json(const std::string& content_type) {
  return !content_type.starts_with("multipart/") && !content_type.starts_with("image/");
}

std::optional<Problem> refuse_window(const Desk& desk, const Call& call) {
  const hall::WindowId window{call.ids.front()};
  if (desk.backend.site().find(window) == nullptr) {
    return not_found("there is no window `" + window.value + "`", "unknown_window");
  }
  if (!may_use_window(call.account, window.value)) {
    return forbidden("window `" + window.value + "` is not one of this account's");
  }
  return std::nullopt;
}

/// The hall knows printers only by what they report; which devices there are is for the lobby to say.
std::optional<Problem> refuse_printer(const Desk& desk, const hall::Command& command) {
  const auto* reprint = std::get_if<hall::ReprintTicket>(&command);
  if (reprint == nullptr || !reprint->printer) {
    return std::nullopt;
  }
  for (const auto& device : desk.backend.devices()) {
    if (device.id == *reprint->printer && device.kind == hall::DeviceKind::printer) {
      return std::nullopt;
    }
  }
  return not_found("there is no printer `" + reprint->printer->value + "`", "unknown_device");
}

std::optional<Problem> refuse_form(const Call& call) {
  const auto& key = call.request.idempotency_key;
  const auto is_printable = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (key && (key->empty() || key->size() > 255 || !std::all_of(key->begin(), key->end(), is_printable))) {
    return bad_request("header `Idempotency-Key` must be 1 to 255 printable characters");
  }
  const bool is_number = key && key->find_first_not_of("0123456789Xx +-.") == std::string::npos;
  if (is_number && holds_personal_number(*key, Digits::are_a_code)) {
    return bad_request("header `Idempotency-Key` looks like an ID or telephone number, which is not kept");
  }
  if (!call.target.query.empty()) {
    return bad_request("unknown query parameter `" + call.target.query.front().first + "`");
  }
  if (!may_be_json(call.request.content_type)) {
    return bad_request("header `Content-Type` must be application/json");
  }
  return std::nullopt;
}

/// The first event of this kind.
template <class Body>
const Body* first_of(const std::vector<hall::Event>& events) {
  for (const auto& event : events) {
    if (const auto* body = std::get_if<Body>(&event.body)) {
      return body;
    }
  }
  return nullptr;
}

Answer render_ticket(Backend& backend, hall::TicketId id, const hall::State& state,
                     const std::vector<hall::Event>& events) {
  const auto* issued = first_of<hall::TicketIssued>(events);
  Answer answer{issued == nullptr ? 200 : 201, {}};
  if (const auto* ticket = state.find(issued == nullptr ? id : issued->ticket)) {
    put_ticket(answer.body, backend, state, *ticket, events);
  }
  return answer;
}

Answer render_window(Backend& backend, const hall::WindowId& id, const hall::State& state) {
  Answer answer;
  if (const auto* window = backend.site().find(id)) {
    put(answer.body, hall::window_view(backend.site(), state, *window));
  }
  return answer;
}

Answer render_appointment(const std::vector<hall::Event>& events) {
  Answer answer{201, {}};
  if (const auto* booked = first_of<hall::AppointmentBooked>(events)) {
    JsonObject(answer.body)
        .add("id", booked->id)
        .add("code", booked->code)
        .add("service", booked->service)
        .add("date", booked->date)
        .add("time", clock_text(static_cast<int>(booked->minute)));
  }
  return answer;
}

/// Not whom: a person is not to be read out of answers.
Answer render_block(const Backend& backend, const std::vector<hall::Event>& events) {
  Answer answer;
  if (const auto* block = first_of<hall::ApplicantBlocked>(events)) {
    JsonObject(answer.body)
        .add("until", block->until)
        .add("blocked", block->until >= hall::local_date(backend.now()));
  }
  return answer;
}

Answer render_service(Backend& backend, const hall::ServiceId& id, const hall::State& state) {
  const auto now = backend.now();
  Answer answer;
  for (const auto& service : hall::hall_view(backend.site(), state, now, backend.estimates()).services) {
    if (service.id == id) {
      put_service(answer.body, service, now);
    }
  }
  return answer;
}

Answer render_draft(const std::vector<hall::Event>& events) {
  Answer answer{201, {}};
  if (const auto* drafted = first_of<hall::TextDrafted>(events)) {
    JsonObject(answer.body).add("draft", drafted->draft);
  }
  return answer;
}

Answer render_text(hall::DraftId id, const hall::State& state) {
  Answer answer;
  if (const auto* text = state.find(id)) {
    put(answer.body, *text);
  }
  return answer;
}

Answer render_emergency(const hall::State& state) {
  Answer answer;
  if (state.emergency) {
    put(answer.body, *state.emergency);
  }
  return answer;
}

/// A plan made it (201); a start was taken (202), what becomes of it is seen later; anything else is done.
Answer render_evaluation(Backend& backend, hall::EvaluationId id, const hall::State& state,
                         const std::vector<hall::Event>& events) {
  const auto* planned = first_of<hall::EvaluationPlanned>(events);
  const bool is_started = first_of<hall::EvaluationOpened>(events) != nullptr &&
                          first_of<hall::EvaluationUnwitnessed>(events) == nullptr;
  Answer answer{planned != nullptr ? 201 : is_started ? 202 : 200, {}};
  if (const auto* evaluation = state.find(planned != nullptr ? planned->evaluation : id)) {
    put(answer.body, *evaluation, backend);
  }
  return answer;
}

/// `id`: the path's.
Submission submission_for(Backend& backend, hall::Command command, Shows shows, const std::string& id) {
  Submission submission;
  submission.command = std::move(command);
  submission.render = [&backend, shows, id](const hall::State& state,
                                            const std::vector<hall::Event>& events) -> Answer {
    switch (shows) {
      case Shows::ticket:
        return render_ticket(backend, hall::TicketId{parse_number(id).value_or(0)}, state, events);
      case Shows::window:
        return render_window(backend, hall::WindowId{id}, state);
      case Shows::appointment:
        return render_appointment(events);
      case Shows::block:
        return render_block(backend, events);
      case Shows::service:
        return render_service(backend, hall::ServiceId{id}, state);
      case Shows::draft:
        return render_draft(events);
      case Shows::text:
        return render_text(hall::DraftId{parse_number(id).value_or(0)}, state);
      case Shows::emergency:
        return render_emergency(state);
      case Shows::evaluation:
        return render_evaluation(backend, hall::EvaluationId{parse_number(id).value_or(0)}, state, events);
      case Shows::nothing:
        break;
    }
    return {204, {}};
  };
  return submission;
}

/// A body may hold the number of a person, which is not to lie about in memory.
struct Wiped {
  explicit Wiped(std::string& body) : text(body) {}
  ~Wiped() { wipe(text); }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  std::string& text;
};

Response response_of(const std::variant<Answer, hall::Refusal>& outcome) {
  if (const auto* refusal = std::get_if<hall::Refusal>(&outcome)) {
    return to_response(problem_of(*refusal));
  }
  const auto& answer = std::get<Answer>(outcome);
  Response response;
  response.status = answer.status;
  response.body = answer.body;
  return response;
}

}  // namespace

void perform(Desk& desk, Call call) {
  const Wiped wiped(call.request.body);
  const std::string id = call.ids.empty() ? std::string() : call.ids.front();
  const Shows shows = call.route->shows;
  if (shows == Shows::window) {
    if (auto problem = refuse_window(desk, call)) {
      return call.respond(*problem);
    }
  }
  const KeyOf key_of = [&backend = desk.backend](std::string_view number) {
    return backend.applicant_key(number);
  };
  auto read = call.route->command({id, call.request.body, call.account.role, key_of});
  if (const auto* problem = std::get_if<Problem>(&read)) {
    return call.respond(*problem);
  }
  if (auto problem = refuse_printer(desk, std::get<hall::Command>(read))) {
    return call.respond(*problem);
  }
  desk.acts.once(call, Acts::Keeps::journal, [&](std::optional<IdempotencyKey> key, Acts::Finish finish) {
    auto submission = submission_for(desk.backend, std::get<hall::Command>(std::move(read)), shows, id);
    submission.by = call.account.name;
    submission.key = std::move(key);
    submission.done = [finish = std::move(finish)](const std::variant<Answer, hall::Refusal>& outcome) {
      finish(response_of(outcome));
    };
    desk.backend.submit(std::move(submission));
  });
}

void Acts::once(const Call& call, Keeps keeps,
                const std::function<void(std::optional<IdempotencyKey>, Finish)>& work) {
  if (auto problem = refuse_form(call)) {
    return call.respond(*problem);
  }
  if (!call.request.idempotency_key) {
    work(std::nullopt,
         [exchange = call.exchange](Response response) { exchange->respond(std::move(response)); });
    return;
  }
  IdempotencyKey key{call.account.name, call.target.path, *call.request.idempotency_key,
                     backend_.body_hash(call.request.body)};
  const std::string place = key.account + '\n' + key.path + '\n' + key.key;
  if (settle(key, place, call.exchange)) {
    return;
  }
  flights_[place] = {key.body_hash, {call.exchange}};
  work(std::move(key), [this, place, keeps](Response response) { land(place, keeps, response); });
}

bool Acts::settle(const IdempotencyKey& key, const std::string& place,
                  const std::shared_ptr<Exchange>& exchange) {
  const auto answer = [&](const std::string& body_hash, Response response) {
    response.repeated = true;
    exchange->respond(body_hash == key.body_hash ? std::move(response) : to_response(key_reused()));
    return true;
  };
  if (const auto flight = flights_.find(place); flight != flights_.end()) {
    if (flight->second.body_hash != key.body_hash) {
      return answer(flight->second.body_hash, {});
    }
    flight->second.waiting.push_back(exchange);
    return true;
  }
  if (const auto kept = kept_.find(place); kept != kept_.end() && options_.now() < kept->second.until) {
    return answer(kept->second.body_hash, kept->second.response);
  }
  if (const auto kept = backend_.kept_answer(key)) {
    return answer(kept->body_hash, response_of(kept->answer));
  }
  return false;
}

void Acts::land(const std::string& place, Keeps keeps, const Response& response) {
  auto flight = flights_.extract(place);
  if (flight.empty()) {
    return;
  }
  if (keeps == Keeps::memory && response.status / 100 == 2) {
    if (kept_
            .insert_or_assign(
                place, Kept{flight.mapped().body_hash, response, options_.now() + std::chrono::hours(24)})
            .second) {
      kept_order_.push_back(place);
    }
    if (kept_order_.size() > most_kept) {
      kept_.erase(kept_order_.front());
      kept_order_.pop_front();
    }
  }
  auto answer = response;
  for (const auto& exchange : flight.mapped().waiting) {
    exchange->respond(answer);
    answer.repeated = true;  // only the first of them did it
  }
}

}  // namespace lobby::api
