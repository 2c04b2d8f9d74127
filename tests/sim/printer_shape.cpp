#include "tests/sim/printer_shape.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string_view>
#include <utility>

namespace lobby::sim {
namespace {

template <class Value>
void read_word(const toml::table& file, std::string_view key,
               std::initializer_list<std::pair<std::string_view, Value>> words, Value& into) {
  const std::string given = file[key].value_or(std::string());
  for (const auto& [word, value] : words) {
    into = word == given ? value : into;
  }
}

void read_bytes(const toml::table& file, std::string_view key, std::vector<std::uint8_t>& into) {
  const toml::array* const list = file[key].as_array();
  if (list == nullptr) {
    return;
  }
  into.clear();
  for (const toml::node& byte : *list) {
    into.push_back(static_cast<std::uint8_t>(byte.value_or(0) & 0xFF));
  }
}

void read_status(const toml::table& file, PrinterDialect& dialect) {
  using Status = PrinterDialect::Status;
  if (const auto old = file["status"].value<bool>()) {
    dialect.status = *old ? Status::epson : Status::none;
  }
  read_word<Status>(file, "status",
                    {{"none", Status::none},
                     {"dle_eot", Status::dle_eot},
                     {"epson", Status::epson},
                     {"snbc_t080aii", Status::snbc_t080aii},
                     {"snbc_bk_c310", Status::snbc_bk_c310},
                     {"snbc_byte", Status::snbc_byte},
                     {"custom_full", Status::custom_full}},
                    dialect.status);
  dialect.recovers = dialect.status == Status::dle_eot || dialect.status == Status::epson ||
                     dialect.status == Status::snbc_t080aii;
}

void read_dialect(const toml::table& file, PrinterDialect& dialect) {
  using Confirm = PrinterDialect::Confirm;
  using Font = PrinterDialect::Font;
  read_status(file, dialect);
  read_word<Confirm>(file, "confirm",
                     {{"none", Confirm::none},
                      {"esc_v", Confirm::esc_v},
                      {"in_order_status", Confirm::in_order_status},
                      {"process_id", Confirm::process_id}},
                     dialect.confirm);
  read_word<Font>(file, "font",
                  {{"gb2312", Font::gb2312},
                   {"gbk", Font::gbk},
                   {"gb18030", Font::gb18030},
                   {"gb18030_b", Font::gb18030_b}},
                  dialect.font);
  read_word<bool>(file, "presenter", {{"none", false}, {"sensor", true}}, dialect.presenter);
  // A printer with process ids is of Epson's kind and clears by fn 8, unless the file says what it does.
  dialect.clears = dialect.confirm == Confirm::process_id;
  read_word<bool>(file, "paper_out", {{"resume", false}, {"clear", true}, {"enq_2", false}}, dialect.clears);
  read_word<bool>(file, "paper_out", {{"enq_2", true}}, dialect.recovers);
  read_word<bool>(file, "qr", {{"native", true}, {"raster", false}}, dialect.draws_symbols);
  read_word<bool>(file, "rare", {{"in_place", true}, {"line", false}}, dialect.mixes_bit_images);
  dialect.identifies = file["identifies"].value_or(dialect.identifies);
  read_bytes(file, "status_on", dialect.status_on);
  read_bytes(file, "status_ask", dialect.status_ask);
  read_bytes(file, "present", dialect.present);
  read_bytes(file, "retract", dialect.retract);
}

}  // namespace

PrinterShape parse_printer_shape(const std::string& text, PrinterShape base) {
  toml::table file;
  try {
    file = toml::parse(text);
  } catch (const toml::parse_error&) {
    return base;
  }
  base.dots = file["dots"].value_or(file["columns"].value_or(base.dots / 12) * 12);
  const int speed = file["mm_per_s"].value_or(0);
  base.dots_per_second = speed > 0 ? speed * 8 : base.dots_per_second;
  const int knife = file["cut_ms"].value_or(0);
  base.cut_time = knife > 0 ? milliseconds(knife) : base.cut_time;
  read_dialect(file, base.dialect);
  return base;
}

PrinterShape read_printer_shape(const std::string& path, PrinterShape base) {
  std::ifstream file(path);
  if (!file) {
    return base;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return parse_printer_shape(text.str(), std::move(base));
}

}  // namespace lobby::sim
