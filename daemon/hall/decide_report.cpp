#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

Decision on(const Asked& asked, const ReportCallShown& command) {
  const Place place = place_of(asked, command.window);
  if (place.window == nullptr) {
    return refuse_unknown(command.window);
  }
  const WindowRecord* record = asked.state.find(command.window);
  if (place.ticket == nullptr || record->call_seq != command.call) {
    return nothing();
  }
  return one(asked, CallShown{about(asked.state, place), command.call, command.device});
}

Decision on(const Asked& asked, const ReportDevice& command) {
  const DeviceRecord* known = asked.state.find(command.device);
  if (known != nullptr && known->state == command.state && known->reason == command.reason &&
      known->blocked == command.blocked) {
    return nothing();
  }
  return one(asked, DeviceChanged{.device = command.device,
                                  .kind = command.kind,
                                  .state = command.state,
                                  .reason = command.reason,
                                  .blocked = command.blocked ? std::optional(true) : std::nullopt});
}

Decision on(const Asked& asked, const ReportSource& command) {
  if (command.added == 0 && command.changed == 0 && command.removed == 0) {
    return nothing();
  }
  const Advanced moved{command.feed,    command.version, command.added,
                       command.changed, command.removed, command.total};
  switch (command.what) {
    case What::cases:
      return one(asked, ApprovalsAdvanced{moved});
    case What::bids:
    case What::notices:
      return one(asked, BidsAdvanced{moved});
    default:
      return one(asked, CatalogueAdvanced{moved, std::string(word_of(command.what))});
  }
}

Decision on(const Asked& asked, const ReportAccount& command) {
  if (command.change != "added" && command.change != "changed" && command.change != "removed") {
    return refuse(Refused::bad_request, "an account is added, changed or removed");
  }
  return one(asked, AccountChanged{.account = command.account, .change = command.change});
}

}  // namespace lobby::hall::deciding
