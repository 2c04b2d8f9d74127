#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <utility>

#include "daemon/app/site_reader.hpp"
#include "drivers/printer/raster.hpp"

namespace lobby::app {
namespace {

using printer::Profile;
using printer::escpos::Bytes;
using printer::escpos::has_real_time;

/// The schema lets no other word through.
template <class Value>
void read_word(const toml::table& root, std::string_view key,
               std::initializer_list<std::pair<std::string_view, Value>> words, Value& into) {
  const auto given = get_text(root, key);
  for (const auto& [word, value] : words) {
    into = word == given ? value : into;
  }
}

Bytes read_bytes(const toml::table& root, std::string_view key) {
  Bytes out;
  for (const auto* byte : get_elements(root, key)) {
    out.push_back(static_cast<std::uint8_t>(byte->as_integer()->get()));
  }
  return out;
}

void read_paper(const toml::table& root, Profile& profile) {
  const auto number = [&root](std::string_view key, int fallback) {
    return static_cast<int>(get_integer(root, key, fallback));
  };
  profile.columns = number("columns", profile.columns);
  profile.dots = number("dots", profile.columns * 12);
  profile.mm_per_s = number("mm_per_s", profile.mm_per_s);
  profile.cut_ms = number("cut_ms", profile.cut_ms);
  profile.qr_module = number("qr_module", profile.qr_module);
  profile.qr_max_bytes = number("qr_max_bytes", profile.qr_max_bytes);
  profile.init = read_bytes(root, "init");
  profile.cut = read_bytes(root, "cut");
  profile.present = read_bytes(root, "present");
  profile.retract = read_bytes(root, "retract");
  profile.status_on = read_bytes(root, "status_on");
  profile.status_ask = read_bytes(root, "status_ask");
  profile.identifies = get_boolean(root, "identifies", profile.identifies);
}

void read_words(const toml::table& root, Profile& profile) {
  using Font = Profile::Font;
  using Status = Profile::Status;
  using Confirm = Profile::Confirm;
  using PaperOut = Profile::PaperOut;
  read_word<Font>(root, "font",
                  {{"gb2312", Font::gb2312},
                   {"gbk", Font::gbk},
                   {"gb18030", Font::gb18030},
                   {"gb18030_b", Font::gb18030_b}},
                  profile.font);
  read_word<Profile::Rare>(
      root, "rare", {{"in_place", Profile::Rare::in_place}, {"line", Profile::Rare::line}}, profile.rare);
  read_word<Profile::QrBy>(root, "qr", {{"native", Profile::QrBy::native}, {"raster", Profile::QrBy::raster}},
                           profile.qr);
  read_word<Profile::Raster>(root, "raster",
                             {{"gs_v_0", Profile::Raster::gs_v_0}, {"gs_8_l", Profile::Raster::gs_8_l}},
                             profile.raster);
  read_word<Status>(root, "status",
                    {{"none", Status::none},
                     {"dle_eot", Status::dle_eot},
                     {"epson", Status::epson},
                     {"snbc_t080aii", Status::snbc_t080aii},
                     {"snbc_bk_c310", Status::snbc_bk_c310},
                     {"snbc_byte", Status::snbc_byte},
                     {"custom_full", Status::custom_full}},
                    profile.status);
  read_word<Profile::Presenter>(root, "presenter",
                                {{"none", Profile::Presenter::none}, {"sensor", Profile::Presenter::sensor}},
                                profile.presenter);
  read_word<Confirm>(root, "confirm",
                     {{"none", Confirm::none},
                      {"process_id", Confirm::process_id},
                      {"in_order_status", Confirm::in_order_status},
                      {"esc_v", Confirm::esc_v}},
                     profile.confirm);
  read_word<PaperOut>(root, "paper_out",
                      {{"resume", PaperOut::resume}, {"clear", PaperOut::clear}, {"enq_2", PaperOut::enq_2}},
                      profile.paper_out);
}

/// What one key says against another. Points at the key that has to go.
class Contradictions {
 public:
  Contradictions(const TomlFile& file, const Profile& profile)
      : file_(file), root_(file.root()), profile_(profile) {}

  void check() const {
    check_width();
    check_commands();
    check_symbols();
    check_status();
    check_outlet();
    check_alike();
    check_proof();
  }

 private:
  [[noreturn]] void fail(std::string_view key, std::string_view sentence) const {
    file_.fail(at(root_, key), sentence);
  }
  std::string status_word() const { return in_quotes(get_text(root_, "status", "dle_eot")); }
  bool is_status(std::initializer_list<Profile::Status> any) const {
    return std::find(any.begin(), any.end(), profile_.status) != any.end();
  }

  void check_width() const {
    if (profile_.columns * 12 > profile_.dots) {
      fail(has(root_, "dots") ? "dots" : "columns",
           fmt::format("{} columns of 12 dots are wider than {} dots: make \"columns\" at most {}",
                       profile_.columns, profile_.dots, profile_.dots / 12));
    }
  }

  /// 10 04, 10 05 and 10 14 act at once, also inside another command and across two of them.
  void check_commands() const {
    Bytes before{0x1C, 0x26};
    for (const auto& [key, bytes] :
         {std::pair{"init", &profile_.init}, std::pair{"cut", &profile_.cut},
          std::pair{"present", &profile_.present}, std::pair{"retract", &profile_.retract},
          std::pair{"status_on", &profile_.status_on}}) {
      before.erase(before.begin(), before.end() - 1);
      before.insert(before.end(), bytes->begin(), bytes->end());
      if (has_real_time(before)) {
        fail(key, fmt::format("{} makes 10 04, 10 05 or 10 14, which a printer executes at once wherever it "
                              "stands: choose other parameters",
                              in_quotes(key)));
      }
    }
    check_chinese();
    const auto& cut = profile_.cut;
    const auto cuts_now = [](std::uint8_t m) { return m == 0x00 || m == 0x01 || m == 0x30 || m == 0x31; };
    if (cut.size() == 3 && cut[0] == 0x1D && cut[1] == 0x56 && cuts_now(cut[2])) {
      fail("cut",
           "this cuts without a feed, through the last lines, which are between head and knife: write "
           "[0x1D, 0x56, 0x42, 0x00], or feed first");
    }
  }

  void check_chinese() const {
    const auto find_last = [&](std::uint8_t first, std::uint8_t second) {
      const std::uint8_t command[] = {first, second};
      const auto& init = profile_.init;
      const auto found = std::find_end(init.begin(), init.end(), std::begin(command), std::end(command));
      return found == init.end() ? std::ptrdiff_t{-1} : found - init.begin();
    };
    if (std::max(find_last(0x1B, 0x40), find_last(0x1C, 0x2E)) > find_last(0x1C, 0x26)) {
      fail("init",
           "ESC @ and FS . leave the Chinese mode, and the text becomes garbage: take them out, or write "
           "0x1C, 0x26 behind them");
    }
  }

  void check_symbols() const {
    if (profile_.qr == Profile::QrBy::raster && has(root_, "qr_max_bytes")) {
      fail("qr_max_bytes",
           "\"qr_max_bytes\" is of the printer's own symbols, but qr = \"raster\": take one of the two out");
    }
  }

  void check_status() const {
    using Status = Profile::Status;
    if (is_status({Status::none, Status::dle_eot})) {
      for (const auto* key : {"status_on", "status_ask"}) {
        if (!get_elements(root_, key).empty()) {
          fail(key,
               fmt::format("nothing would read the answer, because status = {} has no frame: take {} out, "
                           "or say in \"status\" what comes back",
                           status_word(), in_quotes(key)));
        }
      }
    }
  }

  /// Of an automatic status that lost its first byte the rest looks like the answer to GS r 1.
  void check_alike() const {
    using Confirm = Profile::Confirm;
    const bool is_alike = profile_.confirm == Confirm::in_order_status || profile_.confirm == Confirm::esc_v;
    if (is_alike && is_status({Profile::Status::epson, Profile::Status::snbc_t080aii}) &&
        !profile_.status_on.empty()) {
      fail("status_on",
           "a piece of what it reports by itself looks like the proof that a ticket came out: take "
           "\"status_on\" "
           "out, the printer is asked");
    }
  }

  void check_outlet() const {
    using Status = Profile::Status;
    const bool is_told = is_status({Status::snbc_t080aii, Status::snbc_bk_c310, Status::custom_full});
    if (profile_.presenter == Profile::Presenter::sensor && !is_told) {
      fail("presenter", fmt::format("status = {} does not tell whether a ticket is in the outlet: write "
                                    "presenter = \"none\"",
                                    status_word()));
    }
    if (!profile_.retract.empty() && profile_.presenter == Profile::Presenter::none) {
      fail("retract",
           "without a sensor nobody knows whether there is a ticket to take back: take \"retract\" out, or "
           "write presenter = \"sensor\"");
    }
  }

  /// What a fence is answered with must not look like what the printer says of itself. Process ids never do.
  void check_proof() const {
    using Status = Profile::Status;
    using Confirm = Profile::Confirm;
    const bool is_one_byte =
        profile_.confirm == Confirm::in_order_status || profile_.confirm == Confirm::esc_v;
    if (is_one_byte && is_status({Status::snbc_bk_c310, Status::snbc_byte})) {
      fail("confirm", fmt::format("the one byte that is the answer cannot be told from those of status = {}: "
                                  "write confirm = \"none\"",
                                  status_word()));
    }
    if (profile_.paper_out != Profile::PaperOut::resume && profile_.status == Status::none) {
      fail("paper_out",
           "with status = \"none\" nobody hears that the paper is out: write paper_out = \"resume\"");
    }
  }

  const TomlFile& file_;
  const toml::table& root_;
  const Profile& profile_;
};

}  // namespace

Profile read_printer_profile(const std::string& path) {
  const auto file = TomlFile::read(path);
  const auto& root = file.root();
  check_keys(file, root, printer_profile());
  Profile profile;
  profile.name = std::filesystem::path(path).stem().string();
  read_paper(root, profile);
  read_words(root, profile);
  Contradictions(file, profile).check();
  return profile;
}

}  // namespace lobby::app
