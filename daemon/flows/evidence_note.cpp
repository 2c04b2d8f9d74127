#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

#include "daemon/flows/witness_ports.hpp"

namespace lobby::flows {

namespace {

struct Kind {
  std::string_view type, kind;
  bool seals;
};
constexpr std::array kinds{Kind{"EvaluationPlanned", "planned", false},
                           Kind{"EvaluationOpened", "opened", true},
                           Kind{"RecordingRequested", "requested", false},
                           Kind{"RecordingVerified", "verified", true},
                           Kind{"RecordingMissing", "missing", true},
                           Kind{"RecordingGap", "gap", true},
                           Kind{"AlarmRaised", "alarm", true},
                           Kind{"AlarmAcknowledged", "acknowledged", false},
                           Kind{"EvaluationUnwitnessed", "unwitnessed", true},
                           Kind{"EvaluationInterrupted", "interrupted", true},
                           Kind{"EvaluationStopped", "stopped", true}};

/// What `fields(self, f)` calls to fill a note.
struct DetailWriter {
  EvidenceNote& note;
  void put(std::string_view name, std::string text) {
    if (!text.empty()) {
      note.detail[std::string(name)] = std::move(text);
    }
  }
  void operator()(std::string_view name, const std::string& text) { put(name, text); }
  template <class Tag>
  void operator()(std::string_view name, const hall::Id<Tag, std::string>& id) {
    if (name == "camera") {
      note.camera.value = id.value;
    } else {
      put(name, id.value);
    }
  }
  template <class Tag>
  void operator()(std::string_view name, const hall::Id<Tag, std::uint64_t>& id) {
    if (name != "evaluation") {
      note.detail[std::string(name)] = static_cast<std::int64_t>(id.value);
    }
  }
  void operator()(std::string_view name, hall::Word auto word) {
    put(name, std::string(hall::to_text(word)));
  }
  void operator()(std::string_view name, hall::Instant at) {
    note.detail[std::string(name) + "_ms"] = at.utc_ms;
  }
  void operator()(std::string_view name, const std::optional<hall::Instant>& at) {
    if (at) {
      (*this)(name, *at);
    }
  }
  void operator()(std::string_view name, const std::vector<hall::DeviceId>& ids) {
    std::string all;
    for (const auto& id : ids) {
      all += (all.empty() ? "" : " ") + id.value;
    }
    put(name, std::move(all));
  }
};

}  // namespace

std::optional<NotedEvent> note_of(const hall::Event& event) {
  const auto type = hall::type_of(event);
  for (const auto& [name, kind, seals] : kinds) {
    if (name != type) {
      continue;
    }
    NotedEvent noted;
    noted.seals = seals;
    noted.note.kind = kind;
    std::visit(
        [&](const auto& body) {
          using Body = std::remove_cvref_t<decltype(body)>;
          if constexpr (std::derived_from<Body, hall::AboutEvaluation>) {
            noted.about = body.evaluation;
            DetailWriter write{noted.note};
            Body::fields(body, write);
          }
        },
        event.body);
    noted.note.detail["event"] = static_cast<std::int64_t>(event.seq);
    if (!event.by.empty()) {
      noted.note.detail["by"] = event.by;
    }
    return noted;
  }
  return std::nullopt;
}

}  // namespace lobby::flows
