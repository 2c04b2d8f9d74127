#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/hall/calendar.hpp"
#include "daemon/hall/case_judging.hpp"
#include "daemon/hall/evaluation.hpp"
#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

/// The part of a site that the hall decides by. Filled from the site file by daemon/app, constant while the
/// daemon runs; nothing here names a wire.
namespace lobby::hall {

/// An open interval of a day: minutes since local midnight, [from, to).
struct Hours {
  int from = 0;
  int to = 0;
  friend bool operator==(const Hours&, const Hours&) = default;
};

/// Seven days from Monday; a day may have several intervals, in order, not overlapping.
using WeekHours = std::array<std::vector<Hours>, 7>;

struct Zone {
  ZoneId id;
  std::string name;
  std::string name_en = {};  ///< may be empty, as of a service
};

/// Appointments of a service: slots of `every_min` minutes within these hours, `capacity` people each.
struct Slots {
  std::vector<Hours> hours;
  int every_min = 0;  ///< 0: no appointments
  std::uint32_t capacity = 0;
};

/// Services that share a prefix have either the same number range (and then one sequence) or disjoint ranges;
/// the site check enforces it.
struct Service {
  ServiceId id;
  std::string name;
  ZoneId zone;
  std::string prefix;        ///< what stands before the digits: `A`; may be empty
  std::uint32_t first = 1;   ///< first number of a day
  std::uint32_t last = 999;  ///< last number of a day, inclusive
  ServiceKind kind = ServiceKind::ordinary;
  std::string joint_category;     ///< of a joint service: served at windows of this category only
  WeekHours hours;                ///< when tickets are issued on a working day
  WeekHours extended;             ///< 延时: further hours, on weekends too
  int last_issue_before_min = 0;  ///< no tickets so many minutes before an interval ends
  std::uint32_t quota_day = 0;    ///< tickets a day; 0: no quota. A complaint knows none
  std::uint32_t quota_slot = 0;   ///< tickets in `quota_slot_min` minutes; 0: no quota
  int quota_slot_min = 0;
  bool one_per_person = false;      ///< asks for an applicant, who may hold one open ticket of it
  std::vector<ServiceId> steps;     ///< 套餐: the services that one ticket of this one passes through
  bool steps_in_any_order = false;  ///< the next step is the one with the shortest wait
  std::uint32_t typical_s = 0;      ///< what one person takes before anything was measured; 0: unknown
  Slots slots;
  std::string name_en = {};
  std::vector<std::string> modes;  ///< of the plan's nine ways to serve; shown, not decided by
};

/// Where the transfer key of a keypad sends a ticket: to one of both, or nowhere.
struct TransferTo {
  ServiceId service;
  WindowId window;
};

struct Window {
  WindowId id;
  std::uint32_t number = 0;  ///< what is painted above it; may change over the years, the id does not
  std::string name;
  ZoneId zone;
  std::vector<ServiceId> services;                 ///< in the order of the site file
  std::vector<std::string> joint_categories = {};  ///< of joint services that may be handled here
  std::string profile = {};                        ///< empty: the site's lanes rule alone
  std::vector<ClerkId> backups = {};               ///< 双岗: who may take the window over; empty: any clerk
  TransferTo transfer_to = {};
  bool first_inquiry = false;   ///< 首问责任岗: its sign says so
  std::string duty_staff = {};  ///< staff number of whoever answers for it; empty: nobody is named
};

struct Kiosk {
  KioskId id;
  std::string name;
  ZoneId zone;
  DeviceId printer;             ///< empty: a kiosk without paper
  DeviceId other_printer = {};  ///< prints while `printer` cannot; empty: then no ticket is given
};

/// Which tickets a rule of a work profile is about: any service, any lane where a list is empty.
struct Choice {
  std::vector<ServiceId> services;
  std::vector<Lane> lanes;
};
/// `if somebody of these has waited longer than that, then them`.
struct ProfileCondition {
  Choice choice;
  std::uint32_t waited_s = 0;
};
/// Takes up to `calls` of every round.
struct ProfileTurn {
  Choice choice;
  std::uint32_t calls = 1;
};
/// Whom a window calls next: the conditions in order, else the turns in weighted rounds, else whoever waits
/// longest. Before all of it stand the exempt and whoever waited `LanesRule::anyone_after_s`.
struct Profile {
  std::string id;
  std::vector<ProfileCondition> conditions;
  std::vector<ProfileTurn> turns;  ///< empty: the lanes rule makes them
};

/// The lanes of a hall. Of the tickets in one lane the one that waits longest goes first.
struct LanesRule {
  /// All lanes, the first one first. Those before `ordinary` are the preferred ones.
  std::vector<Lane> order{Lane::green,    Lane::military, Lane::firefighter, Lane::martyr_family,
                          Lane::elderly,  Lane::disabled, Lane::pregnant,    Lane::appointment,
                          Lane::ordinary, Lane::agent};
  std::uint32_t preferred_calls = 2;    ///< of one round at a window
  std::uint32_t ordinary_calls = 1;     ///< of the same round; the lanes behind `ordinary` share them
  std::uint32_t anyone_after_s = 1800;  ///< whoever waited so long goes before everyone issued later
  std::vector<Lane> exempt;             ///< go first always, and delay everyone else without bound
  bool complaint_exempt = false;        ///< so do the tickets of complaint services
};

struct Rules {
  std::uint32_t recall_limit = 5;           ///< of one call
  std::uint32_t recall_least_s = 5;         ///< between a call and the next recall
  std::uint32_t reinstate_within_s = 3600;  ///< after the no-show
  std::uint32_t reinstate_times = 1;
  QueuePlace reinstate_place = QueuePlace::head;
  std::uint32_t agent_limit = 5;       ///< open tickets that one agent may hold
  std::uint32_t notified_days = 10;    ///< 一次性告知: days in which the slip's number goes first
  int expire_at_min = -1;              ///< minutes since midnight; -1: at the end of the day
  std::uint32_t appointment_days = 7;  ///< ahead
  std::uint32_t check_in_early_s = 1800;
  std::uint32_t check_in_late_s = 900;  ///< later than that is late
  bool late_is_ordinary = true;         ///< late people queue as ordinary; else they are refused
  bool skip_retracted = false;          ///< 未取: a ticket that nobody took is not called
};

/// What a kiosk's menu and the inquiry show: 服务类型 → 部门 → 事项 → service.
struct Matter {
  std::string code, name, short_name;
  ServiceId service;
  std::string promised_limit, statutory_limit, fee, guide_url;
  std::vector<std::string> stages, sample_forms, modes;
};
struct Department {
  std::string id, name, phone;
  std::vector<Matter> matters;
};
struct ServiceGroup {
  std::string id, name;
  std::vector<Department> departments;
};
struct Hotline {
  std::string number, label_zh, label_en;
};
/// 中介服务机构: an intermediary whose time is limited too.
struct Agency {
  std::string id, name, licence, promised_limit;
};
/// 工作牌: what somebody of the hall wears. `name` is empty where the site shows staff by number.
struct Badge {
  std::string staff_no, name, title, unit;
  std::string photo_ref;  ///< of a picture that is kept elsewhere
};
/// 政务公示: shown from one day through another.
struct PublicNotice {
  std::string id, title, text, unit;
  Date from, until;  ///< 0: since ever, for ever
};
struct Catalogue {
  std::vector<ServiceGroup> groups;
  std::vector<Hotline> hotlines;
  std::vector<Agency> agencies;
  std::vector<Badge> staff;
  std::vector<PublicNotice> notices;
  bool staff_by_number = false;  ///< names of staff are shown nowhere
};

/// A room that is recorded while it is used. A camera's id is that of its recorder.
struct WatchedRoom {
  RoomId id;
  std::string name;
  RoomUse kind{};
  StartPolicy policy = StartPolicy::block;
  std::vector<DeviceId> cameras;  ///< each in one room
};

struct Site {
  std::string name;           ///< full official name
  std::string name_en = {};   ///< for tickets that are in English too; may be empty
  std::string hotline;        ///< printed on tickets; may be empty
  bool call_finishes = true;  ///< at a keypad, "call next" finishes the present ticket first
  std::vector<Zone> zones;
  std::vector<Service> services;
  std::vector<Window> windows;
  std::vector<Kiosk> kiosks;
  std::vector<Profile> profiles;
  std::vector<DeviceId> boards;  ///< LED boards that texts can be put on
  std::vector<WatchedRoom> rooms;
  LanesRule lanes;
  Rules rules;
  Calendar calendar;
  ApprovalRules approvals;
  Catalogue catalogue;

  const Zone* find(const ZoneId& id) const;
  const Service* find(const ServiceId& id) const;
  const Window* find(const WindowId& id) const;
  const Kiosk* find(const KioskId& id) const;
  const WatchedRoom* find(const RoomId& id) const;
  const Profile* profile(const std::string& id) const;
};

/// The hours of a service on a day, in order, those that touch as one: the weekly ones (a make-up day is a
/// Monday) and the extended ones; none on a holiday.
std::vector<Hours> hours_of(const Site& site, const Service& service, Date date);
/// Does the service issue tickets at this moment?
bool is_open(const Site& site, const Service& service, Instant at);
/// Today's next opening as minutes since midnight; -1 when none is left today.
int next_opening(const Site& site, const Service& service, Instant at);
/// May the window call tickets of the service? A joint service needs its category there, a tenant's tickets
/// are nobody's here.
bool serves(const Window& window, const Service& service);

}  // namespace lobby::hall
