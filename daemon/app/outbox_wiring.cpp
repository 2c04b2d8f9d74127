#include "daemon/app/outbox_wiring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/api/json_writer.hpp"
#include "daemon/app/log.hpp"
#include "daemon/app/outbox_items.hpp"
#include "daemon/flows/outbox.hpp"

namespace lobby::app {
namespace {

/// How the service at this window ended for the ticket, as far as the journal knows.
std::optional<hall::ServiceFinished> finished(journal::Journal& journal, const hall::Event& event) {
  constexpr std::size_t longest_history = 200;
  const auto* rated = std::get_if<hall::ServiceRated>(&event.body);
  if (rated == nullptr || rated->ticket.value == 0) {
    return std::nullopt;
  }
  std::optional<hall::ServiceFinished> found;
  for (const auto& line : journal.history(rated->ticket, longest_history)) {
    if (line.type != hall::ServiceFinished::type) {
      continue;
    }
    const auto one = journal::from_json(line.json);
    const auto* body = one ? std::get_if<hall::ServiceFinished>(&one->body) : nullptr;
    if (body != nullptr && body->window == rated->window) {
      found = *body;
    }
  }
  return found;
}

}  // namespace

/// One outbox: what the flow needs of the journal and the disk, and the flow.
struct OutboxWiring::Road final : flows::OutboxPort {
  Road(const OutboxSite& outbox_site, const House& given, DeadLetters& dead_letters)
      : outbox(outbox_site),
        id(outbox.target.id.value),
        journal(given.journal),
        registrar(given.registrar),
        site(given.site),
        clock(given.now),
        letters(dead_letters) {}

  hall::Instant now() const override { return clock(); }
  std::uint64_t newest() override { return registrar.state().seq; }
  std::vector<flows::OutboxLine> read(std::uint64_t seq, std::size_t limit) override {
    std::vector<flows::OutboxLine> lines;
    for (auto& line : journal.after(seq, limit)) {
      const bool wanted = is_for(outbox.what, line.type);
      lines.push_back({line.seq, line.at_ms, wanted, wanted ? std::move(line.json) : std::string()});
    }
    return lines;
  }
  std::optional<flows::OutboxItem> item(const flows::OutboxLine& line) override {
    const auto event = journal::from_json(line.json);
    return event ? outbox_item(outbox, site, *event, finished(journal, *event)) : std::nullopt;
  }
  std::optional<std::uint64_t> place() override { return journal.place(id); }
  void keep_place(std::uint64_t seq, std::function<void(bool)> done) override {
    Registrar::Request request;
    request.asks_hall = false;
    request.attach = [this, seq](const std::vector<hall::Event>&, journal::Batch& batch) {
      batch.places.push_back({id, seq});
    };
    request.done = [done = std::move(done)](const auto& result) { done(result.index() == 0); };
    registrar.submit(std::move(request));
  }
  void bury(std::vector<flows::DeadLetter> dead, std::function<void(bool)> done) override {
    std::string lines;
    for (const auto& letter : dead) {
      {
        api::JsonObject object(lines);
        object.add("refused_at", clock()).add("id", letter.item.id).add("reason", letter.reason);
        object.open("event") += letter.item.json;
      }
      lines += '\n';
    }
    letters.append(id, std::move(lines),
                   [this, count = dead.size(), done = std::move(done)](const std::string& fault) {
                     tell_buried(count, fault);
                     done(fault.empty());
                   });
  }
  void dropped(std::uint64_t count) override {
    log(Priority::warning,
        fmt::format("outbox {}: {} events had waited for more than 30 days and are not sent", id, count));
  }
  /// A disk that stays full says so once.
  void tell_buried(std::size_t count, const std::string& fault) {
    if (fault.empty()) {
      log(Priority::warning, fmt::format("outbox {}: {} events were refused for good and are kept in "
                                         "dead-letters/{}.ndjson of the state directory",
                                         id, count, id));
    } else if (fault != last_fault) {
      log(Priority::error,
          fmt::format("outbox {}: refused events cannot be kept, nothing more is sent: {}", id, fault));
    }
    last_fault = fault;
  }

  const OutboxSite& outbox;
  const std::string id;
  journal::Journal& journal;
  Registrar& registrar;
  const hall::Site& site;
  Registrar::Now clock;
  DeadLetters& letters;
  std::string last_fault;
  flows::Outbox flow{*this};
};

OutboxWiring::OutboxWiring(const std::vector<OutboxSite>& outboxes, House house) {
  if (outboxes.empty()) {
    return;
  }
  letters_ = std::make_unique<DeadLetters>(
      house.state_directory,
      [&executor = house.executor](std::function<void()> work) { executor.post(std::move(work)); });
  std::vector<devices::OutboxConfig> targets;
  for (const auto& outbox : outboxes) {
    roads_.push_back(std::make_unique<Road>(outbox, house, *letters_));
    targets.push_back(outbox.target);
    targets.back().trial_clock_ms = house.trial_clock_ms;
  }
  devices::Outboxes::Source source;
  source.next = [this](const hall::DeviceId& id) {
    auto batch = road(id).flow.next();
    devices::Outboxes::Batch out;
    out.more = batch.more;
    for (auto& item : batch.items) {
      out.items.push_back(std::move(item.json));
    }
    return out;
  };
  source.confirmed = [this](const hall::DeviceId& id, std::vector<devices::outbox_lines::Rejected> rejected,
                            std::function<void(bool)> kept) {
    std::vector<flows::OutboxRefusal> refused;
    refused.reserve(rejected.size());
    for (auto& one : rejected) {
      refused.push_back({std::move(one.id), std::move(one.reason)});
    }
    road(id).flow.confirmed(refused, std::move(kept));
  };
  source.lost = [this](const hall::DeviceId& id) { road(id).flow.lost(); };
  source.detail = [this](const hall::DeviceId& id) {
    const auto counts = road(id).flow.counts();
    return fmt::format("{} sent, {} refused, {} dropped", counts.sent, counts.refused, counts.dropped);
  };
  devices_ = std::make_unique<devices::Outboxes>(house.executor, targets, std::move(house.spawn),
                                                 house.roster, std::move(source));
}

OutboxWiring::~OutboxWiring() = default;

OutboxWiring::Road& OutboxWiring::road(const hall::DeviceId& id) {
  return **std::find_if(roads_.begin(), roads_.end(), [&](const auto& one) { return one->id == id.value; });
}

void OutboxWiring::stop() {
  if (devices_) {
    devices_->stop();
  }
}

std::string OutboxWiring::metrics() const {
  struct Metric {
    std::string_view name, help;
    std::uint64_t flows::Outbox::Counts::*count;
  };
  using Counts = flows::Outbox::Counts;
  constexpr std::array metrics{
      Metric{"sent", "Events that the other system has confirmed since the start.", &Counts::sent},
      Metric{"refused", "Events that it will never take, kept as dead letters.", &Counts::refused},
      Metric{"dropped", "Events that waited for more than 30 days.", &Counts::dropped}};
  std::string text;
  for (const auto& metric : metrics) {
    if (!roads_.empty()) {
      text += fmt::format("# HELP lobby_outbox_{0}_total {1}\n# TYPE lobby_outbox_{0}_total counter\n",
                          metric.name, metric.help);
    }
    for (const auto& road : roads_) {
      text += fmt::format("lobby_outbox_{}_total{{outbox=\"{}\"}} {}\n", metric.name, road->id,
                          road->flow.counts().*metric.count);
    }
  }
  return text;
}

}  // namespace lobby::app
