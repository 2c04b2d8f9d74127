#include <fmt/format.h>

#include <filesystem>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

using Confirm = printer::Profile::Confirm;
using Font = printer::Profile::Font;

Confirm confirm_of(std::string_view word) {
  if (word == "process_id") {
    return Confirm::process_id;
  }
  return word == "in_order_status" ? Confirm::in_order_status : Confirm::none;
}

Font font_of(std::string_view word) {
  if (word == "gb2312") {
    return Font::gb2312;
  }
  return word == "gbk" ? Font::gbk : Font::gb18030;
}

}  // namespace

printer::Profile read_printer_profile(const std::string& path) {
  const auto file = TomlFile::read(path);
  const auto& root = file.root();
  check_keys(file, root, printer_profile());
  printer::Profile profile;
  profile.name = std::filesystem::path(path).stem().string();
  profile.columns = static_cast<int>(get_integer(root, "columns", profile.columns));
  for (const auto* byte : get_elements(root, "cut")) {
    profile.cut.push_back(static_cast<std::uint8_t>(byte->as_integer()->get()));
  }
  profile.confirm = confirm_of(get_text(root, "confirm", "none"));
  profile.font = font_of(get_text(root, "font", "gb18030"));
  profile.status =
      get_boolean(root, "status", true) ? printer::Profile::Status::dle_eot : printer::Profile::Status::none;
  return profile;
}

void check_unit_profile(const std::string& path) {
  const auto file = TomlFile::read(path);
  check_keys(file, file.root(), unit_profile());
}

std::vector<hall::Score> read_pad_profile(const std::string& path) {
  const auto file = TomlFile::read(path);
  check_keys(file, file.root(), pad_profile());
  std::vector<hall::Score> scores;
  for (const auto* word : get_elements(file.root(), "scores")) {
    scores.push_back(*hall::parse_word<hall::Score>(text_of(*word)));
  }
  return scores;
}

}  // namespace lobby::app
