#include "daemon/app/outbox_items.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "daemon/api/json_writer.hpp"
#include "daemon/feed/redact.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::app {
namespace {

/// What happens to tickets and at windows.
using QueueEvents =
    std::tuple<hall::TicketIssued, hall::TicketCalled, hall::TicketRecalled, hall::ServiceStarted,
               hall::ServiceFinished, hall::TicketNoShow, hall::TicketHeld, hall::TicketResumed,
               hall::TicketTransferred, hall::TicketReinstated, hall::TicketCancelled, hall::TicketExpired,
               hall::WindowOpened, hall::WindowClosed, hall::WindowPaused, hall::WindowResumed>;

template <class Body>
constexpr bool is_queue_event = []<class... Each>(std::tuple<Each...>*) {
  return (std::is_same_v<Body, Each> || ...);
}(static_cast<QueueEvents*>(nullptr));

constexpr auto queue_event_types = []<class... Each>(std::tuple<Each...>*) {
  return std::array{Each::type...};
}(static_cast<QueueEvents*>(nullptr));

/// Fields of the journal that may leave as they are, and how they are called then. What is not here stays:
/// keys of applicants, reasons and messages that somebody typed, who granted what.
constexpr std::pair<std::string_view, std::string_view> public_fields[] = {
    {"lane", "lane"},
    {"ahead", "ahead"},
    {"kiosk", "kiosk"},
    {"green_type", "greenType"},
    {"package", "package"},
    {"times", "times"},
    {"outcome", "outcome"},
    {"notice_slip_no", "noticeSlipNo"},
    {"waited_s", "waitedSeconds"},
    {"served_s", "servedSeconds"},
    {"kind", "holdKind"},
    {"to_service", "toService"},
    {"to_window", "toWindow"},
    {"place", "place"},
    {"next_step", "nextStep"},
    {"queued_at", "queuedAt"},
    {"back_at", "backAt"},
};

bool is_empty(const auto&) {
  return false;
}
bool is_empty(const std::string& text) {
  return text.empty();
}
bool is_empty(const bool& flag) {
  return !flag;
}
template <class T>
bool is_empty(const std::optional<T>& value) {
  return !value;
}

/// Members that other systems know under a name of theirs.
class Writer {
 public:
  Writer(api::JsonObject& object, const hall::Site& site) : object_(object), site_(site) {}

  void ticket(const hall::AboutTicket& about) {
    if (about.ticket.value != 0) {
      object_.add("ticketNo", about.number).add("ticketId", about.ticket);
    }
    object_.add("service", about.service);
    if (const auto* service = site_.find(about.service)) {
      object_.add("serviceName", service->name);
    }
  }
  void window(const hall::WindowId& id) {
    object_.add("window", id);
    if (const auto* window = site_.find(id)) {
      object_.add("windowNo", window->number);
    }
  }
  void clerk(std::string_view name, const hall::ClerkId& id) {
    if (const auto number = clerk_number(site_, id); !number.empty()) {
      object_.add(name, number);
    }
  }
  /// A clerk types it, so it may be another number.
  void case_no(const std::string& number) {
    if (!number.empty() && !feed::is_personal_number(feed::decode(number))) {
      object_.add("caseNo", number);
    }
  }

  // What `fields(self, f)` calls.
  void operator()(std::string_view name, const hall::ClerkId& id) {
    clerk(name == "clerk" ? "clerk" : "tookOverFrom", id);
  }
  template <class T>
  void operator()(std::string_view name, const T& member) {
    if constexpr (std::is_same_v<T, std::string>) {
      if (name == "case_no") {
        return case_no(member);
      }
    }
    if constexpr (requires(std::string & out) { api::put(out, member); }) {
      const auto known = std::find_if(std::begin(public_fields), std::end(public_fields),
                                      [name](const auto& each) { return each.first == name; });
      if (known != std::end(public_fields) && !is_empty(member)) {
        object_.add(known->second, member);
      }
    }
  }

 private:
  api::JsonObject& object_;
  const hall::Site& site_;
};

template <class Body>
void put_queue_event(Writer& writer, const Body& body) {
  if constexpr (std::is_base_of_v<hall::AboutTicket, Body>) {
    writer.ticket(body);
  }
  const hall::Event whole{0, {}, {}, body};  // what is found points into it
  if (const auto* window = hall::window_of(whole)) {
    writer.window(*window);
  }
  Body::fields(body, writer);
}

/// 1: the matter was taken in, 2: it is done.
int stage_of(const std::optional<hall::ServiceFinished>& finished) {
  using enum hall::Outcome;
  return finished && (finished->outcome == on_spot || finished->outcome == delivered) ? 2 : 1;
}

void put_rating(api::JsonObject& object, Writer& writer, const OutboxSite& outbox,
                const hall::ServiceRated& rated, const std::optional<hall::ServiceFinished>& finished) {
  writer.ticket(rated);
  writer.window(rated.window);
  writer.clerk("clerk", rated.clerk);
  writer.case_no(finished ? finished->case_no : std::string());
  object.add("score", outbox.grades[static_cast<std::size_t>(rated.score)]).add("stage", stage_of(finished));
}

}  // namespace

bool is_for(OutboxSite::What what, std::string_view type) {
  if (what == OutboxSite::What::ratings) {
    return type == hall::ServiceRated::type;
  }
  return std::find(queue_event_types.begin(), queue_event_types.end(), type) != queue_event_types.end();
}

std::string clerk_number(const hall::Site& site, const hall::ClerkId& clerk) {
  const auto& staff = site.catalogue.staff;
  const auto is_his = [&](const hall::Badge& badge) { return badge.staff_no == clerk.value; };
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  const bool plain = std::all_of(clerk.value.begin(), clerk.value.end(), is_plain);
  const bool numbered = plain && clerk.value.find_first_of("0123456789") != std::string::npos;
  const bool known = staff.empty() ? numbered : std::any_of(staff.begin(), staff.end(), is_his);
  return known ? clerk.value : std::string();
}

std::optional<flows::OutboxItem> outbox_item(const OutboxSite& outbox, const hall::Site& site,
                                             const hall::Event& event,
                                             const std::optional<hall::ServiceFinished>& finished) {
  if (!is_for(outbox.what, hall::type_of(event))) {
    return std::nullopt;
  }
  flows::OutboxItem item;
  item.id = outbox.node + "-" + std::to_string(event.seq);
  {
    api::JsonObject object(item.json);
    object.add("id", item.id)
        .add("node", outbox.node)
        .add("seq", event.seq)
        .add("at", event.at)
        .add("type", hall::type_of(event));
    Writer writer(object, site);
    std::visit(
        [&](const auto& body) {
          using Body = std::remove_cvref_t<decltype(body)>;
          if constexpr (std::is_same_v<Body, hall::ServiceRated>) {
            put_rating(object, writer, outbox, body, finished);
          } else if constexpr (is_queue_event<Body>) {
            put_queue_event(writer, body);
          }
        },
        event.body);
  }
  return item;
}

}  // namespace lobby::app
