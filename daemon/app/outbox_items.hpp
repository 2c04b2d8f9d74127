#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/app/outbox_site.hpp"
#include "daemon/flows/outbox.hpp"
#include "daemon/hall/event.hpp"
#include "daemon/hall/site.hpp"

/// Events as other systems get them: JSON in camelCase, only what is named here. No name, no telephone
/// number, nothing of an applicant and no free text is among it; whoever adds a field sees to that.
namespace lobby::app {

/// Is an event of this type, as the journal calls it, for such an outbox?
bool is_for(OutboxSite::What what, std::string_view type);

/// A clerk as others may know him: his number in [[staff]]; where the site lists no staff, an account with a
/// digit in it. Empty: he has a name only, and that stays here.
std::string clerk_number(const hall::Site& site, const hall::ClerkId& clerk);

/// The event for this outbox; nullopt: it is none of those that is_for() names. `finished`: how the service
/// that a rating is about ended, where that is known.
std::optional<flows::OutboxItem> outbox_item(const OutboxSite& outbox, const hall::Site& site,
                                             const hall::Event& event,
                                             const std::optional<hall::ServiceFinished>& finished);

}  // namespace lobby::app
