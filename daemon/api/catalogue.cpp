// What a kiosk's menu and the inquiry show: what there is to be done here, and where.
#include <algorithm>
#include <iterator>

#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/secrets.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {
namespace {

void put_matter(std::string& out, const hall::Matter& matter) {
  JsonObject object(out);
  object.add("code", or_null(matter.code))
      .add("name", matter.name)
      .add("short_name", or_null(matter.short_name))
      .add("service", matter.service)
      .add("promised_limit", or_null(matter.promised_limit))
      .add("statutory_limit", or_null(matter.statutory_limit))
      .add("fee", or_null(matter.fee))
      .add("guide_url", or_null(matter.guide_url));
  put_array(object.open("stages"), matter.stages);
  put_array(object.open("sample_forms"), matter.sample_forms);
  put_array(object.open("modes"), matter.modes);
}

void put_department(std::string& out, const hall::Department& department) {
  JsonObject object(out);
  object.add("id", department.id).add("name", department.name).add("phone", or_null(department.phone));
  put_array(object.open("matters"), department.matters, put_matter);
}

void put_group(std::string& out, const hall::ServiceGroup& group) {
  JsonObject object(out);
  object.add("id", group.id).add("name", group.name);
  put_array(object.open("departments"), group.departments, put_department);
}

void put_sign(std::string& out, const hall::Window& window) {
  JsonObject object(out);
  object.add("id", window.id).add("number", window.number).add("name", window.name).add("zone", window.zone);
  put_array(object.open("services"), window.services);
  object.add("first_inquiry", window.first_inquiry).add("duty_staff", or_null(window.duty_staff));
}

void put_agency(std::string& out, const hall::Agency& agency) {
  JsonObject(out)
      .add("id", agency.id)
      .add("name", agency.name)
      .add("licence", agency.licence)
      .add("promised_limit", agency.promised_limit);
}

void put_badge(std::string& out, const hall::Badge& badge) {
  JsonObject(out)
      .add("staff_no", badge.staff_no)
      .add("name", or_null(badge.name))
      .add("title", badge.title)
      .add("unit", or_null(badge.unit))
      .add("photo_ref", or_null(badge.photo_ref));
}

void put_notice(std::string& out, const hall::PublicNotice& notice) {
  JsonObject(out)
      .add("id", notice.id)
      .add("title", notice.title)
      .add("text", notice.text)
      .add("unit", or_null(notice.unit));
}

std::vector<hall::PublicNotice> shown_on(const std::vector<hall::PublicNotice>& notices, hall::Date today) {
  std::vector<hall::PublicNotice> shown;
  std::copy_if(notices.begin(), notices.end(), std::back_inserter(shown), [&](const hall::PublicNotice& one) {
    return one.from <= today && (one.until == hall::Date{} || today <= one.until);
  });
  return shown;
}

void put_hotline(std::string& out, const hall::Hotline& hotline) {
  JsonObject(out)
      .add("number", hotline.number)
      .add("label_zh", hotline.label_zh)
      .add("label_en", or_null(hotline.label_en));
}

/// For a site that names no matters: its services as they stand in its zones.
hall::ServiceGroup group_of_zones(const hall::Site& site) {
  hall::ServiceGroup group;
  group.id = "all";
  group.name = site.name;
  for (const auto& zone : site.zones) {
    hall::Department part;
    part.id = zone.id.value;
    part.name = zone.name;
    for (const auto& service : site.services) {
      if (service.zone == zone.id) {
        hall::Matter matter;
        matter.name = service.name;
        matter.service = service.id;
        matter.modes = service.modes;
        part.matters.push_back(std::move(matter));
      }
    }
    if (!part.matters.empty()) {
      group.departments.push_back(std::move(part));
    }
  }
  return group;
}

void put_upstream_matter(std::string& out, const hall::UpstreamMatter& matter) {
  JsonObject(out)
      .add("code", or_null(matter.code))
      .add("name", matter.name)
      .add("short_name", or_null(matter.short_name))
      .add("dept_name", or_null(matter.dept_name))
      .add("kind", or_null(matter.kind))
      .add("service_type", or_null(matter.service_type))
      .add("promised_limit", or_null(matter.promised_limit))
      .add("statutory_limit", or_null(matter.statutory_limit))
      .add("fee", or_null(matter.fee))
      .add("guide_url", or_null(matter.guide_url))
      .add("phone", or_null(matter.phone));
}

void put_booked_slot(std::string& out, const hall::SlotLoad& slot) {
  JsonObject(out)
      .add("date", slot.date)
      .add("start", or_null(slot.start))
      .add("end", or_null(slot.end))
      .add("service", or_null(slot.service))
      .add("booked", slot.booked);
}

std::string content_of(const hall::Site& site, const hall::UpstreamCatalogue& upstream, hall::Date today) {
  const auto catalogue = hall::completed(site.catalogue, upstream);
  std::string out;
  {
    JsonObject object(out);
    put_array(object.open("groups"),
              catalogue.groups.empty() ? std::vector{group_of_zones(site)} : catalogue.groups, put_group);
    put_array(object.open("windows"), site.windows, put_sign);
    put_array(object.open("hotlines"), catalogue.hotlines, put_hotline);
    put_array(object.open("agencies"), catalogue.agencies, put_agency);
    put_array(object.open("staff"), catalogue.staff, put_badge);
    put_array(object.open("notices"), shown_on(catalogue.notices, today), put_notice);
    put_array(object.open("upstream_matters"), upstream.matters, put_upstream_matter);
    put_array(object.open("booked_slots"), upstream.slots, put_booked_slot);
  }
  return out;
}

}  // namespace

std::string catalogue_json(const hall::Site& site, const hall::UpstreamCatalogue& upstream,
                           hall::Date today) {
  constexpr std::size_t version_bytes = 8;
  const std::string content = content_of(site, upstream, today);
  const std::string version = to_hex(sha256(content).substr(0, version_bytes));
  std::string out = "{\"data_version\":\"" + version + "\",";
  if (upstream.age.has_source()) {
    std::string age;
    {
      JsonObject object(age);
      put(object, upstream.age);
    }
    out.append(age, 1, age.size() - 2).push_back(',');
  }
  return out + content.substr(1);
}

void get_catalogue(Desk& desk, Call call) {
  if (const auto problem = QueryFields(call.target.query).finish()) {
    return call.respond(*problem);
  }
  Backend& backend = desk.backend;
  call.respond_json(
      catalogue_json(backend.site(), backend.upstream_catalogue(), hall::local_date(backend.now())));
}

}  // namespace lobby::api
