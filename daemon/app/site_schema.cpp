#include "daemon/app/site_schema.hpp"

#include "drivers/printer/profile.hpp"

namespace lobby::app {
namespace {

using enum ValueKind;

constexpr std::string_view bauds = "1200|2400|4800|9600|19200|38400|57600|115200|230400|460800|921600";
constexpr std::string_view parities = "none|even|odd";
constexpr std::string_view flows = "none|xon_xoff|rts_cts|dtr_dsr";
constexpr std::string_view service_kinds = "ordinary|joint|complaint|inquiry|consulting|collect|tenant";
constexpr std::string_view modes =
    "reception|agency|extended_hours|appointment|inquiry|consulting|door_to_door|green_channel|tracking";
constexpr std::string_view lanes =
    "ordinary|appointment|green|elderly|disabled|pregnant|military|firefighter|martyr_family|agent";
constexpr std::string_view scores = "very_good|good|fair|poor|very_poor";
constexpr std::string_view places = "tail|head|keep";
constexpr std::string_view acts =
    "call|recall|start|finish|no_show|hold|transfer|pause|evaluate|help|nothing";
constexpr bool required = true;
constexpr bool optional = false;

constexpr KeyRule id{"id", word, required};
constexpr KeyRule name{"name", text, required, 1, 120};
constexpr KeyRule name_en{"name_en", text, optional, 0, 120};
constexpr KeyRule protocol{"protocol", word, required};
constexpr KeyRule link{"link", text, optional, 5, 255};
constexpr KeyRule baud{"baud", integer, optional, 1200, 921600, bauds};
constexpr KeyRule parity{"parity", word, optional, 0, 0, parities};
constexpr KeyRule bus{"bus", word};
constexpr KeyRule address{"address", integer, optional, 1, 247};

constexpr KeyRule must(KeyRule rule) {
  rule.required = true;
  return rule;
}

constexpr KeyRule top_keys[] = {
    {"schema", integer, required, 1, 1},
    {"name", text, required, 1, 120},
    name_en,
    {"timezone", text, optional, 1, 64},
    {"listen", text, optional, 1, 64},
    {"hotline", text, optional, 0, 40},
    {"call_finishes", boolean},
    {"stop_grace_s", integer, optional, 1, 60},
    {"print_within_s", integer, optional, 1, 600},
    {"publish_days", integer, optional, 1, 60},
    {"config_dir", text, optional, 1, 255},
    {"calendar", words, optional, 0, 16},
    {"staff_by_number", boolean},
};
constexpr KeyRule hours_keys[] = {
    {"mon", texts, optional, 0, 8}, {"tue", texts, optional, 0, 8}, {"wed", texts, optional, 0, 8},
    {"thu", texts, optional, 0, 8}, {"fri", texts, optional, 0, 8}, {"sat", texts, optional, 0, 8},
    {"sun", texts, optional, 0, 8},
};
constexpr KeyRule zone_keys[] = {id, name, name_en};
constexpr KeyRule service_keys[] = {
    id,
    name,
    name_en,
    {"zone", word, required},
    {"prefix", text, required, 0, 2},
    {"first", integer, optional, 1, 99'999},
    {"last", integer, optional, 1, 99'999},
    {"kind", word, optional, 0, 0, service_kinds},
    {"joint_category", word},
    {"hours", word, required},
    {"extended_hours", word},
    {"last_issue_before_min", integer, optional, 0, 240},
    {"quota_day", integer, optional, 1, 99'999},
    {"quota_slot", integer, optional, 1, 9999},
    {"quota_slot_min", integer, optional, 5, 720},
    {"one_per_person", boolean},
    {"steps", words, optional, 2, 16},
    {"steps_in_any_order", boolean},
    {"typical_s", integer, optional, 10, 14'400},
    {"modes", words, optional, 1, 9, modes},
};
constexpr KeyRule slots_keys[] = {
    {"hours", word, required},
    {"every_min", integer, required, 5, 240},
    {"capacity", integer, required, 1, 999},
};
constexpr KeyRule window_keys[] = {
    id,
    {"number", integer, required, 1, 9999},
    name,
    {"zone", word, required},
    {"services", words, required, 1, 512},
    {"joint_categories", words, optional, 1, 64},
    {"profile", word},
    {"backups", texts, optional, 1, 16},
    {"transfer_to", word},
    {"first_inquiry", boolean},
    {"duty_staff", word},
};
constexpr KeyRule lanes_keys[] = {
    {"order", words, optional, 1, 10, lanes},      {"preferred_calls", integer, optional, 1, 100},
    {"ordinary_calls", integer, optional, 1, 100}, {"anyone_after_s", integer, optional, 60, 14'400},
    {"exempt", words, optional, 0, 1, "green"},    {"complaint_exempt", boolean},
};
constexpr KeyRule profiles_keys[] = {id};
constexpr KeyRule when_keys[] = {
    {"services", words, optional, 1, 512},
    {"lanes", words, optional, 1, 10, lanes},
    {"waited_s", integer, required, 0, 14'399},
};
constexpr KeyRule round_keys[] = {
    {"services", words, optional, 1, 512},
    {"lanes", words, optional, 1, 10, lanes},
    {"calls", integer, optional, 1, 100},
};
constexpr KeyRule rules_keys[] = {
    {"recall_limit", integer, optional, 1, 20},
    {"recall_least_s", integer, optional, 0, 60},
    {"skip_retracted", boolean},
    {"reinstate_within_s", integer, optional, 0, 86'400},
    {"reinstate_times", integer, optional, 0, 10},
    {"reinstate_place", word, optional, 0, 0, places},
    {"agent_limit", integer, optional, 1, 99},
    {"notified_days", integer, optional, 1, 60},
    {"expire_at", text, optional, 5, 5},
    {"appointment_days", integer, optional, 1, 60},
    {"check_in_early_s", integer, optional, 0, 14'400},
    {"check_in_late_s", integer, optional, 0, 14'400},
    {"late_is_ordinary", boolean},
};
constexpr KeyRule approvals_keys[] = {
    {"name_refusals", boolean},
    {"shrunk_by", integer, optional, 1, 100},
    {"confirmations", integer, optional, 1, 100},
    {"rounding", word, optional, 0, 0, "date|hours|minutes"},
    {"work_hours", texts, optional, 1, 4},
    {"yellow_days", integer, optional, 0, 30},
    {"forwarded_stops", boolean},
    {"stage_warns", boolean},
    {"notify_days", integer, optional, 1, 30},
    {"red_card_days", integer, optional, 0, 60},
    {"stop_red_days", integer, optional, 0, 60},
};
constexpr KeyRule act(std::string_view key) {
  return {key, word, optional, 0, 0, acts};
}
constexpr KeyRule keys_keys[] = {act("call"), act("recall"),   act("start"), act("finish"),   act("no_show"),
                                 act("hold"), act("transfer"), act("pause"), act("evaluate"), act("help")};
constexpr KeyRule signs_keys[] = {
    {"rest", word, optional, 0, 0, "number|blank"},
    {"rest_after_s", integer, optional, 2, 60},
    {"brightness", integer, optional, 1, 100},
};
constexpr KeyRule group_keys[] = {id, name};
constexpr KeyRule department_keys[] = {id, {"group", word, required}, name, {"phone", text, optional, 0, 40}};
constexpr KeyRule matter_keys[] = {
    {"code", word, required},
    {"department", word, required},
    name,
    {"short_name", text, optional, 0, 32},
    {"service", word, required},
    {"promised_limit", text, optional, 0, 60},
    {"statutory_limit", text, optional, 0, 60},
    {"fee", text, optional, 0, 120},
    {"guide_url", text, optional, 8, 1024},
    {"stages", texts, optional, 1, 8},
    {"sample_forms", texts, optional, 1, 16},
    {"modes", words, optional, 1, 9, modes},
};
constexpr KeyRule hotline_keys[] = {
    {"number", text, required, 1, 40},
    {"label_zh", text, required, 1, 60},
    {"label_en", text, required, 1, 60},
};
constexpr KeyRule agency_keys[] = {
    id,
    name,
    {"licence", text, required, 1, 60},
    {"promised_limit", text, required, 1, 60},
};
constexpr KeyRule staff_keys[] = {
    {"staff_no", word, required},     {"name", text, optional, 1, 60},       {"title", text, required, 1, 60},
    {"unit", text, optional, 1, 120}, {"photo_ref", text, optional, 1, 255},
};
constexpr KeyRule notice_keys[] = {
    id,
    {"title", text, required, 1, 120},
    {"text", text, required, 1, 2000},
    {"unit", text, optional, 1, 120},
    {"from", text, optional, 10, 10},
    {"until", text, optional, 10, 10},
};
constexpr KeyRule kiosk_keys[] = {
    id, name, {"zone", word, required}, {"printer", word}, {"other_printer", word}};
constexpr KeyRule printer_keys[] = {id,
                                    {"profile", word, required},
                                    {"zone", word},
                                    must(link),
                                    baud,
                                    parity,
                                    {"flow", word, optional, 0, 0, flows},
                                    {"ticket", word},
                                    {"tickets_when_low", integer, optional, 1, 2000},
                                    {"retract_after_s", integer, optional, 5, 600}};
constexpr KeyRule paper_keys[] = {
    {"ticket", word},
    {"notice", word},
    {"checkpoint", word},
    {"self_test", word},
    {"link", text, optional, 8, 200},
    {"complaint_phone", text, optional, 0, 40},
    {"copied_by", boolean},
    {"fonts", texts, optional, 0, 16},
};
constexpr KeyRule bus_keys[] = {
    id,
    {"port", text, required, 2, 255},
    baud,
    parity,
    {"gap_us", integer, optional, 500, 100'000},
    {"turnaround_ms", integer, optional, 1, 5000},
    {"late_ms", integer, optional, 10, 2000},
    {"direction", word, optional, 0, 0, "auto|adapter"},
    {"dialect", word},
};
constexpr KeyRule unit_keys[] = {
    id, {"profile", word, required}, must(bus), must(address), {"window", word, required}};
constexpr KeyRule feed_keys[] = {
    id,
    {"mapping", word, required},
    {"url", text, optional, 8, 1024},
    {"drop_dir", text, optional, 1, 255},
    {"take", words, optional, 0, 8, "cases|matters|staff|alerts|bids|notices|calendar|appointments"},
    {"token_file", text, optional, 1, 255},
    {"app_id", text, optional, 0, 64},
    {"ca_file", text, optional, 1, 255},
    {"client_cert_file", text, optional, 1, 255},
    {"client_key_file", text, optional, 1, 255},
    {"allow_insecure", boolean},
    {"bind", text, optional, 0, 64},
    {"proxy", text, optional, 0, 255},
    {"proxy_file", text, optional, 1, 255},
    {"area_code", text, optional, 0, 32},
    {"interval_s", integer, optional, 5, 86'400},
    {"max_age_s", integer, optional, 10, 604'800},
    {"expire_after_s", integer, optional, 10, 2'592'000},
    {"memory_mb", integer, optional, 32, 1024},
    {"total_s", integer, optional, 5, 600},
};
constexpr KeyRule outbox_keys[] = {
    id,
    {"what", word, required, 0, 0, "queue_events|ratings"},
    {"url", text, required, 8, 1024},
    {"node", word, required},
    {"auth", word, optional, 0, 0, "none|header|bearer|hmac-sha256|hmac-sm3|sorted-md5"},
    {"auth_header", word},
    {"login", word},
    {"app_id", text, optional, 1, 64},
    {"token_file", text, optional, 1, 255},
    {"ca_file", text, optional, 1, 255},
    {"client_cert_file", text, optional, 1, 255},
    {"client_key_file", text, optional, 1, 255},
    {"bind", text, optional, 0, 64},
    {"proxy", text, optional, 0, 255},
    {"proxy_file", text, optional, 1, 255},
    {"allow_insecure", boolean},
    {"interval_s", integer, optional, 1, 3600},
};
constexpr KeyRule grade(std::string_view key) {
  return {key, text, required, 1, 16};
}
constexpr KeyRule grades_keys[] = {grade("very_good"), grade("good"), grade("fair"), grade("poor"),
                                   grade("very_poor")};
constexpr KeyRule export_keys[] = {
    {"dir", text, required, 1, 255},
    {"interval_s", integer, optional, 10, 86'400},
};
constexpr KeyRule board_pages{
    "pages", words, optional,
    1,       16,    "cases|totals|windows|notices|openings|room|results|hotlines|door|calls|texts"};
constexpr KeyRule board_keys[] = {id,
                                  protocol,
                                  {"profile", word},
                                  {"zone", word},
                                  {"window", word},
                                  link,
                                  baud,
                                  parity,
                                  bus,
                                  {"address", integer, optional, 0, 247},
                                  {"rows", integer, optional, 1, 16},
                                  {"width", integer, optional, 16, 4096},
                                  {"height", integer, optional, 16, 4096},
                                  {"colour", word, optional, 0, 0, "single|dual|full"},
                                  {"universe", integer, optional, 1, 63'999},
                                  {"order", word, optional, 0, 0, "rgb|bgr"},
                                  {"group", word},
                                  {"room", text, optional, 1, 80},
                                  board_pages,
                                  {"size", integer, optional, 16, 48, "16|24|32|48"},
                                  {"dwell_s", integer, optional, 2, 120},
                                  {"call_keep_s", integer, optional, 10, 7200},
                                  {"scroll_speed", integer, optional, 8, 400},
                                  {"roll", boolean},
                                  {"text", text, optional, 1, 200},
                                  {"at_end", word, optional, 0, 0, "text|dark"},
                                  {"brightness", integer, optional, 0, 100},
                                  {"brightness_at", texts, optional, 1, 48},
                                  {"on_spans", texts, optional, 1, 8}};
constexpr KeyRule board_part_keys[] = {{"x", integer, required, 0, 4095},
                                       {"y", integer, required, 0, 4095},
                                       {"width", integer, required, 16, 4096},
                                       {"height", integer, required, 16, 4096},
                                       must(board_pages)};
constexpr KeyRule panel_keys[] = {id,
                                  {"protocol", word, required, 0, 0, "lobby_panel"},
                                  must(bus),
                                  must(address),
                                  {"kiosk", word, required},
                                  {"buttons", words, required, 1, 8}};
constexpr KeyRule recorder_keys[] = {id,
                                     {"protocol", word, required, 0, 0, "motion|onvif|isapi|dahua"},
                                     {"url", text, required, 8, 1024},
                                     {"stream_url", text, optional, 8, 1024},
                                     {"user", text, optional, 1, 64},
                                     {"password_file", text, optional, 1, 255},
                                     {"channel", integer, optional, 1, 4096},
                                     {"movie_dir", text, optional, 1, 255},
                                     {"movie_prefix", text, optional, 1, 64},
                                     {"recording", text, optional, 1, 64},
                                     {"profile", text, optional, 1, 64},
                                     {"job", text, optional, 1, 64},
                                     {"method", word, optional, 0, 0, "post|put"},
                                     {"local_times", boolean},
                                     {"zone_min", integer, optional, -840, 840}};
constexpr KeyRule room_keys[] = {id,
                                 name,
                                 {"kind", word, required, 0, 0, "opening|evaluation"},
                                 {"policy", word, optional, 0, 0, "block|warn"},
                                 {"cameras", words, required, 1, 32}};
constexpr KeyRule witness_keys[] = {
    {"probe_s", integer, optional, 1, 10},          {"probe_within_s", integer, optional, 1, 5},
    {"lost_after_s", integer, optional, 3, 60},     {"arm_within_s", integer, optional, 1, 30},
    {"verify_within_s", integer, optional, 2, 120}, {"stop_within_s", integer, optional, 5, 300},
    {"preflight_min", integer, optional, 1, 120},   {"clock_tolerance_s", integer, optional, 1, 300},
    {"digest", word, optional, 0, 0, "sha256|sm3"}};
constexpr KeyRule sign_keys[] = {
    id, {"profile", word, required}, {"window", word, required}, link, baud, parity, bus, address};
constexpr KeyRule keypad_keys[] = {
    id,     {"protocol", word, required, 0, 0, "ff68"}, {"window", word, required}, link, baud, parity, bus,
    address};
constexpr KeyRule pad_keys[] = {
    id, {"profile", word, required}, {"window", word, required}, link, baud, parity, bus, address};
constexpr KeyRule reader_keys[] = {id,
                                   {"protocol", word, required, 0, 0, "id_card|qr_code"},
                                   {"kiosk", word, required},
                                   must(link),
                                   baud,
                                   parity,
                                   {"elderly_at", integer, optional, 50, 100}};
constexpr KeyRule voice_keys[] = {id, {"protocol", word}, {"zone", word, required}};
constexpr KeyRule relay_keys[] = {id, protocol, {"zone", word}, link, baud, parity, bus, address};

constexpr SectionRule section_rules[] = {
    {"[[zone]]", "zone", 64, zone_keys},
    {"[[service]]", "service", 512, service_keys},
    {"slots = {…}", "service.slots", 1, slots_keys, SectionShape::table},
    {"[[window]]", "window", 1024, window_keys},
    {"[lanes]", "lanes", 1, lanes_keys, SectionShape::table},
    {"[[profiles]]", "profiles", 64, profiles_keys},
    {"[[profiles.when]]", "profiles.when", 16, when_keys},
    {"[[profiles.round]]", "profiles.round", 16, round_keys},
    {"[rules]", "rules", 1, rules_keys, SectionShape::table},
    {"[approvals]", "approvals", 1, approvals_keys, SectionShape::table},
    {"[keys]", "keys", 1, keys_keys, SectionShape::table},
    {"[paper]", "paper", 1, paper_keys, SectionShape::table},
    {"[signs]", "signs", 1, signs_keys, SectionShape::table},
    {"[catalogue]", "catalogue", 1, {}, SectionShape::table},
    {"[[catalogue.groups]]", "catalogue.groups", 32, group_keys},
    {"[[catalogue.departments]]", "catalogue.departments", 256, department_keys},
    {"[[catalogue.matters]]", "catalogue.matters", 4096, matter_keys},
    {"[[hotlines]]", "hotlines", 16, hotline_keys},
    {"[[agency]]", "agency", 512, agency_keys},
    {"[[staff]]", "staff", 1024, staff_keys},
    {"[[notice]]", "notice", 64, notice_keys},
    {"[[kiosk]]", "kiosk", 128, kiosk_keys},
    {"[[printer]]", "printer", 128, printer_keys},
    {"[[bus]]", "bus", 32, bus_keys},
    {"[[unit]]", "unit", 1024, unit_keys},
    {"[[feed]]", "feed", 16, feed_keys},
    {"[[outbox]]", "outbox", 16, outbox_keys},
    {"[outbox.grades]", "outbox.grades", 1, grades_keys, SectionShape::table},
    {"[export]", "export", 1, export_keys, SectionShape::table},
    {"[[board]]", "board", 1024, board_keys},
    {"[[board.part]]", "board.part", 16, board_part_keys},
    {"[[panel]]", "panel", 128, panel_keys},
    {"[[recorder]]", "recorder", 256, recorder_keys},
    {"[[room]]", "room", 64, room_keys},
    {"[witness]", "witness", 1, witness_keys, SectionShape::table},
    {"[[sign]]", "sign", 1024, sign_keys},
    {"[[keypad]]", "keypad", 1024, keypad_keys},
    {"[[pad]]", "pad", 1024, pad_keys},
    {"[[reader]]", "reader", 128, reader_keys},
    {"[[voice]]", "voice", 64, voice_keys},
    {"[[relay]]", "relay", 128, relay_keys},
};

constexpr KeyRule printer_profile_keys[] = {
    {"schema", integer, required, 1, 1},
    {"title", text, required, 1, 120},
    {"columns", integer, required, 24, 64},
    {"dots", integer, optional, 288, 832},
    {"mm_per_s", integer, optional, 0, 500},
    {"cut_ms", integer, optional, 0, 5000},
    {"init", bytes, optional, 0, 64},
    {"cut", bytes, required, 1, 16},
    {"present", bytes, optional, 0, 16},
    {"retract", bytes, optional, 0, 16},
    {"font", word, optional, 0, 0, "gb2312|gbk|gb18030|gb18030_b"},
    {"rare", word, optional, 0, 0, "in_place|line"},
    {"qr", word, optional, 0, 0, "native|raster"},
    {"qr_module", integer, optional, 1, 16},
    {"qr_max_bytes", integer, optional, 1, printer::Profile::qr_greatest_bytes},
    {"raster", word, optional, 0, 0, "gs_v_0|gs_8_l"},
    {"status", word, optional, 0, 0, "none|dle_eot|epson|snbc_t080aii|snbc_bk_c310|snbc_byte|custom_full"},
    {"status_on", bytes, optional, 0, 16},
    {"status_ask", bytes, optional, 0, 16},
    {"identifies", boolean},
    {"presenter", word, optional, 0, 0, "none|sensor"},
    {"confirm", word, optional, 0, 0, "none|process_id|in_order_status|esc_v"},
    {"paper_out", word, optional, 0, 0, "resume|clear|enq_2"},
};
constexpr KeyRule unit_profile_keys[] = {
    {"schema", integer, required, 1, 1},
    {"title", text, required, 1, 120},
    {"protocol", word, required, 0, 0, "window_unit"},
    {"map_version", integer, required, 1, 1},
};

constexpr KeyRule sign_profile_keys[] = {
    {"schema", integer, required, 1, 1},
    {"title", text, required, 1, 120},
    {"dialect", word, required},
    {"frame", texts, optional, 1, 24},
    {"registers", word, optional, 0, 0, "digits|number|number24|text"},
    {"start", integer, optional, 0, 65'535},
    {"one_by_one", boolean},
    {"readable", boolean},
    {"brightness_register", integer, optional, 0, 65'535},
    {"brightness", integer, optional, 0, 65'535},
    {"text", word, optional, 0, 0, "plain|attributed|zero_after|nibbles"},
    {"attribute", integer, optional, 0, 254},
    {"ascii_only", boolean},
    {"columns", integer, optional, 1, 64},
    {"digits", integer, optional, 1, 8},
    {"fill_columns", boolean},
    {"text_bytes", integer, optional, 1, 240},
    {"pages", integer, optional, 1, 8},
    {"checksum_from", integer, optional, 0, 255},
    {"pause_ms", integer, optional, 0, 5000},
};

constexpr KeyRule pad_profile_keys[] = {
    {"schema", integer, required, 1, 1},
    {"title", text, required, 1, 120},
    {"protocol", word, required, 0, 0, "ff68"},
    {"scores", words, required, 2, 10, scores},
};

constexpr KeyRule ticket_template_keys[] = {
    {"schema", integer, required, 1, 1},
    {"title", text, required, 1, 120},
    {"kind", word, required, 0, 0, "ticket|notice|checkpoint|self_test"},
};
constexpr KeyRule ticket_line_keys[] = {
    {"text", text, optional, 0, 400},
    {"en", text, optional, 1, 400},
    {"rule", text, optional, 1, 4},
    {"qr", text, optional, 1, 400},
    {"when", word},
    {"align", word, optional, 0, 0, "left|centre|right"},
    {"scale", integer, optional, 1, 8},
    {"bold", boolean},
    {"module", integer, optional, 3, 12},
};

constexpr SectionRule top_rule{"", "", 1, top_keys};
constexpr SectionRule hours_rule{"[hours.NAME]", "hours", 64, hours_keys};
constexpr SectionRule printer_profile_rule{"a printer profile", "", 1, printer_profile_keys};
constexpr SectionRule unit_profile_rule{"a unit profile", "", 1, unit_profile_keys};
constexpr SectionRule sign_profile_rule{"a sign profile", "", 1, sign_profile_keys};
constexpr SectionRule pad_profile_rule{"a pad profile", "", 1, pad_profile_keys};
constexpr SectionRule ticket_template_rule{"a ticket template", "", 1, ticket_template_keys};
constexpr SectionRule ticket_line_rule{"[[line]]", "line", 64, ticket_line_keys};

}  // namespace

const SectionRule& top_level() {
  return top_rule;
}
std::span<const SectionRule> sections() {
  return section_rules;
}
const SectionRule& hours_section() {
  return hours_rule;
}
const SectionRule& printer_profile() {
  return printer_profile_rule;
}
const SectionRule& unit_profile() {
  return unit_profile_rule;
}
const SectionRule& sign_profile() {
  return sign_profile_rule;
}
const SectionRule& pad_profile() {
  return pad_profile_rule;
}
const SectionRule& ticket_template() {
  return ticket_template_rule;
}
const SectionRule& ticket_line() {
  return ticket_line_rule;
}

}  // namespace lobby::app
