#include "daemon/feed/push.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/feed/redact.hpp"
#include "daemon/feed/strict_json.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_reason = 200;  // characters
constexpr int bad_request = 400;
constexpr int already_there = 409;
constexpr int too_large = 413;
constexpr int bad_content = 422;

/// No to all that was posted, which may be for one event of it or for a target that is broken.
struct Doubt {
  std::string reason;  ///< the same as long as the trouble is
};
using Verdict = std::variant<std::vector<Refused>, Failure, Doubt>;

Failure trouble(std::string reason) {
  return {Failure::Kind::trouble, std::move(reason), std::nullopt};
}

std::string text_at(const json::value& value, std::string_view pointer) {
  std::string text;
  const auto* found = find(value, *parse_pointer(pointer));
  return found != nullptr && scalar_text(*found, text) ? text : std::string();
}

/// Words of the target for people of the hall. Numbers of persons go before it is cut: what is left of a
/// number that was cut would not look like one.
std::string for_people(std::string_view text) {
  constexpr std::size_t longest_read = 16 * 1024;
  return encode(redact(tidy(decode(text.substr(0, longest_read)), longest_read)).substr(0, longest_reason));
}

/// A short number may be told; anything else may be a text about somebody. Codes are HTTP's with two digits
/// more where they are any: who we are, too much, and the target's own trouble are no fault of an event.
Verdict verdict_of_code(const std::string& code) {
  if (code.empty()) {
    return trouble("the answer lacks the code that says how it went");
  }
  const auto digits = std::string_view(code).substr(code.starts_with('-') ? 1 : 0);
  constexpr std::size_t longest = 5;
  if (digits.empty() || digits.size() > longest ||
      digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return Doubt{"the target reports a failure"};
  }
  const bool refuses_us = code == "401" || code == "403" || (digits.size() == 5 && code.starts_with("401"));
  std::string reason = fmt::format("the target reports a failure: code {}", code);
  if (refuses_us) {
    return Failure{Failure::Kind::unauthorised, std::move(reason), std::nullopt};
  }
  const bool like_http = code.size() == 3 || code.size() == 5;
  const bool its_own =
      like_http && (code.starts_with("403") || code.starts_with("429") || code.starts_with('5'));
  return its_own ? Verdict(trouble(std::move(reason))) : Verdict(Doubt{std::move(reason)});
}

/// What a good answer says of single events.
Verdict refused_in(const json::value& answer) {
  std::vector<Refused> refused;
  const auto* list = find(answer, {"data", "rejected"});
  if (list == nullptr || list->is_null()) {
    return refused;
  }
  if (!list->is_array()) {
    return trouble("the answer does not say what was rejected");
  }
  for (const auto& one : list->get_array()) {
    auto id = text_at(one, "/id");
    if (id.empty()) {
      return trouble("the answer does not say what was rejected");
    }
    refused.push_back({std::move(id), for_people(text_at(one, "/reason"))});
  }
  return refused;
}

Verdict verdict_of_body(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos) {
    return std::vector<Refused>{};
  }
  if (body[first] == '<') {
    return trouble("the answer is a web page, not JSON");
  }
  const auto parsed = parse_strict(body);
  if (const auto* fault = std::get_if<JsonFault>(&parsed)) {
    return trouble(fault->reason);
  }
  const auto& answer = std::get<json::value>(parsed);
  const auto code = text_at(answer, "/code");
  if (code != "0") {
    return verdict_of_code(code);
  }
  return refused_in(answer);
}

Verdict verdict_of(const PostAnswer& answer) {
  return answer.status == bad_request ? Verdict(Doubt{"HTTP 400"}) : verdict_of_body(answer.body);
}

/// Why a single event is refused: the target's own words where it has any, as the usual frameworks write
/// them.
std::string reason_of(const PostAnswer& answer) {
  const auto parsed = parse_strict(answer.body);
  const auto* value = std::get_if<json::value>(&parsed);
  std::string message;
  for (const auto* pointer : {"/detail", "/message", "/msg", "/detail/0/msg"}) {
    message = value == nullptr || !message.empty() ? message : text_at(*value, pointer);
  }
  const auto code = value == nullptr || answer.status >= 300 ? std::string() : text_at(*value, "/code");
  const auto said = code.empty() ? fmt::format("HTTP {}", answer.status) : "code " + code;
  return for_people(message.empty() ? said : said + ": " + message);
}

std::string body_of(const PushItem* first, const PushItem* last) {
  std::string body = R"({"items":[)";
  for (const auto* item = first; item != last; ++item) {
    body += item == first ? "" : ",";
    body += item->json;
  }
  return body + "]}";
}

}  // namespace

bool is_answer(int status) {
  return (status >= 200 && status < 300) || status == bad_request || status == already_there ||
         status == too_large || status == bad_content;
}

/// Items from `begin` up to `end` that go together.
struct Push::Part {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

/// A batch that is being sent.
struct Push::Sending {
  const std::vector<PushItem>& items;
  std::vector<Part> parts;  ///< a stack: the first events are on top
  std::vector<Refused> refused;
  bool searches = false;          ///< for the event that makes the target say no to all
  bool taken = false;             ///< the target has some event of the batch
  std::vector<Refused> suspects;  ///< single events that it said no to
  std::vector<Part> postponed;    ///< until it has taken one

  void cut(Part part, std::size_t size) {
    parts.push_back({part.begin + size, part.end});
    parts.push_back({part.begin, part.begin + size});
  }
  /// Of a part or of a single event that is there already.
  void take();
  void doubt(Part part, const PostAnswer& answer);
  /// Each event of the part once; of others the target knows nothing.
  void refuse(Part part, const std::vector<Refused>& named) {
    for (auto i = part.begin; i < part.end; ++i) {
      const auto is_it = [&](const Refused& one) { return one.id == items[i].id; };
      if (const auto found = std::find_if(named.begin(), named.end(), is_it); found != named.end()) {
        refused.push_back(*found);
      }
    }
  }
};

void Push::Sending::take() {
  taken = true;
  parts.insert(parts.end(), postponed.begin(), postponed.end());
  postponed.clear();
}

/// By halves, like a 422. While nothing is taken and some single events were refused, of each further part
/// only the last event is tried alone: a target that is broken is not asked about hundreds.
void Push::Sending::doubt(Part part, const PostAnswer& answer) {
  constexpr std::size_t enough = 3;
  if (part.size() == 1) {
    suspects.push_back({items[part.begin].id, reason_of(answer)});
  } else if (!taken && suspects.size() >= enough) {
    postponed.push_back({part.begin, part.end - 1});
    parts.push_back({part.end - 1, part.end});
  } else {
    cut(part, (part.size() + 1) / 2);
  }
}

/// A no to all is a failure until it has come often enough for the same events.
bool Push::insists(const std::string& id, const std::string& reason) {
  constexpr unsigned enough = 5;
  doubts_ = id == doubted_id_ && reason == doubt_ ? doubts_ + 1 : 1;
  doubted_id_ = id;
  doubt_ = reason;
  return doubts_ >= enough;
}

void Push::learn(int status, std::size_t size) {
  constexpr unsigned enough = 64;
  if (status == too_large) {
    fits_ = std::max<std::size_t>(1, size / 2);
    good_ = 0;
  } else if (fits_ < most && size == fits_ && ++good_ >= enough) {
    fits_ = std::min(most, fits_ * 2);
    good_ = 0;
  }
}

/// What an answer means for the part that was posted.
std::optional<Failure> Push::take(const PostAnswer& answer, Part part, Sending& sending) {
  const int status = answer.status;
  if ((status >= 200 && status < 300) || status == bad_request) {
    auto verdict = verdict_of(answer);
    if (auto* failure = std::get_if<Failure>(&verdict)) {
      return std::move(*failure);
    }
    if (const auto* doubt = std::get_if<Doubt>(&verdict)) {
      if (!sending.searches && !insists(sending.items[part.begin].id, doubt->reason)) {
        return trouble(doubt->reason);
      }
      sending.searches = true;
      sending.doubt(part, answer);
      return std::nullopt;
    }
    learn(status, part.size());
    sending.take();
    sending.refuse(part, std::get<std::vector<Refused>>(verdict));
    return std::nullopt;
  }
  learn(status, part.size());
  if (part.size() > 1) {
    sending.cut(part, (part.size() + 1) / 2);
  } else if (status == already_there) {
    sending.take();
  } else {
    sending.refused.push_back({sending.items[part.begin].id, reason_of(answer)});
  }
  return std::nullopt;
}

std::variant<std::vector<Refused>, Failure> Push::send(const std::vector<PushItem>& items) {
  Sending sending{items, {{0, items.size()}}, {}, false, false, {}, {}};
  while (!sending.parts.empty()) {
    const Part part = sending.parts.back();
    sending.parts.pop_back();
    if (part.size() > fits_) {
      sending.cut(part, fits_);
      continue;
    }
    auto outcome = poster_.post(body_of(items.data() + part.begin, items.data() + part.end));
    if (auto* failure = std::get_if<Failure>(&outcome)) {
      return std::move(*failure);
    }
    if (auto failure = take(std::get<PostAnswer>(outcome), part, sending)) {
      return *std::move(failure);
    }
    if (!sending.parts.empty()) {
      goes_on_();
    }
  }
  if (!sending.suspects.empty() && !sending.taken) {
    // Nothing proves that it is the events.
    return trouble("the target refuses every event alike, nothing is given up: " + doubt_);
  }
  doubts_ = 0;
  std::move(sending.suspects.begin(), sending.suspects.end(), std::back_inserter(sending.refused));
  return std::move(sending.refused);
}

}  // namespace lobby::feed
