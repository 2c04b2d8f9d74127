#pragma once

#include <string>
#include <vector>

#include "daemon/api/backend.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/hall/event.hpp"

/// The hall's views as the contract's JSON.
namespace lobby::api {

std::string hall_json(const hall::HallView& hall, hall::Instant now);

/// As it stands in the hall's JSON.
void put_service(std::string& out, const hall::ServiceView& service, hall::Instant now);
/// Minutes since midnight as `09:30`.
std::string clock_text(int minute);

void put(std::string& out, const hall::WindowView& window);
void put(std::string& out, const hall::DeviceView& device);
enum class Audience : std::uint8_t {
  everybody,
  applicant,  ///< who knows the query code: how the case really stands
  staff       ///< and what only supervisors are to see
};
/// Never the upstream key, the query code or the key of the applicant.
void put(std::string& out, const hall::CaseRow& row, Audience audience);
void put(std::string& out, const hall::CasePage& page, Audience audience);
void put(std::string& out, const hall::BidsPage& page);
/// The catalogue of the day, with what superior systems say of it.
std::string catalogue_json(const hall::Site& site, const hall::UpstreamCatalogue& upstream, hall::Date today);
void put_record(std::string& out, const hall::Record& record);
void put(JsonObject& object, const hall::Age& age);

void put(std::string& out, const hall::BoardText& text);
void put(std::string& out, const hall::Emergency& emergency);
/// With its cameras as they are at this moment.
void put(std::string& out, const hall::Evaluation& evaluation, const Backend& backend);

/// An event as the journal writes it.
void put(std::string& out, const hall::Event& event);

/// A ticket with its history: what is on record, and `latest`, events that are not there yet. Without the
/// keys of people.
void put_ticket(std::string& out, Backend& backend, const hall::State& state, const hall::Ticket& ticket,
                const std::vector<hall::Event>& latest = {});

}  // namespace lobby::api
