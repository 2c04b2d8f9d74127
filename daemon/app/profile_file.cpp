#include "daemon/app/site_reader.hpp"

namespace lobby::app {

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
